// A fact becomes its field where it stands: click or Enter opens it, Enter keeps, Esc takes back, Tab
// keeps and goes on. Each is a link and a form of its own, so all of it works without script too.

// Where the keyboard is to be when the answer is here: in a cell's field, or on its text.
let wanted = null;

const url = (link, query = "") => link.getAttribute("href") + query;
const fieldOf = (cell) => cell.querySelector("[name=value]:not([type=hidden])");
const visible = (element) => element.checkVisibility();

function fetchInto(cell, address) {
  window.htmx.ajax("GET", address, { source: cell, target: `#${cell.id}`, swap: "outerHTML", push: "false" });
}

function open(cell, how = "field") {
  const link = cell.querySelector("a[data-fact]");
  if (!link) return;
  wanted = { id: cell.id, how };
  fetchInto(cell, url(link));
}

function cancel(cell, stay = true) {
  const form = cell.querySelector("form[data-cell]");
  if (stay) wanted = { id: cell.id, how: "text" };
  fetchInto(cell, `${form.getAttribute("action")}?shown=`);
}

function differs(cell) {
  return [...cell.querySelectorAll("input:not([type=hidden]), textarea, select")].some((field) =>
    field.matches("select") ? !field.selectedOptions[0]?.defaultSelected : field.value !== field.defaultValue,
  );
}

// Whoever marks the text to copy it does not want to change it.
function isMarked(link) {
  const marked = getSelection();
  return marked?.type === "Range" && link.contains(marked.anchorNode);
}

document.addEventListener("click", (event) => {
  if (!window.htmx || event.defaultPrevented || event.button || event.ctrlKey || event.metaKey || event.shiftKey) return;
  const link = event.target.closest?.("a[data-fact], a[data-cell-cancel]");
  const cell = link?.dataset.fact ? document.getElementById(link.dataset.fact) : link?.closest(".cell");
  if (!cell) return;
  event.preventDefault();
  link.closest("[popover]")?.hidePopover();
  if (link.matches("[data-cell-cancel]")) cancel(cell);
  else if (!isMarked(link)) open(cell, event.detail ? "pointed" : "field");
});

// Tab goes from fact to fact, whichever are on the page.
function next(cell, by) {
  const cells = [...document.querySelectorAll("#customer .cell")].filter(
    (one) => one === cell || (one.querySelector("a[data-fact]") && visible(one)),
  );
  return cells[cells.indexOf(cell) + by];
}

function leave(cell, by) {
  const neighbour = next(cell, by);
  if (differs(cell)) cell.querySelector("form").requestSubmit();
  else cancel(cell, false);
  if (neighbour) open(neighbour);
}

document.addEventListener("keydown", (event) => {
  const cell = event.target.closest?.("#customer .cell.open");
  if (!cell || event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
  const field = event.target.matches("input, textarea, select");
  if (event.key === "Escape") cancel(cell);
  else if (event.key === "Enter" && event.target.matches("textarea, select") && !event.shiftKey) {
    event.target.form.requestSubmit();
  } else if (event.key === "Tab" && field && !isFollowed(event)) leave(cell, event.shiftKey ? -1 : 1);
  else if (/^Arrow(Up|Down)$/.test(event.key) && event.target.matches("select")) {
    if (!unfold(event.target)) return;
  } else return;
  event.preventDefault();
  event.stopPropagation();
});

// From the source to its own words and back Tab goes as ever.
function isFollowed(event) {
  const fields = [...event.target.form.querySelectorAll("input:not([type=hidden]), textarea, select")].filter(visible);
  return !!fields[fields.indexOf(event.target) + (event.shiftKey ? -1 : 1)];
}

// One choice is enough, unless it asks for words.
document.addEventListener("change", (event) => {
  const select = event.target;
  if (!select.matches?.("#customer .cell.open select")) return;
  const words = select.form.querySelector("[name=words]");
  if (words && select.value === "other") {
    words.closest("[hidden]")?.removeAttribute("hidden");
    words.focus();
  } else select.form.requestSubmit();
});

function unfold(select) {
  try {
    select.showPicker();
    return true;
  } catch {
    return false;
  }
}

// What is kept may be gone with it, an address that was emptied or a row by its menu: then the
// keyboard goes on beside it.
function beside(element) {
  const cells = [...document.querySelectorAll("#customer .cell")].filter((one) => !element.contains(one));
  const at = cells.findIndex((one) => element.compareDocumentPosition(one) & Node.DOCUMENT_POSITION_FOLLOWING);
  const after = at < 0 ? cells.length : at;
  return [...cells.slice(after), ...cells.slice(0, after).reverse()].map((one) => one.id);
}

document.addEventListener("submit", (event) => {
  const cell = event.target.closest?.("#customer .cell.open");
  const row = event.target.closest?.("#customer [popover].menu")?.closest(".reachable, .card");
  if (cell && cell.contains(document.activeElement)) {
    wanted = { id: cell.id, how: "text", beside: beside(cell.closest(".reachable") ?? cell) };
  } else if (row) wanted = { id: row.id, how: "row", beside: beside(row) };
}, true);

function goBeside(ids) {
  const links = ids.map((id) => document.getElementById(id)?.querySelector("a[data-fact]"));
  links.find((link) => link && visible(link))?.focus({ preventScroll: true });
}

document.addEventListener("htmx:after:settle", () => {
  const cell = wanted && document.getElementById(wanted.id);
  if (wanted?.beside && !cell && document.activeElement === document.body) {
    goBeside(wanted.beside);
    wanted = null;
  }
  if (!cell) return;
  const field = fieldOf(cell);
  const link = cell.querySelector("a[data-fact]");
  const { how } = wanted;
  if (field && (how !== "text" || field.matches("[aria-invalid]"))) {
    wanted = null;
    field.focus();
    if (field.matches("input")) field.select();
    else if (field.matches("select") && how === "pointed") unfold(field);
  } else if (link && how === "text") {
    wanted = null;
    if (document.activeElement === document.body) link.focus({ preventScroll: true });
  } else if (cell.matches(".torn")) {
    wanted = null;
    cell.querySelector("a, button")?.focus();
  }
});

// What was just kept shows its tick while the page around it is drawn anew.
document.addEventListener("htmx:before:morph:attr", (event) => {
  if (event.detail.attrName === "data-saved") event.preventDefault();
});

// What is being typed outlives whatever draws the page around it anew: the cell that is open goes to
// where its fact stands now. Where that is gone, the server says who removed it, and what was typed.
const openCells = new WeakMap();
document.addEventListener("htmx:before:swap", (event) => {
  const { ctx } = event.detail;
  const own = ctx.sourceElement?.closest?.(".cell");
  const cells = [...document.querySelectorAll("#customer .cell.open")].filter((cell) => cell !== own && cell !== ctx.target);
  openCells.set(ctx, cells.map((cell) => ({ cell, zone: cell.closest(".zone").id, at: cell.contains(document.activeElement) ? document.activeElement : null })));
});
document.addEventListener("htmx:after:swap", (event) => {
  for (const { cell, zone, at } of openCells.get(event.detail.ctx) ?? []) {
    if (cell.isConnected) continue;
    const now = document.getElementById(cell.id);
    const form = cell.querySelector("form");
    if (now) now.replaceWith(cell);
    else if (cell.matches(".torn") || differs(cell)) document.getElementById(zone)?.prepend(cell);
    else continue;
    if (form) delete form._htmx; // htmx takes what it has cleaned up for what it still looks after
    window.htmx.process(cell);
    at?.focus({ preventScroll: true });
    if (!now) form?.requestSubmit();
  }
});
