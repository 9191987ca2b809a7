// The form inside the page, by `mount` or as an element.

import { keyhatch, left, tokenOf, verified } from "./shared.js";

const place = document.querySelector("[data-place]");
const wishes = { type: place.dataset.type };
document.querySelector("[data-types]").onchange = ({ target }) => {
  const query = new URLSearchParams(location.search);
  query.set("type", target.value);
  location.search = query;
};

const { mount } = await import(`${keyhatch}/static/v1/embed.mjs`);
const token = await tokenOf(wishes);

if (place.dataset.place == "inline") {
  mount(place, { url: keyhatch, token, onSuccess: ({ receipt }) => verified(receipt), onExit: left });
} else {
  const form = document.createElement("keyhatch-form");
  form.addEventListener("success", ({ detail }) => verified(detail.receipt));
  form.addEventListener("exit", ({ detail }) => left(detail));
  form.token = token;
  form.setAttribute("url", keyhatch);
  place.append(form);
}
