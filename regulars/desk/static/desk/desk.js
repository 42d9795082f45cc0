// What the list and the queue add to the page: act on a row, walk on.
import { compose } from "./compose.js";

const region = () => document.querySelector("[data-after-deeds]");
const side = () => document.getElementById("side");

function here() {
  const address = new URL(location.href);
  address.searchParams.delete("cursor");
  return address.pathname + address.search;
}

function currentRow() {
  const focused = document.activeElement?.closest?.("[data-row]");
  return focused ?? document.querySelector("[data-row][aria-current=true]");
}

// A deed is posted and the region it belongs to is drawn anew; without script the form does it.
function send(url, values) {
  const target = region();
  if (!target || !window.htmx) return false;
  const about = { ...values, next: here() };
  window.htmx.ajax("POST", url, { source: target, target, swap: "outerMorph", push: "false", values: about });
  return true;
}

document.addEventListener("submit", (event) => {
  const form = event.target.closest?.("form[data-deed]");
  if (!form) return;
  const { submitter } = event;
  const url = submitter?.getAttribute("formaction") || form.getAttribute("action");
  const values = Object.fromEntries(new FormData(form, submitter));
  if (!url || !send(url, values)) return;
  event.preventDefault();
  event.stopPropagation();
  form.closest("[popover]")?.hidePopover();
  form.closest("dialog")?.close();
}, true);

// Calling, texting and writing open the phone or mail program; the composer is ready to log it.
document.addEventListener("click", (event) => {
  const link = event.target.closest?.("a[data-log]");
  if (link) compose(link.closest("[data-events]"), link.dataset.log);
});

// What completes a filter comes when one is typed.
const complete = (field) => field?.matches?.("[data-complete]") && import("./complete.js");
document.addEventListener("focusin", (event) => complete(event.target));
complete(document.activeElement);

document.addEventListener("click", (event) => {
  const button = event.target.closest?.("[data-note]");
  if (!button) return;
  event.preventDefault();
  compose(button.closest("[data-events]") ?? currentRow(), "note.added");
});

// One menu serves every row: it is filled when a row opens it.
let opened = null;
document.addEventListener("click", (event) => {
  const button = event.target.closest?.("[data-row-more]");
  if (button) {
    opened = button.closest("[data-row]");
    const href = opened.querySelector("a[data-open]").href;
    for (const link of document.querySelectorAll("#row-more [data-fill=open]")) link.href = href;
  } else if (event.target.closest?.("[data-fill=note]")) compose(opened, "note.added");
});

// Choices are found by typing; a field opens when something in it fits.
const fold = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
document.addEventListener("input", (event) => {
  if (!event.target.matches?.("[data-narrow]")) return;
  const sought = fold(event.target.value.trim());
  const list = event.target.closest(".narrowing").querySelector("[data-narrowed]");
  for (const choice of list.querySelectorAll("a, button")) {
    if (!choice.closest("form.typed")) choice.hidden = !fold(choice.textContent).includes(sought);
  }
  for (const field of list.querySelectorAll("details")) {
    const choices = [...field.querySelectorAll("a")];
    const named = fold(field.querySelector("summary").textContent).includes(sought);
    field.name = sought ? "" : "field";
    if (named) for (const choice of choices) choice.hidden = false;
    field.hidden = !named && !choices.some((choice) => !choice.hidden);
    field.open = !!sought && !field.hidden && !named;
  }
});
document.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || !event.target.matches?.("[data-narrow]")) return;
  event.preventDefault();
  const list = event.target.closest(".narrowing").querySelector("[data-narrowed]");
  const seen = (wanted) => [...list.querySelectorAll(wanted)].find((choice) => choice.checkVisibility());
  (seen("a, button") ?? seen("summary"))?.click();
});

// The panel: whoever asks twice gets the whole profile instead.
document.addEventListener("htmx:before:request", (event) => {
  const link = event.detail.ctx.sourceElement;
  if (!link?.matches?.("a[data-open]")) return;
  const row = link.closest("[data-row]");
  const again = row.getAttribute("aria-current") === "true" && side()?.childElementCount;
  if (!again) return;
  event.preventDefault();
  location.assign(link.href);
});

function point() {
  const id = side()?.dataset.id;
  if (!side()) return;
  for (const row of document.querySelectorAll("#table [data-row]")) {
    if (id && row.id === `c-${id}`) {
      row.setAttribute("aria-current", "true");
      if (row.classList.replace("unread", "read")) row.querySelector(".c-name > .vh")?.remove();
    } else row.removeAttribute("aria-current");
  }
}
document.addEventListener("htmx:after:swap", point);

document.addEventListener("click", (event) => {
  const by = Number(event.target.closest?.("[data-step]")?.dataset.step);
  if (!by) return;
  const rows = [...document.querySelectorAll("#table [data-row]")];
  const at = rows.findIndex((row) => row.getAttribute("aria-current") === "true");
  const next = rows[at + by];
  next?.scrollIntoView({ block: "nearest" });
  next?.querySelector("a[data-open]").click();
});

// Rows that scroll sideways have no link over them: the row itself is clicked.
document.addEventListener("click", (event) => {
  const row = event.target.closest?.("tr[data-row]");
  if (!row || event.target.closest("a, button, input, label") || getSelection()?.toString()) return;
  row.querySelector("a[data-open]")?.click();
});

// Nobody is focused: Enter opens the first in the queue or the open row.
document.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.defaultPrevented || document.activeElement !== document.body) return;
  if (document.querySelector("dialog[open], [popover]:popover-open")) return;
  currentRow()?.querySelector("a[data-open]")?.click();
});
