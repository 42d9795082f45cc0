// Toasts leave by themselves, later when they are errors, never while pointed at or focused.
const STAY = { error: 15000, other: 7000 };

function leave(element) {
  element.classList.add("leaving");
  setTimeout(() => element.remove(), 160);
}

function watch(element) {
  if (element.dataset.toast === "watched") return;
  element.dataset.toast = "watched";
  const wait = element.classList.contains("error") ? STAY.error : STAY.other;
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

const watchAll = () => document.querySelectorAll("[data-toast]").forEach(watch);
document.addEventListener("htmx:after:settle", watchAll);
watchAll();
