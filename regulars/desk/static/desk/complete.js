// While a filter is typed: what could come next.
import { listbox } from "./listbox.js";

let asked = null;
let timer = 0;
const offered = listbox({
  name: "completions",
  label: "What could come next",
  ready: false,
  closed: () => asked?.abort(),
  take(option, input) {
    const { insert, start, end } = option.dataset;
    const open = /[\s:(]$/.test(insert);
    input.setRangeText(open ? insert : `${insert} `, Number(start), Number(end), "end");
  },
});

function written(item, n) {
  const option = document.createElement("li");
  option.role = "option";
  option.id = `completion-${n}`;
  Object.assign(option.dataset, { insert: item.insert, start: item.start, end: item.end });
  const text = document.createElement("b");
  text.textContent = item.insert.trim();
  option.append(text);
  if (item.label !== item.insert.trim().replace(/^"(.*)"$/, "$1")) option.append(` ${item.label}`);
  return option;
}

// Where names are searched for too, words are a filter once there is a sign in them.
const asks = (input) => input.type !== "search" || /[:=<>≥≤]/.test(input.value);

function combine(input) {
  input.role = "combobox";
  input.setAttribute("aria-autocomplete", "list");
  input.setAttribute("aria-expanded", "false");
}

async function offer(input) {
  asked?.abort();
  if (!asks(input)) return offered.close();
  if (input.role !== "combobox") combine(input);
  asked = new AbortController();
  const query = new URLSearchParams({ text: input.value, at: input.selectionStart });
  let items = [];
  try {
    const answer = await fetch(`${input.dataset.complete}?${query}`, { signal: asked.signal });
    if (answer.ok) ({ items } = await answer.json());
  } catch {
    return;
  }
  offered.offer(input, items.map(written));
}

function soon(input) {
  clearTimeout(timer);
  timer = setTimeout(() => offer(input), 120);
}

function begin(input) {
  if (!input?.matches?.("[data-complete]")) return;
  if (asks(input)) combine(input);
  soon(input);
}

document.addEventListener("input", (event) => {
  if (event.target.matches?.("[data-complete]")) soon(event.target);
});
document.addEventListener("focusin", (event) => begin(event.target));
begin(document.activeElement); // it was the first filter typed into that asked for this file
