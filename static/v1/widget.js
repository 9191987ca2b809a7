// The first script of every page of the widget: talks with the host's page and makes the form handier.
// Everything works without it. What only a second look needs (work.js, repair.js, files.js,
// picker.js) loads when it is needed, so that the form is quickly there.

const $ = (query, at = document) => at.querySelector(query);
const all = (query, at = document) => [...at.querySelectorAll(query)];
const make = (tag, name, ...inside) => {
  const made = document.createElement(tag);
  made.className = name;
  made.append(...inside.filter(Boolean));
  return made;
};
const icon = (name) => {
  if (name == "bad") draw(name, "M10 2.8a7.2 7.2 0 1 0 0 14.4 7.2 7.2 0 1 0 0-14.4M10 6.3v4.4M10 13.6v.1");
  const made = $("svg.i").cloneNode(true);
  made.firstChild.setAttribute("href", "#" + name);
  return made;
};

const kh = JSON.parse($("#kh").textContent);
const form = $("form.in");
const framed = parent != self;
const state = { dirty: false, settled: kh.kind == "connected" };

// One exact target at a time, never "*": any page that frames us would hear the connection's id.
const host = location.ancestorOrigins?.[0];
const hosts = kh.origins.includes(host) ? [host] : kh.origins;
const tell = (type, more) => {
  if (framed) for (const origin of hosts) parent.postMessage({ v: 1, type, ...more }, origin);
};
const exit = (reason) => tell("exit", { reason });

// An icon that only scripts show, or that the page has not brought along.
const draw = (name, path) => {
  if ($("#" + name)) return;
  const made = $("symbol").cloneNode(true);
  made.id = name;
  made.firstChild.setAttribute("d", path);
  $("symbol").after(made);
};

// The place where a form says what went wrong; work.js adds links to the fields.
const summary = ([title, text], look = "bad") => {
  const place = $(".summary", form);
  place.className = "summary " + look;
  place.replaceChildren(icon(look == "ok" ? look : "bad"), make("h2", "", title), make("p", "", text));
  place.hidden = false;
  return place;
};

const tools = { $, all, make, icon, draw, kh, form, framed, state, tell, exit, summary };
const { parts } = kh;
const loaded = {};
const once = (name, load) =>
  (loaded[name] ??= load(parts[name]).catch((error) => {
    // A browser may remember that an address failed: the next try gets another one.
    parts[name] += "&";
    delete loaded[name];
    throw error;
  }));
// What the parts say is one file for everybody who reads the language; the names in it are ours.
const words = async (address) => {
  const answer = await fetch(address);
  if (!answer.ok) throw answer;
  const named = (text) => text.replace(/\{(app|host)\}/g, (mark, name) => kh.given[name]);
  const said = JSON.parse(await answer.text(), (key, value) => (value.trim ? named(value) : value));
  Object.assign(kh.say, said);
};
const part = (name) => {
  if (parts.more) {
    // A copy keeps the nonce that the page's policy asks for.
    const style = $("link").cloneNode();
    style.href = parts.more;
    document.head.append(style);
    delete parts.more;
  }
  return once(name, async (address) => {
    const [module] = await Promise.all([import(address), parts.words && once("words", words)]);
    return module.default(tools);
  });
};

const close = () => {
  if (state.settled || !state.dirty) return exit(state.settled ? "done" : "closed");
  part("work").then((work) => work.leave(), () => exit("closed"));
};

// Fields that count only with another field's value.
const fold = () => {
  for (const field of all("[data-when]", form)) {
    const other = $("#f-" + field.dataset.when);
    const value = other.type == "checkbox" ? String(other.checked) : other.value;
    const wanted = JSON.parse(field.dataset.is ?? "[]");
    const unmet = wanted.length ? !wanted.includes(value) : !value || value == "false";
    field.hidden = unmet || !!other.closest("[data-when][hidden]");
  }
};

const reveal = (button) => {
  const input = $("input", button.parentNode);
  const shown = input.type == "text";
  input.type = shown ? "password" : "text";
  $("span", button).textContent = shown ? kh.say.show : kh.say.hide;
};
// A page brings no button that only a script can make work.
const eye = (input) => {
  const button = make("button", "", icon("eye"), make("span", "", kh.say.show));
  const [label] = input.labels;
  label.id = input.id + "-l";
  button.type = "button";
  button.dataset.show = "";
  button.setAttribute("aria-describedby", label.id);
  button.onclick = () => reveal(button);
  input.after(button);
};

let native = false;
// Where our script is blocked the browser posts the form itself; where the server is away the form
// must not go.
const unable = (presser) =>
  fetch(parts.work).then(
    () => {
      native = true;
      form.requestSubmit(presser);
    },
    () => summary(kh.say.away, "warn").focus(),
  );

if (parts.repair) {
  form.noValidate = true;
  form.addEventListener("submit", (event) => {
    const presser = event.submitter;
    if (native || !/^(connect|test)$/.test(presser?.value) || presser.name != "kh_do") return;
    event.preventDefault();
    part("work").then((work) => work.submit(presser), () => unable(presser));
  });
  form.addEventListener("input", ({ target }) => {
    state.dirty = true;
    all(".note", target.closest(".field")).forEach((note) => note.remove());
    fold();
    part("work").catch(() => {});
  });
  form.addEventListener("paste", ({ target }) => {
    part("repair").then((mend) => setTimeout(mend, 0, target), () => {});
  });
  draw("eye", "M2.2 10S5 4.8 10 4.8 17.8 10 17.8 10 15 15.2 10 15.2 2.2 10 2.2 10zM10 7.6a2.4 2.4 0 1 0 0 4.8 2.4 2.4 0 1 0 0-4.8");
  all("[type=password]", form).forEach(eye);
  fold();
}
if (parts.files) {
  const closed = $("[data-pem]").closest(".group:not([open])");
  if (closed) closed.addEventListener("toggle", () => part("files"), { once: true });
  else part("files");
}
if (parts.picker) part("picker");
if (/^working/.test(kh.kind)) part("work").then((work) => work.watch());

if (framed) {
  for (const button of all("[data-close]")) {
    button.hidden = false;
    button.onclick = close;
  }
  addEventListener("keydown", (event) => event.key == "Escape" && close());
  addEventListener("message", ({ source, origin, data }) => {
    if (source != parent || !kh.origins.includes(origin) || data?.v != 1) return;
    if (data.type == "close_request") close();
    if (data.type == "renew") part("work").then((work) => work.renew(data.token));
  });
  // A dialog gives its frame the focus: on to the first empty field, unless that calls a keyboard up.
  addEventListener("focus", () => {
    if (document.activeElement != document.body || !matchMedia("(hover: hover)").matches) return;
    all(".box input").find((input) => !input.value && !input.readOnly)?.focus();
  }, { once: true });
  const sheet = $(".kh");
  new ResizeObserver(() => {
    tell("height", { height: Math.ceil(sheet.getBoundingClientRect().height) });
  }).observe(sheet);
  if (kh.kind == "origin_not_allowed") exit(kh.kind);
  else tell("ready");
  if (state.settled) tell("success", { connection: kh.connection, receipt: kh.receipt });
  if (/^session/.test(kh.kind)) tell("failed", { code: kh.kind });
}
