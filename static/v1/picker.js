// The picker: filter while typing, tags, arrow keys. Without it the list is a list of submit buttons.

export default ({ $, all, kh, form, make }) => {
  const search = $("[type=search]", form);
  const rows = all(".row", form);
  const tags = all(".tags button", form);
  const none = $(".none", form);
  let category = "", moved = false;

  const shown = () => all(".row", form).filter((row) => !row.parentNode.hidden);
  const letters = (text) => text.toLocaleLowerCase().normalize("NFD").replace(/\p{M}/gu, "");
  const pairs = (text) => new Set([...text].slice(1).map((sign, at) => text[at] + sign));
  // How much two words share, pair of letters by pair of letters: "shopfy" is near "shopify".
  const near = (one, other) => {
    const [a, b] = [pairs(one), pairs(other)];
    return [...a].filter((pair) => b.has(pair)).length / Math.max(a.size, b.size, 1);
  };

  const filter = () => {
    const wanted = letters(search.value.trim());
    const found = (row) => letters(row.textContent + " " + row.value).includes(wanted);
    const inside = (row) => !category || row.dataset.category == category;
    const hits = rows.filter((row) => inside(row) && found(row));
    const empty = !hits.length && wanted;
    const name = (row) => letters($("b", row).textContent);
    const guesses = rows
      .filter((row) => near(wanted, name(row)) > 0.3)
      .sort((a, b) => near(wanted, name(b)) - near(wanted, name(a)))
      .slice(0, 3);
    const any = rows.filter((row) => /^http/.test(row.value)).slice(-1);
    const kept = empty ? [...new Set([...guesses, ...any])] : hits;
    for (const row of rows) row.parentNode.hidden = !kept.includes(row);
    // The nearest first; otherwise the order of the server. A row that is moved while it is pressed
    // is not chosen: none moves without need.
    if (empty || moved) $(".list", form).append(...(empty ? kept : rows).map((row) => row.parentNode));
    moved = !!empty;
    none.hidden = !empty;
    if (empty) $("h2", none).textContent = kh.say.none.replace("{}", () => search.value.trim());
  };

  tags.forEach((tag) => (tag.onclick = () => {
    for (const each of tags) each.setAttribute("aria-pressed", String(each == tag));
    category = tag.value;
    filter();
  }));
  $(".tags", form).hidden = !tags.length;
  $(".keys", form).hidden = false;
  search.addEventListener("input", filter);
  form.addEventListener("keydown", (event) => {
    const { key, target } = event;
    const list = shown();
    const at = list.indexOf(target);
    const typing = target == search;
    if (!typing && at < 0) return;
    const go = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: list.length - 1 }[key];
    if (typing && (key == "Home" || key == "End" || key == "ArrowUp")) return;
    if (go !== undefined) {
      event.preventDefault();
      (list[go] ?? (go < 0 ? search : target)).focus();
    } else if (typing && key == "Enter") {
      event.preventDefault();
      if (list.length) list[0].click();
    } else if (!typing && key.length == 1 && key != " " && !event.ctrlKey && !event.metaKey && !event.altKey) {
      search.focus();
    }
  });
  filter();
};
