// Takes off what came along when a value was copied, and says so; Undo brings it back.

const UNSEEN = /[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]/g;
const QUOTED = /^(?:"(.+)"|'(.+)'|`(.+)`|[“”„«](.+)[“”»]|[‘’‚](.+)[‘’])$/s;
const NAMED = /^(?:export +)?[A-Z][A-Z0-9]*_[A-Z0-9_]*= *(?=[^=\s])/;
const SCHEME = /^(?:authorization: *)?(?:bearer|basic|token) +(?=\S+$)/i;
const ADDRESS = /^[a-z][a-z0-9+]*:\/\/\S+$/i;

export default ({ $, all, make, icon, draw, kh, form }) => {
  const words = kh.say.mend;
  draw("wand", "m3.5 16.5 8.5-8.5M14.5 3v3M13 4.5h3M16 10.5v3M14.5 12h3M7 3.5v3M5.5 5h3");

  // One line of text, cleaned step by step: [value, sentences].
  const clean = (text, affix) => {
    const said = [];
    const step = (next, sentence) => {
      if (next != text) said.push(sentence);
      text = next;
    };
    const cut = (pattern) => {
      const [found] = text.match(pattern) ?? [""];
      if (found) step(text.slice(found.length), words.word.replace("{}", () => found.trim()));
    };
    step(text.replace(UNSEEN, ""), words.unseen);
    step(text.replace(/\u00a0/g, " ").trim(), words.space);
    cut(NAMED);
    cut(SCHEME);
    const quoted = text.match(QUOTED)?.slice(1).find(Boolean);
    if (quoted) step(quoted.trim(), words.quote);
    if (affix) {
      const short = text.replace(/^https?:\/\//i, "").replace(/[/?#].*$/s, "");
      if (short.endsWith(affix)) step(short.slice(0, -affix.length), words.word.replace("{}", () => affix));
    }
    return [text, said];
  };

  // A whole connection string in the host field: its parts by what the other fields mean.
  const parts = (text) => {
    try {
      const { hostname, port, username, password, pathname } = new URL(text);
      const plain = (part) => decodeURIComponent(part);
      return {
        address: hostname, port, username: plain(username), secret: plain(password),
        database: plain(pathname.slice(1)),
      };
    } catch {
      return {};
    }
  };
  const spread = (input, text) => {
    const field = input.closest("[data-role=address]");
    if (!field || !ADDRESS.test(text) || /^https?:/i.test(text)) return [];
    const found = parts(text);
    return found.address ? all("[data-role]", form)
      .map((each) => [$("[name]", each), found[each.dataset.role]])
      .filter(([target, value]) => value && !target.readOnly && !target.disabled) : [];
  };

  const chip = (input, sentences, undo) => {
    const note = make("p", "note chip");
    note.setAttribute("role", "status");
    const button = make("button", "plain", kh.say.undo);
    button.type = "button";
    button.onclick = () => {
      undo();
      note.remove();
      input.focus();
    };
    input.closest(".box").after(note);
    // A live region speaks of what is added to it, not of what it came with.
    setTimeout(() => note.append(icon("wand"), make("span", "", sentences.join(" ")), button), 50);
  };

  return (input) => {
    if (!/^f-/.test(input.id) || input.tagName != "INPUT") return;
    const [text, said] = clean(input.value, $(".affix:last-child", input.parentNode)?.textContent);
    const changes = spread(input, text);
    if (changes.length) said.push(words.fill);
    else changes.push([input, text]);
    if (!said.length) return;
    const before = changes.map(([target]) => [target, target.value]);
    const put = (values) => {
      for (const [target, value] of values) {
        target.value = value;
        target.dispatchEvent(new Event("input", { bubbles: true }));
      }
    };
    put(changes);
    chip(input, said, () => put(before));
  };
};
