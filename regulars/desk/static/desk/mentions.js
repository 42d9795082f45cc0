// Typing @ in a note offers colleagues; arrows choose, Enter or Tab takes, Escape closes. Without
// script one types the whole name.
const MOST = 8;
const fold = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
const known = new Map();
let box = null;
let list = null;
let start = 0;

// Asked for once a page, when the first @ is typed.
function people(url) {
  if (!known.has(url)) {
    const asked = fetch(url, { headers: { Accept: "text/html" } })
      .then((answer) => (answer.ok ? answer.text() : ""))
      .then((text) => {
        const room = document.createElement("template");
        room.innerHTML = text;
        return [...room.content.querySelectorAll("[role=option]")];
      })
      .catch(() => []);
    known.set(url, asked);
  }
  return known.get(url);
}

// What stands behind the last @ before the caret; null when nobody is being mentioned.
function sought(area) {
  const before = area.value.slice(0, area.selectionStart);
  const found = before.match(/(?:^|[\s([{])@([^@\n]{0,60})$/);
  return found && area.selectionStart === area.selectionEnd ? found[1] : null;
}

function close() {
  list?.remove();
  for (const name of ["aria-controls", "aria-activedescendant", "aria-autocomplete"]) box?.removeAttribute(name);
  box = list = null;
}

function select(option) {
  for (const one of list.children) one.ariaSelected = String(one === option);
  box.setAttribute("aria-activedescendant", option.id);
  option.scrollIntoView({ block: "nearest" });
}

async function offer(area) {
  if (sought(area) === null) return close();
  const everybody = await people(area.dataset.mentions);
  const words = sought(area);
  if (words === null || document.activeElement !== area) return close();
  const parts = fold(words).split(/\s+/).filter(Boolean);
  const fits = everybody.filter(({ dataset }) => {
    const names = fold(dataset.name).split(/\s+/);
    return parts.every((part) => names.some((name) => name.startsWith(part)));
  });
  const whole = fits.some(({ dataset }) => fold(words).startsWith(`${fold(dataset.name)} `));
  if (!fits.length || whole) return close();
  if (box !== area) close();
  if (!list) {
    box = area;
    list = document.createElement("ul");
    list.id = "mentions";
    list.className = "mentions";
    list.role = "listbox";
    list.ariaLabel = "Colleagues to mention";
    area.after(list);
    area.setAttribute("aria-controls", list.id);
    area.setAttribute("aria-autocomplete", "list");
  }
  start = area.selectionStart - words.length - 1;
  list.replaceChildren(...fits.slice(0, MOST).map((one) => one.cloneNode(true)));
  select(list.firstElementChild);
}

function take(option) {
  const area = box;
  const name = `@${option.dataset.name} `;
  area.setRangeText(name, start, area.selectionStart, "end");
  close();
  area.focus();
  area.dispatchEvent(new Event("input", { bubbles: true }));
}

document.addEventListener("input", (event) => {
  if (event.target.matches?.("[data-mentions]")) offer(event.target);
});

document.addEventListener(
  "keydown",
  (event) => {
    if (!list?.isConnected || event.target !== box || event.isComposing) return;
    const options = [...list.children];
    const at = options.findIndex((one) => one.ariaSelected === "true");
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) select(options.at((at + step) % options.length));
    else if (event.key === "Enter" || event.key === "Tab") take(options[at]);
    else if (event.key === "Escape") close();
    else return;
    event.preventDefault();
    event.stopPropagation();
  },
  true,
);

document.addEventListener("pointerdown", (event) => {
  const option = event.target.closest?.("#mentions [role=option]");
  if (!option) return;
  event.preventDefault();
  take(option);
});
document.addEventListener("focusout", (event) => {
  if (event.target === box) setTimeout(() => document.activeElement !== box && close(), 100);
});
