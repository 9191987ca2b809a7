// Submitting without leaving the page: what is sent, what is shown meanwhile and afterwards.
// The form stays in the page behind a panel, so that no secret has to be typed twice.

export default ({ $, all, make, icon, draw, kh, form, framed, state, tell, exit, summary }) => {
  const { say } = kh;
  const sheet = $(".kh");
  let panel, busy, asking;

  if (form) {
    draw("ok", "m4.5 10.5 3.6 3.7 7.4-8");
    draw("clock", "M10 2.8a7.2 7.2 0 1 0 0 14.4 7.2 7.2 0 1 0 0-14.4M10 6v4.2l2.7 1.6");
    window.name = "";
  }

  // Panels.
  const swap = (next) => {
    panel?.remove();
    panel = next;
    asking = false;
    for (const name of ["hidden", "inert"]) form.toggleAttribute(name, !!next);
    if (!next) return;
    sheet.insertBefore(next, form);
    $("h1", next).focus();
  };
  const button = (words, click, name = "") => {
    const made = make("button", "btn " + name, words);
    made.type = "button";
    made.onclick = click;
    return made;
  };
  const arc = () => make("i", "i ring spin");
  const open = (look, sign, [title, text], ...buttons) => {
    const head = make("h1", "", title);
    head.tabIndex = -1;
    const mark = sign && make("span", "mark " + look, sign);
    const body = make("div", "state", mark, head, text && make("p", "", text));
    swap(make("section", "in", body, make("div", "acts", ...buttons)));
  };
  const back = (words) => button(words, () => swap());

  const leave = () => {
    if (busy) return busy.abort();
    if (asking) return swap();
    const [title, , stay, away] = say.leave;
    open("", 0, say.leave, button(stay, () => swap(), "go"), button(away, () => exit("closed")));
    panel.setAttribute("role", "alertdialog");
    panel.setAttribute("aria-label", title);
    asking = true;
  };

  // Messages. _field.html draws the same for a page that comes from the server.
  const drawn = ({ level, text, cause, fix }) => {
    if (level != "error") {
      const good = level == "info";
      return [make("p", good ? "note ok" : "note warn", icon(good ? "ok" : "bad"), text)];
    }
    const lead = make("span", "", make("span", "unseen", say.error, " "), text);
    const why = [cause, fix].filter(Boolean).map((part) => make("p", "", part));
    return [make("p", "err", icon("bad"), lead), ...(why.length ? [make("div", "why", ...why)] : [])];
  };
  // A page brings places only for the messages that it has.
  const place = (input) => {
    const made = make("div", "msg");
    const field = input.closest(".field");
    made.id = input.id + "-e";
    field.insertBefore(made, $("details", field));
    const told = input.getAttribute("aria-describedby");
    input.setAttribute("aria-describedby", told ? told + " " + made.id : made.id);
    return made;
  };
  const mark = ({ name, label, messages }) => {
    const input = $("#f-" + name);
    const slot = $(`#f-${name}-e`) ?? place(input);
    const wrong = messages.some((message) => message.level == "error");
    slot.replaceChildren(...messages.flatMap(drawn));
    slot.parentNode.classList.toggle("bad", wrong);
    if (!wrong) return input.removeAttribute("aria-invalid");
    input.setAttribute("aria-invalid", "true");
    input.closest(".group")?.setAttribute("open", "");
    // The steps to find it help when the value is the wrong one, not when the other side is ill.
    const found = messages.some(({ code }) => /^wrong_|_(refused|expired|revoked)$/.test(code));
    if (found) $("details", slot.parentNode)?.setAttribute("open", "");
    const link = make("a", "", say.check.replace("{}", () => label));
    link.href = "#f-" + name;
    return link;
  };
  const tail = (details, reference) => {
    const foot = make("div", "tail");
    if (details.length) {
      const text = make("div", "panel", make("code", "", details.join("\n")));
      foot.append(make("details", "", make("summary", "", icon("go"), say.details), text));
    }
    const code = make("code", "", reference);
    const copy = make("button", "plain", say.copy);
    copy.type = "button";
    // The clipboard API needs a secure context, which a frame in an http page is not.
    copy.onclick = () => {
      getSelection().selectAllChildren(code);
      document.execCommand("copy");
    };
    foot.append(make("p", "ref", make("span", "", say.reference, " ", code), copy));
    return foot;
  };
  const blame = (words, look, { links = [], details = [], reference } = {}) => {
    swap();
    const place = summary(words, look);
    place.append(...links);
    $(".tail", form)?.remove();
    if (reference) $(".acts", form).after(tail(details, reference));
    const first = links.length ? $("[aria-invalid]", form) : place;
    first.focus();
    // A key that shows as a card has no box to focus.
    if (document.activeElement != first) place.focus();
  };
  const refuse = ({ fields, messages, submit }, reference) => {
    form.kh_submit.value = submit;
    const links = fields.map(mark).filter(Boolean);
    const every = [...messages, ...fields.flatMap((field) => field.messages)];
    const [top] = messages;
    const words = top && !links.length ? [top.text, [top.cause, top.fix].filter(Boolean).join(" ")] : say.no;
    const details = every.map((message) => message.detail).filter(Boolean);
    blame(words, "bad", { links, details, reference });
    return every.find((message) => message.level == "error")?.code;
  };

  // The server.
  const call = async (path, { token = kh.token ?? form.kh_page.value, body, ...rest } = {}) => {
    const headers = { authorization: "Bearer " + token };
    if (body) headers["content-type"] = "application/json";
    const answer = await fetch("/v1/connect/" + path, { ...rest, headers, body: body && JSON.stringify(body) });
    return { status: answer.status, reference: answer.headers.get("x-request-id"), body: await answer.json() };
  };
  const pause = (seconds, signal) =>
    new Promise((done, fail) => {
      setTimeout(done, seconds * 1000);
      signal?.addEventListener("abort", fail);
    });
  const poll = async (signal, saving) => {
    for (let n = 1; ; n++) {
      await pause(Math.min(n, 5), signal);
      const got = await call("result", { signal });
      if (!/ing$/.test(got.body.state)) return got;
      if (got.body.state == "saving") saving?.();
    }
  };
  const read = () => {
    const values = {};
    for (const input of all(".field [name]", form)) {
      if (input.name.startsWith("kh_") || input.disabled || input.closest("[data-when][hidden]")) continue;
      values[input.name] = input.type == "checkbox" ? input.checked : input.value;
    }
    return values;
  };

  const stages = (test) => {
    const line = (sign, words) => make("li", "", sign, make("span", "", words));
    const now = line(arc(), say.sign);
    now.setAttribute("aria-current", "step");
    const next = !test && line(make("i", "i ring"), say.save);
    const live = make("div", "", make("ol", "stages", now, next));
    live.setAttribute("aria-live", "polite");
    const stop = button(say.stop, () => busy.abort());
    stop.hidden = true;
    open("", 0, [say.busy], stop);
    const tile = $(".head", form)?.cloneNode(true);
    if (tile) {
      $("button", tile).remove();
      $("h1", tile).replaceWith($("h1", panel));
      panel.firstChild.before(tile);
      $("h1", panel).focus();
    }
    $(".state", panel).append(live);
    return [
      setTimeout(() => (stop.hidden = false), 1600),
      setTimeout(() => live.append(make("p", "note", icon("clock"), say.slow)), 7600),
    ];
  };
  const still = () => {
    const mine = !panel?.querySelector(".mark");
    if (mine) open("", arc(), say.saving, framed && button(say.saving[2], () => exit("saving")));
  };

  const submit = async (presser) => {
    if (busy) return;
    const stop = (busy = new AbortController());
    const { signal } = stop;
    const test = presser?.value == "test";
    const values = read();
    for (const shown of all("[data-show]", form)) {
      if ($("input", shown.parentNode).type == "text") shown.click();
    }
    const spin = presser?.appendChild(arc());
    const timers = [];
    timers.push(setTimeout(() => timers.push(...stages(test)), 400));
    let then;
    try {
      const order = { method: form.kh_shown.value, values };
      if (!test) {
        order.submit = Number(form.kh_submit.value);
        tell("submitted");
      }
      let got = await call(form.kh_type.value + (test ? "/ping" : ""), { method: "POST", body: order, signal });
      if (got.status == 202) got = await poll(signal, still);
      then = () => settle(got, presser);
    } catch {
      then = () => (signal.aborted ? (test ? swap() : blame(say.stopped, "warn")) : blame(say.away, "warn"));
    }
    timers.forEach(clearTimeout);
    spin?.remove();
    busy = null;
    then();
  };

  const settle = ({ status, reference, body }, presser) => {
    if (body.ok) {
      const save = $(".go", form);
      const connect = button(save.textContent, () => submit(save), "go");
      return open("ok", icon("ok"), say.works, connect, back(say.works[2]));
    }
    if (body.receipt) return finish(body);
    let { code } = body;
    if (body.fields || body.form) code = refuse(body.form ?? body, reference);
    else if (status == 401) blame(say.late, "warn");
    else if (status < 400) return swap();
    else {
      const [title, again] = say.ill;
      open("warn", icon("bad"), [title, body.detail], button(again, () => submit(presser), "go"), back(say.works[2]));
      panel.append(tail([], reference));
    }
    tell("failed", { code });
  };
  const finish = ({ connection, receipt }) => {
    state.settled = true;
    tell("success", { connection, receipt });
    all(".field [name]", form).forEach((input) => (input.value = ""));
    const [, , done, home] = say.done;
    const link = kh.return_url && make("a", "btn go", home);
    if (link) link.href = kh.return_url;
    open("ok", icon("ok"), say.done, link || (framed && button(done, () => exit("done"), "go")));
    const name = make("dl", "facts", make("dt", "", say.name), make("dd", "", connection.name));
    $(".acts", panel).before(name);
  };

  // The host's server gave a fresh session: the page takes it over, and what was typed stays.
  const renew = async (token) => {
    if (!form) return reopen(token);
    try {
      const { status, body } = await call("exchange", { method: "POST", token });
      if (status != 200) return;
      form.kh_page.value = body.token;
      form.kh_submit.value = body.submit;
      blame(say.back, "ok");
    } catch {
      blame(say.away, "warn");
    }
  };
  const reopen = (token) => {
    // Once: a host that goes on giving dead tokens would send us round and round.
    if (window.name) return;
    window.name = "again";
    const field = Object.assign(make("input", ""), { name: "token", value: token });
    const fresh = Object.assign(make("form", "", field), { method: "post", action: "/connect", hidden: true });
    document.body.append(fresh);
    fresh.submit();
  };

  // A page that the server drew while it was still at work looks again by itself.
  const watch = () => poll().then(() => $("form").requestSubmit(), () => {});

  return { submit, leave, renew, watch };
};
