// Typing @ in a note offers colleagues. Without script one types the whole name.
import { listbox } from "./listbox.js";

const MOST = 8;
const fold = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
const known = new Map();
let start = 0;
const offered = listbox({
  name: "mentions",
  label: "Colleagues to mention",
  ready: true,
  take(option, area) {
    area.setRangeText(`@${option.dataset.name} `, start, area.selectionStart, "end");
  },
});

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

async function offer(area) {
  if (sought(area) === null) return offered.close();
  const everybody = await people(area.dataset.mentions);
  const words = sought(area);
  if (words === null) return offered.close();
  const parts = fold(words).split(/\s+/).filter(Boolean);
  const fits = everybody.filter(({ dataset }) => {
    const names = fold(dataset.name).split(/\s+/);
    return parts.every((part) => names.some((name) => name.startsWith(part)));
  });
  if (fits.some(({ dataset }) => fold(words).startsWith(`${fold(dataset.name)} `))) return offered.close();
  start = area.selectionStart - words.length - 1;
  area.setAttribute("aria-autocomplete", "list");
  offered.offer(area, fits.slice(0, MOST).map((one) => one.cloneNode(true)));
}

document.addEventListener("input", (event) => {
  if (event.target.matches?.("[data-mentions]")) offer(event.target);
});
