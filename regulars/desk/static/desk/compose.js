// Saying what was done: c, t, m and n lead to the same composer on every page. On the customer's page it
// stands above the timeline; over the lists it opens beside the row. Enter keeps it, Esc leaves nothing.
const BEGIN = {
  "call.made": "[name=outcome]:checked",
  "email.sent": "[name=subject]",
  "note.added": "textarea",
  "text.sent": "button[type=submit]",
};
const touched = matchMedia("(pointer: coarse)");

// Ready for this kind of entry: the keyboard stands where Enter keeps it, and letters go to the words.
export function begin(form, kind) {
  const choice = form.querySelector(`input[name=kind][value="${CSS.escape(kind)}"]`);
  if (choice) choice.checked = true;
  const place = touched.matches && kind !== "note.added" ? "button[type=submit]" : BEGIN[kind];
  form.querySelector(place ?? "textarea")?.focus({ preventScroll: true });
}

document.addEventListener("keydown", (event) => {
  const form = event.target.closest?.("form[data-composer]");
  if (!form || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  const writes = event.target.matches("textarea, input:not([type=radio])");
  if (!writes && event.key.length === 1 && event.key !== " ") form.elements.text.focus();
  if (event.key !== "Escape" || form.closest("dialog")) return;
  if (!form.elements.text.value && !form.elements.subject.value) form.reset();
  event.target.blur();
  event.preventDefault();
});

// Over the lists: one dialog, filled from the row or the panel it is about.
const dialog = () => document.getElementById("compose");
const LABELS = { "call.made": "Call", "email.sent": "Email", "note.added": "Note about", "text.sent": "Text" };

// The number as it is dialled is hard to read where it is an American one.
const said = (href) =>
  decodeURIComponent(href.replace(/^\w+:/, "")).replace(/^\+1(\d{3})(\d{3})(\d{4})$/, "($1) $2-$3");

function fill(form, about) {
  form.toggleAttribute("data-waits", !!about.querySelector("[data-key=r]"));
  for (const them of form.querySelectorAll("[data-them]")) them.textContent = about.dataset.name.replace(/\.$/, "");
  for (const open of form.querySelectorAll("[data-open-way]")) {
    const key = open.dataset.openWay;
    const way = about.querySelector(`[data-key="${key}"]`);
    const closed = form.querySelector(`[data-closed-way="${key}"]`);
    open.hidden = !way?.href;
    closed.hidden = !open.hidden;
    closed.textContent = way?.title ? `${way.title}: log it only if it took place.` : "";
    if (!way?.href) continue;
    const link = open.querySelector("a");
    link.href = way.href;
    link.textContent = said(way.getAttribute("href"));
  }
}

function letGo() {
  for (const one of document.querySelectorAll("[data-writing]")) one.removeAttribute("data-writing");
}

export function compose(about, kind) {
  const form = dialog()?.querySelector("form[data-composer]");
  if (!form || !about) return;
  letGo();
  (about.matches("[data-row]") ? about : (about.querySelector(".doit") ?? about)).setAttribute("data-writing", "");
  form.reset();
  form.action = about.dataset.events;
  form.dataset.name = about.dataset.name;
  dialog().querySelector("h2").textContent = `${LABELS[kind]} ${about.dataset.name}`;
  fill(form, about);
  if (!dialog().open) dialog().showModal();
  begin(form, kind);
}

document.addEventListener("close", (event) => event.target === dialog() && letGo(), true);

document.addEventListener("change", (event) => {
  const form = event.target.closest?.("#compose form[data-composer]");
  if (!form || event.target.name !== "kind") return;
  dialog().querySelector("h2").textContent = `${LABELS[event.target.value]} ${form.dataset.name}`;
});

// What was not kept is still there to be sent again.
let sent = "";
document.addEventListener("submit", (event) => {
  const form = event.target.closest?.("#compose form[data-composer]");
  sent = form ? form.getAttribute("action") : "";
}, true);
function again(event) {
  const { ctx } = event.detail;
  const refused = !ctx?.response || ctx.response.status >= 400;
  const ours = sent && ctx?.request?.action?.endsWith(sent);
  if (!ours) return;
  sent = "";
  if (refused && dialog() && !dialog().open) dialog().showModal();
}
document.addEventListener("htmx:after:request", again);
document.addEventListener("htmx:error", again);
