// Key and certificate fields: drop or choose a file, see what it is. The text area stays the field.

const BLOCK = /-----BEGIN ([A-Z0-9 ]+)-----([\s\S]+?)-----END \1-----/;

// Just enough of DER and X.509 to say whose certificate it is and until when.
const nodes = (bytes, at, end) => {
  const found = [];
  while (at < end) {
    const tag = bytes[at];
    let length = bytes[at + 1];
    at += 2;
    if (length & 128) {
      let more = length & 127;
      for (length = 0; more--; at++) length = length * 256 + bytes[at];
    }
    found.push({ tag, start: at, end: at + length });
    at += length;
  }
  return found;
};
const certificate = (base64) => {
  const bytes = Uint8Array.from(atob(base64.replace(/\s/g, "")), (sign) => sign.charCodeAt(0));
  const inside = (node) => nodes(bytes, node.start, node.end);
  const text = (node) => new TextDecoder().decode(bytes.subarray(node.start, node.end));
  const [outer] = nodes(bytes, 0, bytes.length);
  const all = inside(inside(outer)[0]);
  // Version 3 begins with a version, version 1 does not: serial, algorithm, issuer, validity, subject.
  const [, , , validity, subject] = all[0].tag == 0xa0 ? all.slice(1) : all;
  const stamp = text(inside(validity)[1]);
  // Two digits of a year mean 1950 to 2049 (RFC 5280, 4.1.2.5.1).
  const full = stamp.length > 13 ? stamp : (stamp < "50" ? "20" : "19") + stamp;
  const [, year, month, day, hour, minute] = full.match(/^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)/);
  const names = inside(subject).map((set) => inside(inside(set)[0]));
  const common = names.find(([oid]) => bytes.slice(oid.start, oid.end).join() == "85,4,3");
  return { until: new Date(Date.UTC(year, month - 1, day, hour, minute)), name: common && text(common[1]) };
};

export default ({ $, all, make, icon, draw, kh, form }) => {
  const words = kh.say.file;
  draw("up", "M10 13V3.8M6.2 7.2 10 3.5l3.8 3.7M3.5 13.5v1.2a2 2 0 0 0 2 2h9a2 2 0 0 0 2-2v-1.2");
  draw("file", "M11.5 2.8H6a1.5 1.5 0 0 0-1.5 1.5v11.4A1.5 1.5 0 0 0 6 17.2h8a1.5 1.5 0 0 0 1.5-1.5V6.8zv4h4");

  const button = (look, text) => Object.assign(make("button", look, text), { type: "button" });

  const read = (text) => {
    const [, kind, body] = text.match(BLOCK) ?? [];
    if (!kind) return null;
    if (kind == "CERTIFICATE") {
      try {
        return certificate(body);
      } catch {
        return null;
      }
    }
    if (!/PRIVATE KEY$/.test(kind)) return { name: kind };
    const locked = /^ENCRYPTED/.test(kind) || /Proc-Type: 4,ENCRYPTED/.test(body);
    return { name: locked ? words.locked : words.key };
  };

  for (const field of all("[data-pem]", form)) {
    const area = $("textarea", field);
    if (area.readOnly) continue;
    const box = $(".box", field);
    const choose = button("btn", words.choose);
    const replace = button("plain", words.replace);
    const remove = button("plain", words.remove);
    const name = make("b", "");
    const about = make("p", "");
    const drop = make("div", "drop", icon("up"), make("p", "", words.drop), choose);
    const card = make("div", "cert", icon("file"), name, about, make("p", "ref", replace, remove));
    card.hidden = true;
    box.after(drop, card);
    const picker = Object.assign(make("input", ""), { type: "file" });

    const fold = (known, from) => {
      box.hidden = drop.hidden = !!known;
      card.hidden = !known;
      if (!known) return;
      name.textContent = known.name ?? words.certificate;
      const lines = [];
      const format = new Intl.DateTimeFormat(document.documentElement.lang, { dateStyle: "long" });
      const over = known.until < Date.now();
      if (known.until) lines.push((over ? words.over : words.until).replace("{}", () => format.format(known.until)));
      if (from) lines.push(words.from.replace("{}", () => from));
      about.textContent = lines.join(" ");
      card.classList.toggle("warn", over);
    };
    const put = (text, from) => {
      area.value = text;
      area.dispatchEvent(new Event("input", { bubbles: true }));
      fold(read(text), from);
    };
    const take = async (file) => {
      // Longer than any key or chain: not a file for this field.
      if (file && file.size < 65536) put(await file.text(), file.name);
    };

    fold(read(area.value));
    choose.onclick = replace.onclick = () => picker.click();
    picker.onchange = () => take(picker.files[0]).then(() => (picker.value = ""));
    remove.onclick = () => {
      put("");
      area.focus();
    };
    area.addEventListener("paste", () => setTimeout(() => {
      fold(read(area.value));
      if (box.hidden) replace.focus();
    }));
    field.addEventListener("dragover", (event) => event.preventDefault());
    field.addEventListener("drop", (event) => {
      const [file] = event.dataTransfer.files;
      if (!file) return;
      event.preventDefault();
      take(file);
    });
  }
};
