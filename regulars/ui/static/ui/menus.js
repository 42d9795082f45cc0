// Menus are native popovers; this adds arrow keys, and closes them once something was chosen.
document.addEventListener("keydown", (event) => {
  const menu = event.target.closest?.("[popover].menu");
  if (!menu || !/^Arrow(Up|Down)$|^Home$|^End$/.test(event.key)) return;
  const items = [...menu.querySelectorAll("a[href], button, input, select")].filter(
    (item) => !item.disabled && item.getClientRects().length,
  );
  const at = items.indexOf(document.activeElement);
  const next = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: -1 }[event.key];
  items.at(next % items.length)?.focus();
  event.preventDefault();
});

document.addEventListener(
  "toggle",
  (event) => {
    if (event.newState === "open" && event.target.matches?.("[popover].menu")) {
      event.target.querySelector("[autofocus], a[href], button, input")?.focus();
    }
  },
  true,
);

document.addEventListener("click", (event) => {
  const chosen = event.target.closest?.("[popover].menu :is(a, button)");
  if (chosen && !chosen.hasAttribute("popovertarget") && !chosen.closest("[data-stay]")) {
    chosen.closest("[popover]").hidePopover();
  }
  // A click on the dark around a dialog closes it.
  if (event.target.matches?.("dialog[open]")) {
    const box = event.target.getBoundingClientRect();
    const { clientX: x, clientY: y } = event;
    if (x && (x < box.left || x > box.right || y < box.top || y > box.bottom)) event.target.close();
  }
});

// In a panel or a phone's page, Escape leaves by its close link.
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || document.querySelector("dialog[open], [popover]:popover-open")) return;
  if (event.target.matches?.("input, textarea, select")) event.target.blur();
  else document.querySelector("[data-escape]")?.click();
});
