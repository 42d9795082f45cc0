// The keyboard: what `data-key` says is what a key does; rows are walked with j and k.
import { toast } from "./toast.js";

const WAIT = 1200;
let begun = "";
let timer = 0;
let last = { rows: null, index: 0 };

const on = () => document.body.dataset.singleKeys !== "off";
const visible = (element) => element.getClientRects().length > 0;
const rowsOf = (room) => [...room.querySelectorAll("[data-row]")].filter(visible);
const opener = (row) => row.querySelector("a[data-open]") ?? row.querySelector("a[href]");

function typing(element) {
  if (!element?.matches) return false;
  if (element.isContentEditable || element.matches("textarea, select")) return true;
  return element.matches("input") && !/^(checkbox|radio|button|submit|range)$/.test(element.type);
}

export function currentRow() {
  const focused = document.activeElement?.closest?.("[data-row]");
  return focused ?? document.querySelector("[data-row][aria-current=true]");
}

// The element a key means here: in the current row first, then anywhere outside the rows.
function bound(key) {
  const wanted = `[data-key="${CSS.escape(key)}"]`;
  // Where there is no room for all of a row's buttons, their keys still mean them.
  const row = currentRow();
  const inRow = row ? [...row.querySelectorAll(wanted)] : [];
  if (inRow.length) return inRow.find(visible) ?? inRow[0];
  const all = [...document.querySelectorAll(wanted)].filter((e) => visible(e) || e.closest("[popover]"));
  return all.find((element) => !element.closest("[data-row]"));
}

const begins = (key) =>
  [...document.querySelectorAll(`[data-key^="${CSS.escape(key)} "]`)].some(visible);

function step(by) {
  const room = document.activeElement?.closest?.("[data-rows]") ?? document.querySelector("[data-rows]");
  if (!room) return false;
  const rows = rowsOf(room);
  const from = rows.indexOf(currentRow());
  const row = rows[from < 0 ? (by > 0 ? 0 : rows.length - 1) : from + by];
  if (!row) return true;
  const link = opener(row);
  link?.focus({ preventScroll: true });
  row.scrollIntoView({ block: "nearest" });
  last = { rows: room.id, index: rows.indexOf(row) };
  const follower = room.dataset.follow && document.querySelector(room.dataset.follow);
  if (follower?.childElementCount) {
    clearTimeout(step.timer);
    step.timer = setTimeout(() => link?.click(), 120);
  }
  return true;
}

const fixed = {
  j: () => step(1),
  k: () => step(-1),
  x: () => {
    const pick = currentRow()?.querySelector("input[data-pick]");
    pick?.click();
    return !!pick;
  },
  "/": () => {
    const box = [...document.querySelectorAll("[data-search]")].find(visible);
    box?.focus();
    box?.select();
    return !!box;
  },
  "?": () => {
    help();
    return true;
  },
};

const closed = (element) => element.getAttribute("aria-disabled") === "true";

function press(element) {
  if (element.matches("input, textarea, select")) element.focus();
  else element.click();
}

document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
  if (!on() || event.key.length !== 1 || typing(event.target)) return;
  if (event.target.closest?.("form[data-composer]")) return;
  if (document.querySelector("dialog[open]")) return;
  const key = begun ? `${begun} ${event.key}` : event.key;
  clearTimeout(timer);
  begun = "";
  const element = bound(key);
  if (element) {
    event.preventDefault();
    press(element);
  } else if (begins(key)) {
    begun = key;
    timer = setTimeout(() => (begun = ""), WAIT);
    event.preventDefault();
  } else if (fixed[key]?.()) event.preventDefault();
});

document.addEventListener("focusin", (event) => {
  const row = event.target.closest?.("[data-row]");
  const room = row?.closest("[data-rows]");
  if (room) last = { rows: room.id, index: rowsOf(room).indexOf(row) };
});

// The row one stood on was resolved away: stand on the one that took its place.
document.addEventListener("htmx:after:swap", () => {
  if (document.activeElement !== document.body || last.rows === null) return;
  const room = last.rows ? document.getElementById(last.rows) : null;
  const rows = room ? rowsOf(room) : [];
  opener(rows[Math.min(last.index, rows.length - 1)] ?? document.body)?.focus({ preventScroll: true });
});

export function label(element) {
  const said = element.dataset.command || element.getAttribute("aria-label") || element.title;
  return (said || element.querySelector(".lab, .t")?.textContent || element.textContent).trim();
}

const ALWAYS = [
  ["j", "Next row"],
  ["k", "Previous row"],
  ["Enter", "Open the row"],
  ["x", "Pick the row"],
  ["/", "Search"],
  ["Ctrl K", "Commands"],
  ["Ctrl Enter", "Send what you are writing"],
  ["Esc", "Close"],
  ["?", "This list"],
];

function help() {
  const dialog = document.getElementById("keys");
  if (dialog && !dialog.open) dialog.showModal();
}

function section(title, entries) {
  const part = document.createElement("section");
  const head = document.createElement("h3");
  head.textContent = title;
  const list = document.createElement("dl");
  for (const [key, words] of entries) {
    const line = document.createElement("div");
    const name = document.createElement("dt");
    for (const one of key.split(" ")) {
      const cap = document.createElement("kbd");
      cap.textContent = one === "Ctrl" ? modifier : one;
      name.append(cap);
    }
    const what = document.createElement("dd");
    what.textContent = words;
    line.append(name, what);
    list.append(line);
  }
  part.append(head, list);
  return part;
}

function fillHelp(dialog) {
  const found = new Map();
  for (const element of document.querySelectorAll("[data-key]")) {
    const key = element.dataset.key;
    if (!closed(element) && !found.has(key)) found.set(key, label(element).split(/ for | to |\. /)[0]);
  }
  const entries = [...found];
  const go = entries.filter(([key]) => key.includes(" "));
  const here = entries.filter(([key]) => !key.includes(" "));
  const walked = document.querySelector("[data-rows]");
  const picked = document.querySelector("input[data-pick]");
  const always = ALWAYS.filter(([key, words]) => (walked || !/row/.test(words)) && (picked || key !== "x"));
  const parts = [section("Everywhere", always)];
  if (go.length) parts.unshift(section("Go to", go));
  if (here.length) parts.unshift(section("On this page", here));
  dialog.querySelector("[data-keys-list]").replaceChildren(...parts);
}

// What is closed says why, whether it was pressed or its key.
document.addEventListener("click", (event) => {
  const said = event.target.closest?.("[aria-disabled=true][title]")?.title;
  if (said) toast(/[.!?]$/.test(said) ? said : `${said}.`);
});

export const modifier = /Mac|iPhone|iPad/.test(navigator.platform) ? "⌘" : "Ctrl";
for (const hint of document.querySelectorAll("[data-mod]")) {
  hint.textContent = `${modifier} ${hint.dataset.mod}`;
}

document.addEventListener(
  "toggle",
  (event) => {
    if (event.target.id === "keys" && event.newState === "open") fillHelp(event.target);
  },
  true,
);
document.getElementById("keys")?.addEventListener("beforetoggle", (event) => {
  if (event.newState === "open") fillHelp(event.target);
});

// What was pressed before all of this was there, once the page knows its links.
document.addEventListener("DOMContentLoaded", () => {
  for (const key of window.earlyKeys?.() ?? []) {
    const pressed = new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true });
    (document.activeElement ?? document.body).dispatchEvent(pressed);
  }
});
