// Ctrl/⌘ K: go anywhere, find a customer, do what this page offers.
import { label } from "./keys.js";

const SEARCH = "/search/";
const MOST = 8;
const ROUNDS = 4;
const dialog = document.getElementById("commands");
const box = dialog?.querySelector("input");
const list = dialog?.querySelector("[role=listbox]");
let found = [];
let asked = null;
let timer = 0;

const fold = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();

// What this page offers first, then where one can go, then the settings.
const LAST = ["Go to", "Settings"];

function offered() {
  const seen = new Set();
  const commands = [];
  const add = (element, run) => {
    const words = label(element);
    const group = element.dataset.group || "On this page";
    if (seen.has(words)) return;
    seen.add(words);
    commands.push({ words, group, key: element.dataset.key ?? "", run });
  };
  for (const element of document.querySelectorAll("[data-command]")) {
    if (element.closest("[hidden]") || element.getAttribute("aria-disabled")) continue;
    add(element, () => element.click());
  }
  const elsewhere = document.getElementById("errands")?.content.children ?? [];
  for (const link of elsewhere) add(link, () => location.assign(link.getAttribute("href")));
  return commands.sort((a, b) => LAST.indexOf(a.group) - LAST.indexOf(b.group));
}

// Those with a word that begins so come before those that only have it inside one.
function matching(text) {
  const parts = fold(text).split(/\s+/).filter(Boolean);
  if (!parts.length) return offered();
  const fitting = offered().filter(({ words, group }) => {
    const whole = fold(`${group} ${words}`);
    return parts.every((part) => whole.includes(part));
  });
  const inside = ({ words }) => !parts.every((part) => ` ${fold(words)}`.includes(` ${part}`));
  return fitting.sort((a, b) => inside(a) - inside(b)).slice(0, MOST);
}

function option(choice, index) {
  const element = document.createElement("div");
  element.id = `command-${index}`;
  element.role = "option";
  element.ariaSelected = "false";
  if (choice.node) element.append(choice.node);
  else {
    const words = document.createElement("span");
    words.textContent = choice.words;
    element.append(words);
    if (choice.key) {
      const keys = document.createElement("span");
      keys.className = "caps";
      for (const one of choice.key.split(" ")) {
        const cap = document.createElement("kbd");
        cap.textContent = one;
        keys.append(cap);
      }
      element.append(keys);
    }
  }
  element.addEventListener("click", () => choose(index));
  element.addEventListener("pointermove", () => select(index));
  choice.element = element;
  return element;
}

let shown = [];
let at = 0;

function draw() {
  const text = box.value.trim();
  shown = [...matching(text), ...found];
  const groups = new Map();
  shown.forEach((choice, index) => {
    if (!groups.has(choice.group)) groups.set(choice.group, []);
    groups.get(choice.group).push(option(choice, index));
  });
  const parts = [...groups].map(([name, options], index) => {
    const part = document.createElement("div");
    part.role = "group";
    const head = document.createElement("div");
    head.className = "group";
    head.id = `command-group-${index}`;
    head.textContent = name;
    part.setAttribute("aria-labelledby", head.id);
    part.append(head, ...options);
    return part;
  });
  if (!shown.length && text) {
    const nothing = document.createElement("p");
    nothing.className = "nothing";
    nothing.textContent = asked ? "Looking…" : `Nothing fits “${text}”.`;
    parts.push(nothing);
  }
  list.replaceChildren(...parts);
  select(Math.min(at, Math.max(0, shown.length - 1)), true);
}

function select(index, quiet = false) {
  if (!shown.length) {
    box.removeAttribute("aria-activedescendant");
    return;
  }
  if (shown[at]) shown[at].element.ariaSelected = "false";
  at = (index + shown.length) % shown.length;
  const { element } = shown[at];
  element.ariaSelected = "true";
  box.setAttribute("aria-activedescendant", element.id);
  if (!quiet || at) element.scrollIntoView({ block: "nearest" });
}

function choose(index) {
  const choice = shown[index];
  if (!choice) return;
  dialog.close();
  choice.run();
}

async function lookUp(text) {
  asked?.abort();
  const mine = new AbortController();
  asked = mine;
  let address = `${SEARCH}?q=${encodeURIComponent(text)}`;
  let hits = [];
  try {
    // Those lately active come at once; whoever lies further back, in the next answers.
    for (let round = 0; address && hits.length < MOST && round < ROUNDS; round += 1) {
      const region = round ? "further" : "found";
      const answer = await fetch(address, {
        headers: { "HX-Request": "true", "HX-Request-Type": "partial", "HX-Target": `div#${region}` },
        signal: mine.signal,
      });
      const page = new DOMParser().parseFromString(answer.ok ? await answer.text() : "", "text/html");
      hits = [...hits, ...[...page.querySelectorAll("a[data-hit]")].map(hit)].slice(0, MOST);
      address = page.querySelector("a[data-further]")?.getAttribute("href");
      found = hits;
      draw();
    }
  } catch (error) {
    if (error.name === "AbortError") return;
    found = [];
  }
  asked = null;
  draw();
}

function hit(link) {
  const node = document.createElement("span");
  node.className = "hit";
  node.append(...[...link.childNodes].map((child) => document.importNode(child, true)));
  const url = link.getAttribute("href");
  return { group: "Customers", node, run: () => location.assign(url) };
}

function changed() {
  const text = box.value.trim();
  at = 0;
  clearTimeout(timer);
  if (text.length < 2) {
    asked?.abort();
    asked = null;
    found = [];
  } else timer = setTimeout(lookUp, 120, text);
  draw();
}

if (dialog) {
  box.addEventListener("input", changed);
  box.addEventListener("keydown", (event) => {
    const move = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (move) select(at + move);
    else if (event.key === "Enter" && !event.isComposing) choose(at);
    else return;
    event.preventDefault();
  });
  // Before, not after: who types at once must not find the first letters gone.
  dialog.addEventListener("beforetoggle", (event) => {
    if (event.newState !== "open") return;
    box.value = "";
    found = [];
    changed();
  });
  document.addEventListener("keydown", (event) => {
    if (event.key.toLowerCase() !== "k" || !(event.ctrlKey || event.metaKey) || event.altKey) return;
    event.preventDefault();
    if (dialog.open) dialog.close();
    else if (!document.querySelector("dialog[open]")) dialog.showModal();
  });
}
