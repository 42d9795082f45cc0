// Toasts leave by themselves, later when they are errors, never while pointed at or focused.
const STAY = { error: 15000, undo: 12000, other: 7000 };

function leave(element) {
  element.classList.add("leaving");
  setTimeout(() => element.remove(), 160);
}

function watch(element) {
  if (element.dataset.toast === "watched") return;
  element.dataset.toast = "watched";
  const undo = element.querySelector("[data-undo]");
  const wait = element.classList.contains("error") ? STAY.error : undo ? STAY.undo : STAY.other;
  // The key takes back what was done last.
  if (undo) for (const older of document.querySelectorAll(".toast [data-key=z]")) {
    if (!undo.contains(older)) delete older.dataset.key;
  }
  let timer = setTimeout(() => leave(element), wait);
  const hold = () => clearTimeout(timer);
  const release = () => {
    hold();
    timer = setTimeout(() => leave(element), wait / 2);
  };
  element.addEventListener("pointerenter", hold);
  element.addEventListener("focusin", hold);
  element.addEventListener("pointerleave", release);
  element.addEventListener("focusout", release);
}

export function toast(text, kind = "") {
  const room = document.getElementById("toasts");
  if (!room || [...room.children].some((c) => c.dataset.said === text)) return;
  const element = document.createElement("div");
  element.className = `toast ${kind}`;
  element.dataset.said = text;
  const words = document.createElement("span");
  words.textContent = text;
  const close = document.createElement("button");
  close.type = "button";
  close.className = "close";
  close.dataset.closeToast = "";
  close.setAttribute("aria-label", "Close");
  close.textContent = "×";
  element.append(words, close);
  room.append(element);
  watch(element);
}

document.addEventListener("click", (event) => {
  const button = event.target.closest?.("[data-close-toast]");
  if (button) leave(button.closest(".toast"));
});

// Where the deed was done it is undone, without leaving the page: its region is drawn anew.
document.addEventListener("submit", (event) => {
  const form = event.target.closest?.("form[data-undo]");
  const target = form && document.querySelector("[data-after-deeds]");
  if (!target || !window.htmx) return;
  event.preventDefault();
  event.stopPropagation();
  leave(form.closest(".toast"));
  const values = { next: location.pathname + location.search };
  window.htmx.ajax("POST", form.getAttribute("action"), { source: target, target, swap: "outerMorph", push: "false", values });
}, true);

const watchAll = () => document.querySelectorAll("[data-toast]").forEach(watch);
document.addEventListener("htmx:after:settle", watchAll);
watchAll();
