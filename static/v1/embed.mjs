const WORDS = {
title: "Connect an account",
opening: "Opening the form…",
failed: "The form does not answer. Nothing was sent. Check your connection, then try again.",
blocked: "The Content-Security-Policy of this page does not let the form open. It needs: ",
retry: "Try again",
close: "Close",
};
const CSS = `keyhatch-form { display: block }
.keyhatch { display: grid; min-height: 16rem; color-scheme: light dark; font: 1rem/1.5 system-ui }
.keyhatch > * { grid-area: 1/1 }
.keyhatch > div { place-self: center; padding: 48px 24px }
.keyhatch button { min-height: 44px; padding: 0 20px; border: 1px solid; border-radius: 8px; background: none; color: inherit; font: inherit }
.keyhatch > button { place-self: start end; z-index: 1; margin: 8px; border: 0 }
.keyhatch iframe { border: 0; width: 100%; height: 100% }
.keyhatch:not(.failed) div button, .keyhatch.open > :not(iframe) { display: none }
.keyhatch.open { min-height: 0 }
.keyhatch.failed iframe { visibility: hidden; height: 0 !important }
dialog.keyhatch { margin: auto; border: 0; padding: 0; width: min(480px, 100% - 48px); max-width: none; max-height: none; overflow: hidden; border-radius: 14px; outline: 1px solid #0000; background: Canvas; color: CanvasText; box-shadow: 0 16px 48px -12px #0006 }
dialog.keyhatch iframe { max-height: calc(100dvh - 48px) }
.keyhatch::backdrop { background: #14161475 }
@media (max-width: 33rem) { dialog.keyhatch { margin: auto 0 0; width: 100%; border-radius: 14px 14px 0 0 } }
@media (prefers-reduced-motion: no-preference) { dialog.keyhatch { animation: keyhatch .24s } }
@keyframes keyhatch { from { opacity: 0; translate: 0 8px } }`;
const forms = new WeakMap();
let sheet;
const make = (tag, rest) => Object.assign(document.createElement(tag), rest);
function dress(root) {
if (!sheet) (sheet = new CSSStyleSheet()).replaceSync(CSS);
if (!root.adoptedStyleSheets.includes(sheet)) root.adoptedStyleSheets.push(sheet);
}
function post(page, action, value) {
const form = make("form", { method: "post", action });
form.append(make("input", { name: "token", value }));
page.head.append(make("meta", { name: "referrer", content: "strict-origin" }));
page.body.append(form);
form.submit();
}
function start(box, options) {
const { origin, href } = new URL(options.url);
if (origin == "null") throw new TypeError("Keyhatch: url must be http or https");
const words = { ...WORDS, ...options.words };
const stop = new AbortController();
const { signal } = stop;
const frame = make("iframe", { title: words.title });
const note = make("p", { role: "status" });
const retry = make("button", { type: "button", textContent: words.retry });
const text = make("div");
let turn = 0, renewed = 0, ready, heard, settled, reason, timer;
const token = async () => (options.token.call ? options.token() : options.token);
const send = (message) => frame.contentWindow.postMessage({ v: 1, ...message }, origin);
function show(state, words) {
clearTimeout(timer);
ready = state == "open";
box.className = "keyhatch " + state;
note.textContent = words;
}
function wait(seconds) {
show("", words.opening);
reason = "closed";
timer = setTimeout(fail, seconds * 1000, "no_answer", words.failed);
}
function fail(code, words) {
show("failed", words);
reason = code;
tell({ type: "failed", code });
}
async function open() {
const mine = ++turn;
let value;
wait(10);
try {
value = await token();
if (mine != turn) return;
wait(10);
frame.contentWindow.addEventListener("securitypolicyviolation", refused);
post(frame.contentDocument, href.replace(/\/*$/, "/connect"), value);
} catch {
if (mine == turn && !value) fail("no_token", words.failed);
}
}
function refused({ disposition, effectiveDirective: rule, blockedURI }) {
if (disposition != "enforce" || !blockedURI.startsWith(origin)) return;
if (rule != "form-action") rule = "frame-src";
fail("blocked", words.blocked + rule + " " + origin);
}
function loaded() {
let blank;
try {
blank = frame.contentWindow.location.href == "about:blank";
} catch {}
if (blank) {
dress(box.getRootNode());
open();
} else if (!heard && reason == "closed") wait(2);
heard = 0;
}
function hear({ source, origin: from, data }) {
if (source != frame.contentWindow || from != origin || data?.v != 1) return;
const { type, code, height } = data;
if (/ready|exit|failed/.test(type)) {
heard = 1;
show(ready || type == "ready" ? "open" : "", "");
}
if (type == "ready" && box.open) setTimeout(() => frame.focus(), 100);
if (height > 0) frame.style.height = height + "px";
if (/session_(expired|replaced)/.test(code) && options.token.call) renew();
tell(data);
}
async function renew() {
if (Date.now() < renewed + 1e4) return;
renewed = Date.now();
try {
send({ type: "renew", token: await token() });
} catch {
tell({ type: "failed", code: "no_token" });
}
}
function tell(message) {
const { v, type, ...detail } = message;
const listener = { success: "onSuccess", exit: "onExit" }[type];
if (listener && !settled) {
settled = 1;
options[listener]?.(detail);
}
options.onEvent?.(message);
if (type == "exit" && detail.reason != "origin_not_allowed") close();
}
function ask() {
if (ready) send({ type: "close_request" });
else tell({ type: "exit", reason });
}
function close() {
turn++;
clearTimeout(timer);
stop.abort();
box.close?.();
box.remove();
}
options = { ...options };
frame.addEventListener("load", loaded);
retry.addEventListener("click", () => box.append(frame));
addEventListener("message", hear, { signal });
addEventListener("securitypolicyviolation", refused, { signal });
text.append(note, retry);
box.append(text, frame);
return { ask, close, signal, words, options };
}
export function open(options) {
return new Promise((onSuccess, onExit) => {
const box = make("dialog");
const { ask, words, signal } = start(box, { ...options, onSuccess, onExit });
const cross = make("button", { textContent: "×", ariaLabel: words.close });
cross.addEventListener("click", ask);
box.prepend(cross);
box.ariaLabel = words.title;
box.addEventListener("cancel", (event) => {
event.preventDefault();
ask();
});
box.addEventListener("close", () => {
if (signal.aborted) return;
box.showModal();
ask();
});
document.body.append(box);
box.showModal();
});
}
export function mount(element, options) {
let form = forms.get(element);
if (form) Object.assign(form.options, options);
else {
const box = make("div");
form = start(box, options);
forms.set(element, form);
form.signal.addEventListener("abort", () => forms.delete(element));
element.append(box);
}
return form;
}
if (globalThis.customElements && !customElements.get("keyhatch-form")) {
customElements.define("keyhatch-form", class extends HTMLElement {
static observedAttributes = ["url", "token"];
token = this.token;
connectedCallback() {
queueMicrotask(() => {
const url = this.getAttribute("url");
const token = this.token ?? this.getAttribute("token");
const key = this.isConnected && url && token && url + (token.call ? "" : token);
if (key == this.key) return;
this.form?.close();
this.key = key;
const fire = (type) => (detail) => this.dispatchEvent(new CustomEvent(type, { detail }));
if (key) this.form = mount(this, {
url,
token: token.call ? () => this.token() : token,
onSuccess: fire("success"),
onExit: fire("exit"),
onEvent: fire("event"),
});
});
}
disconnectedCallback() {
this.connectedCallback();
}
attributeChangedCallback() {
this.connectedCallback();
}
});
}
