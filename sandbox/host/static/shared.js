// What every page of the host needs: calls to its own server, the receipt, the sandbox's panel.

const { dataset } = document.body;
export const keyhatch = dataset.keyhatch;

export const make = (tag, text, rest) =>
  Object.assign(document.createElement(tag), { textContent: text ?? "" }, rest);

export async function ask(path, method = "GET", body) {
  const headers = { "Content-Type": "application/json" };
  const answer = await fetch(path, { method, headers, body: body && JSON.stringify(body) });
  const found = answer.status == 204 ? {} : await answer.json();
  if (!answer.ok) throw new Error(found.problem ?? `The server answered ${answer.status}.`);
  return found;
}

// The host's server asks Keyhatch for a session; the page gets the token alone.
export function session(wishes) {
  const query = new URLSearchParams(dataset.query);
  for (const [name, value] of Object.entries(wishes)) if (value) query.set(name, value);
  return ask(`/api/session?${query}`, "POST", {});
}

// A function lets the form ask again when its session ran out.
export async function tokenOf(wishes) {
  if ("once" in dataset) return (await session(wishes)).token;
  return async () => (await session(wishes)).token;
}

export function show(title, facts, bad) {
  const box = document.querySelector("[data-receipt]");
  box.classList.toggle("bad", !!bad);
  box.querySelector("h2").textContent = title;
  box.querySelector("dl").replaceChildren(
    ...Object.entries(facts).map(([name, value]) => {
      const row = make("div");
      row.append(make("dt", name), make("dd", value));
      return row;
    }),
  );
  box.hidden = false;
}

// The page only carries the receipt: what it proves is what our server says.
export async function verified(receipt) {
  try {
    const proof = await ask("/api/verify", "POST", { receipt });
    show("Receipt verified by our server", {
      "Session": proof.session_id,
      "End user": proof.end_user_id,
      "Connection": `${proof.connection.name} (${proof.connection.id})`,
      "At integrator.io": proof.connection.integrator_id,
    });
  } catch (error) {
    show("The receipt was not accepted", { "Our server says": error.message }, true);
  }
}

const REASONS = {
  closed: "You closed the form.",
  session_expired: "The session ran out.",
  origin_not_allowed: "Keyhatch does not open for this page.",
  blocked: "The Content-Security-Policy of this page keeps the form out.",
  no_answer: "Keyhatch does not answer.",
  no_token: "Our server did not get a session.",
};

export function left({ reason, message }) {
  show("Nothing was connected", { "Why": REASONS[reason] ?? reason ?? message }, true);
}

const DONE = { stopped: "It is stopped.", hanging: "It hangs for a minute.", up: "It runs." };

for (const button of document.querySelectorAll("[data-switch]")) {
  button.addEventListener("click", async () => {
    const { switch: name, state } = button.dataset;
    const note = button.parentNode.querySelector("[role=status]");
    try {
      await ask(`/api/panel/${name}`, "POST", { state, seconds: 60 });
      note.textContent = DONE[state];
    } catch (error) {
      note.textContent = error.message;
    }
  });
}
