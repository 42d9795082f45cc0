// The customer's page: the composer follows what is pressed, forms open in a dialog, and a log that
// was unrolled stays unrolled when it is fetched again. All of it works without script, one page more.

import { begin } from "./compose.js";

// Call, text and email links open their program; the composer is ready to log what follows.
document.addEventListener("click", (event) => {
  const pressed = event.target.closest?.("[data-compose]");
  if (!pressed || event.target.matches("input")) return;
  if (pressed.getAttribute("aria-disabled") === "true") return;
  const form = document.getElementById("composer");
  if (!form) return;
  if (pressed.matches("a[href^='#']")) event.preventDefault();
  setTimeout(() => {
    form.scrollIntoView({ block: "nearest" });
    begin(form, pressed.dataset.compose);
  });
});

// The dialog is open while a form stands in it.
function follow() {
  const dialog = document.getElementById("editor-dialog");
  const editor = document.getElementById("editor");
  if (!dialog || !editor) return;
  const form = editor.querySelector("form");
  if (form && !dialog.open) {
    dialog.setAttribute("aria-label", editor.dataset.title ?? "Edit");
    dialog.showModal();
    (form.querySelector("[autofocus]") ?? form.querySelector("input:not([type=hidden]), select"))?.focus();
  } else if (form) {
    form.querySelector("[aria-invalid=true]")?.focus();
  } else if (dialog.open) dialog.close();
}
document.addEventListener("htmx:after:settle", follow);

// Whoever wrote something goes on where they wrote; a keyboard on the glass does not come up again.
function resume() {
  if (document.activeElement !== document.body) return;
  const form = document.getElementById("composer");
  const place = matchMedia("(pointer: coarse)").matches ? "button[type=submit]" : "textarea";
  form?.querySelector(place)?.focus({ preventScroll: true });
}
document.addEventListener("htmx:finally:request", (event) => {
  if (event.detail.ctx.target?.id === "composer") resume();
});
document.addEventListener("files:kept", resume);
document.addEventListener("htmx:after:swap", (event) => {
  if (event.target.matches?.("[data-focus-wrong]")) event.target.querySelector("[aria-invalid=true]")?.focus();
});

document.addEventListener("click", (event) => {
  const dialog = event.target.closest?.("[data-cancel]")?.closest("dialog");
  if (!dialog) return;
  event.preventDefault();
  dialog.close();
});
document.getElementById("editor-dialog")?.addEventListener("close", () => {
  document.getElementById("editor")?.replaceChildren();
});

const narrow = matchMedia("(width < 48rem)");

// How far down the log is unrolled goes with every request that draws it again.
function downTo() {
  const end = document.querySelector("#timeline [data-down-to]");
  return document.querySelectorAll("#timeline .feed > li").length > 60 ? end?.dataset.downTo : "";
}
document.addEventListener("htmx:config:request", (event) => {
  const { request, target, sourceEvent } = event.detail.ctx;
  if (target?.id === "older") {
    // On a phone the details stand below: what was long ago comes when it is asked for.
    if (sourceEvent?.type === "intersect" && narrow.matches) event.preventDefault();
    return;
  }
  const body = request.body;
  if (body instanceof FormData || body instanceof URLSearchParams) {
    if (!/^GET$/i.test(request.method) && downTo()) body.append("down_to", downTo());
  }
});
document.addEventListener("htmx:after:settle", () => {
  const log = document.getElementById("timeline");
  if (!log?.dataset.liveUrl) return;
  const url = new URL(log.dataset.liveUrl, location.href);
  if (downTo()) url.searchParams.set("down_to", downTo());
  else url.searchParams.delete("down_to");
  log.dataset.liveUrl = url.pathname + url.search;
});

// A tag nobody has yet is made by typing it: said before it is sent.
document.addEventListener("input", (event) => {
  if (event.target.id !== "tag-add") return;
  const known = document.getElementById("known-tags");
  const said = document.getElementById("tag-new");
  if (!said) return;
  const typed = event.target.value.trim();
  const same = (option) => option.value.toLowerCase() === typed.toLowerCase();
  const isNew = typed && known?.hasAttribute("data-whole") && ![...known.options].some(same);
  said.textContent = isNew ? `New tag “${typed}”` : "";
});
