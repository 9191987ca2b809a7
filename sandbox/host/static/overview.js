// The page of integrations: opens the form in a dialog, and lists what is connected.

import { ask, keyhatch, left, make, session, show, tokenOf, verified } from "./shared.js";

const STATUS = {
  ok: ["Connected", "on"],
  offline: ["Sign-in stopped working", "fix"],
  unverified: ["Connected, not tried yet", "soft"],
  gone: ["Gone at integrator.io", "fix"],
};

async function connect(wishes, title) {
  if (!globalThis.Keyhatch) {
    return show("The form cannot be loaded", { "Why": `Nothing came from ${keyhatch}.` }, true);
  }
  try {
    const words = { title: `Connect ${title}` };
    const { receipt } = await Keyhatch.open({ url: keyhatch, token: await tokenOf(wishes), words });
    await verified(receipt);
  } catch (exit) {
    left(exit);
  }
  await list();
}

function row(each) {
  const [words, look] = STATUS[each.status] ?? [each.status, "soft"];
  const text = make("div");
  const when = new Date(each.updated_at).toLocaleString("en", { dateStyle: "long", timeStyle: "short" });
  text.append(make("h3", each.name), make("p", `${words}, ${when}`, { className: look }));
  const again = make("button", "Reconnect", { type: "button", ariaLabel: `Reconnect ${each.name}` });
  again.onclick = () => connect({ type: each.connection_type, connection: each.id }, each.name);
  const end = make("button", "Disconnect", { type: "button", ariaLabel: `Disconnect ${each.name}` });
  end.onclick = async () => {
    await ask(`/api/connections/${each.id}`, "DELETE").catch((error) => left(error));
    await list();
  };
  const line = make("li");
  line.append(text, again, end);
  return line;
}

async function list() {
  const found = await ask("/api/connections").catch(() => []);
  document.querySelector("[data-none]").hidden = found.length > 0;
  document.querySelector("[data-list]").replaceChildren(...found.map(row));
  for (const card of document.querySelectorAll(".deck > li")) {
    const mine = found.find((each) => each.connection_type == card.dataset.type);
    const [words, look] = mine ? STATUS[mine.status] : ["Not connected", ""];
    Object.assign(card.querySelector("[data-status]"), { textContent: words, className: `status ${look}` });
  }
}

for (const button of document.querySelectorAll("[data-connect]")) {
  const title = button.closest("li")?.querySelector("h2").textContent ?? "an account";
  button.onclick = () => connect({ type: button.dataset.connect }, title);
}
await list();
