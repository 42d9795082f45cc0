// While a filter is typed: what could come next. Arrows choose, Enter or Tab takes, Escape closes.
let box = null;
let list = null;
let asked = null;
let timer = 0;

function close() {
  asked?.abort();
  list?.remove();
  for (const name of ["aria-controls", "aria-activedescendant", "aria-expanded"]) box?.removeAttribute(name);
  box = list = null;
}

function select(option) {
  for (const one of list.children) one.ariaSelected = String(one === option);
  if (!option) return box.removeAttribute("aria-activedescendant");
  box.setAttribute("aria-activedescendant", option.id);
  option.scrollIntoView({ block: "nearest" });
}

async function offer(input) {
  asked?.abort();
  asked = new AbortController();
  const query = new URLSearchParams({ text: input.value, at: input.selectionStart });
  let items = [];
  try {
    const answer = await fetch(`${input.dataset.complete}?${query}`, { signal: asked.signal });
    if (answer.ok) ({ items } = await answer.json());
  } catch {
    return;
  }
  if (!items.length || document.activeElement !== input) return close();
  if (box !== input) close();
  if (!list) {
    box = input;
    list = document.createElement("ul");
    list.id = "completions";
    list.className = "completions";
    list.role = "listbox";
    list.ariaLabel = "What could come next";
    input.after(list);
    input.setAttribute("aria-controls", list.id);
    input.setAttribute("aria-expanded", "true");
  }
  list.replaceChildren(
    ...items.map((item, n) => {
      const option = document.createElement("li");
      option.role = "option";
      option.id = `completion-${n}`;
      Object.assign(option.dataset, { insert: item.insert, start: item.start, end: item.end });
      const written = document.createElement("b");
      written.textContent = item.insert.trim();
      option.append(written);
      if (item.label !== item.insert.trim()) option.append(` ${item.label}`);
      return option;
    }),
  );
  select(null);
}

function take(option) {
  const input = box;
  const { insert, start, end } = option.dataset;
  const open = /[\s:(]$/.test(insert);
  input.setRangeText(open ? insert : `${insert} `, Number(start), Number(end), "end");
  close();
  input.focus();
  input.dispatchEvent(new Event("input", { bubbles: true }));
}

function soon(input) {
  clearTimeout(timer);
  timer = setTimeout(() => offer(input), 120);
}

document.addEventListener("input", (event) => {
  if (event.target.matches?.("[data-complete]")) soon(event.target);
});
function begin(input) {
  if (!input?.matches?.("[data-complete]")) return;
  input.role = "combobox";
  input.setAttribute("aria-autocomplete", "list");
  input.setAttribute("aria-expanded", "false");
  soon(input);
}
document.addEventListener("focusin", (event) => begin(event.target));
begin(document.activeElement); // it was the first filter typed into that asked for this file

document.addEventListener(
  "keydown",
  (event) => {
    if (!list?.isConnected || event.target !== box || event.isComposing) return;
    const options = [...list.children];
    const at = options.findIndex((one) => one.ariaSelected === "true");
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) select(options.at(at < 0 && step < 0 ? -1 : (at + step) % options.length));
    else if ((event.key === "Enter" || event.key === "Tab") && at >= 0) take(options[at]);
    else if (event.key === "Escape") close();
    else return;
    event.preventDefault();
    event.stopPropagation();
  },
  true,
);

document.addEventListener("pointerdown", (event) => {
  const option = event.target.closest?.("#completions [role=option]");
  if (!option) return;
  event.preventDefault();
  take(option);
});
document.addEventListener("focusout", (event) => {
  if (event.target === box) setTimeout(() => document.activeElement !== box && close(), 100);
});
