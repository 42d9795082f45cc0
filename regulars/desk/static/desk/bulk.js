// Picking customers: one, a run with Shift, x on the keyboard, the page, or all that match. On a
// phone picking is a mode, in which a tap anywhere on a row picks it.
const picked = new Set();
const narrow = matchMedia("(width < 48rem)");
let all = false;
let last = "";
let picking = false;

const bar = () => document.querySelector("form[data-bulk]");
const boxes = () => [...document.querySelectorAll("#table input[data-pick]")];

function forget() {
  picked.clear();
  all = false;
  last = "";
}

// What the boxes and the bar show follows from what is picked.
function show() {
  const form = bar();
  if (!form) return;
  const here = boxes();
  for (const box of here) {
    box.checked = all || picked.has(box.value);
    box.closest("tr").classList.toggle("picked", box.checked);
  }
  const page = document.querySelector("[data-pick-page]");
  const ticked = here.filter((box) => box.checked).length;
  if (page) {
    page.checked = here.length > 0 && ticked === here.length;
    page.indeterminate = ticked > 0 && !page.checked;
  }
  const matching = Number(form.dataset.matching);
  const most = matching > 1000 ? "1,000+" : String(matching || "");
  form.querySelector("[data-picked]").textContent = all ? `All${most ? ` ${most}` : ""}` : String(picked.size);
  form.querySelector("[data-pick-all]").hidden = all || !here.length;
  const field = form.querySelector("[data-all]");
  field.disabled = !all;
  field.value = all ? "1" : "";
  for (const deed of document.querySelectorAll("[name=deed]:is([data-least], [data-most])")) {
    const { least = 1, most = Infinity } = deed.dataset;
    deed.hidden = all ? most !== Infinity : picked.size < least || picked.size > most;
  }
  form.toggleAttribute("data-on", all || picked.size > 0);
  form.closest(".listing").toggleAttribute("data-picking", picking);
  document.querySelector("[data-pick-mode]")?.setAttribute("aria-pressed", String(picking));
}

function leave() {
  forget();
  picking = false;
  show();
}

function set(box, on) {
  if (on) picked.add(box.value);
  else picked.delete(box.value);
}

document.addEventListener("click", (event) => {
  const box = event.target.closest?.("#table input[data-pick]");
  if (box) {
    // One taken away from all that match: what is on the page stays picked.
    if (all) for (const other of boxes()) picked.add(other.value);
    all = false;
    const here = boxes();
    const from = here.findIndex((other) => other.value === last);
    const to = here.indexOf(box);
    const run = event.shiftKey && from >= 0 ? here.slice(Math.min(from, to), Math.max(from, to) + 1) : [box];
    for (const other of run) set(other, box.checked);
    last = box.value;
    show();
  } else if (event.target.closest?.("[data-pick-page]")) {
    all = false;
    for (const other of boxes()) set(other, event.target.checked);
    show();
  } else if (event.target.closest?.("[data-pick-all]")) {
    all = true;
    show();
    bar().querySelector("button[name=deed]")?.focus();
  } else if (event.target.closest?.("[data-pick-mode]")) {
    forget();
    picking = !picking;
    show();
  } else if (event.target.closest?.("[data-pick-none]")) {
    leave();
  }
});

document.addEventListener(
  "click",
  (event) => {
    const row = picking && narrow.matches && event.target.closest?.("#table [data-row]");
    if (!row || event.target.matches("[data-pick]")) return;
    event.preventDefault();
    event.stopPropagation();
    row.querySelector("[data-pick]").click();
  },
  true,
);

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || event.defaultPrevented || !(picking || bar()?.hasAttribute("data-on"))) return;
  if (document.querySelector("dialog[open], [popover]:popover-open")) return;
  leave();
});

// Those that scrolled away or are many go in one field.
document.addEventListener("formdata", (event) => {
  if (!event.target.matches?.("form[data-bulk]")) return;
  event.formData.delete("id");
  if (!all) event.formData.set("ids", [...picked].join(" "));
});

// Another list begins with nobody; the same one drawn anew keeps what is picked.
let list = location.search;
document.addEventListener("htmx:after:swap", () => {
  const address = new URL(location.href);
  for (const name of ["panel", "cursor"]) address.searchParams.delete(name);
  if (address.search !== list) forget();
  list = address.search;
  show();
});
window.addEventListener("pageshow", show);
show();
