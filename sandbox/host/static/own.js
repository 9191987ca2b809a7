// The host draws the form by itself, from Keyhatch's browser API. What is typed passes through this
// page: a host that does this takes part in keeping it safe.

import { keyhatch, make, session, verified } from "./shared.js";

const place = document.querySelector("[data-place]");
const { type } = place.dataset;
const { token } = await session({ type });

async function call(path, body) {
  const headers = { "Authorization": `Bearer ${token}`, "Content-Type": "application/json" };
  const method = body ? "POST" : "GET";
  const answer = await fetch(`${keyhatch}/v1/connect/${path}`, {
    method, headers, body: body && JSON.stringify(body),
  });
  return [answer.status, await answer.json()];
}

const inputs = {
  choice(field) {
    const input = make("select");
    const choices = field.choices.map(({ value, label }) => make("option", label, { value }));
    input.append(...choices);
    return input;
  },
  boolean: () => make("input", "", { type: "checkbox" }),
  pem: () => make("textarea", "", { rows: 4 }),
  "text-block": () => make("textarea", "", { rows: 4 }),
};

function draw(field) {
  const box = make("div");
  const make_ = inputs[field.kind] ?? (() => make("input", "", { type: field.secret ? "password" : "text" }));
  const input = make_(field);
  input.id = input.name = field.name;
  input.autocomplete = field.secret ? "new-password" : "off";
  if (field.kind == "boolean") input.checked = !!field.value;
  else input.value = field.value ?? "";
  const faults = field.messages.filter(({ level }) => level == "error");
  input.ariaInvalid = String(faults.length > 0);
  const optional = field.required && !field.when ? "" : " (optional)";
  box.append(make("label", field.label + optional, { htmlFor: field.name }));
  const words = [field.prefix, field.suffix].filter(Boolean).join(" … ") || field.help;
  if (words) box.append(make("p", words, { className: "soft" }));
  box.append(input);
  for (const { text } of faults) box.append(make("p", text, { className: "fix", role: "alert" }));
  return box;
}

function valuesOf(form, fields) {
  const values = {};
  for (const { name, kind } of fields) {
    const input = form.elements[name];
    const value = kind == "boolean" ? input.checked : input.value;
    if (value !== "") values[name] = /^(port|integer)$/.test(kind) && /^\d+$/.test(value) ? +value : value;
  }
  return values;
}

function methodsOf({ methods, method }) {
  const pick = make("select", "", { ariaLabel: "How to sign in" });
  pick.append(...methods.map(({ key, title }) => make("option", title, { value: key })));
  pick.value = method;
  pick.onchange = async () => render((await call(`${type}?method=${pick.value}`))[1]);
  return pick;
}

function render(found) {
  const form = make("form", "", { className: "own", noValidate: true });
  if (found.methods.length > 1) form.append(methodsOf(found));
  for (const { text } of found.messages) form.append(make("p", text, { className: "fix", role: "alert" }));
  form.append(...found.fields.map(draw));
  const acts = make("div", "", { className: "acts" });
  acts.append(
    make("button", "Connect", { className: "go", value: type }),
    make("button", "Test connection", { value: `${type}/ping` }),
  );
  form.append(acts, make("p", "", { className: "soft", role: "status" }));
  form.onsubmit = (event) => {
    event.preventDefault();
    send(form, found, event.submitter.value);
  };
  place.replaceChildren(form);
}

async function send(form, found, path) {
  const note = form.querySelector("[role=status]");
  note.textContent = "Trying it…";
  const values = valuesOf(form, found.fields);
  let [status, body] = await call(path, { method: found.method, values });
  while (status == 202 || body.state == "checking" || body.state == "saving") {
    await new Promise((done) => setTimeout(done, 1000));
    [status, body] = await call("result");
  }
  const refused = body.form ?? body;
  if (body.receipt) {
    place.replaceChildren(make("p", `${found.title} is connected.`, { className: "own on", role: "status" }));
    await verified(body.receipt);
  } else if (body.ok) note.textContent = "These details work. Nothing is saved yet.";
  else if (refused.fields) {
    // What was typed stays, secrets as well: the new form only adds its messages.
    render({ ...refused, fields: refused.fields.map((each) => ({ ...each, value: values[each.name] ?? each.value })) });
  } else note.textContent = body.detail;
}

document.querySelector("[data-types]").onchange = ({ target }) => {
  location.search = new URLSearchParams({ type: target.value });
};
const [status, found] = await call(type);
if (status == 200) render(found);
else place.replaceChildren(make("p", found.detail, { className: "own fix", role: "alert" }));
