// Files dropped on a customer, pasted as a picture or chosen: sent one after the other, with how far
// each has come. Without script the same form sends them.
import { csrf } from "../ui/csrf.js";

const form = () => document.querySelector("form[data-send]");
let card = null;
let waiting = [];
let busy = false;

function line(name) {
  if (!card?.isConnected) {
    card = document.createElement("section");
    card.className = "sending";
    card.setAttribute("role", "status");
    card.ariaLabel = "Files being sent";
    card.append(document.createElement("ul"));
    document.body.append(card);
  }
  const item = document.createElement("li");
  const words = document.createElement("span");
  const bar = document.createElement("progress");
  words.textContent = name;
  bar.max = 1;
  bar.value = 0;
  bar.ariaLabel = `Sending ${name}`;
  item.append(words, bar);
  card.firstElementChild.append(item);
  return { item, bar };
}

function failed({ item, bar }, why) {
  const words = document.createElement("p");
  words.className = "error";
  words.textContent = why;
  bar.replaceWith(words);
  if (card.querySelector("button")) return;
  const close = document.createElement("button");
  close.type = "button";
  close.className = "btn sm";
  close.textContent = "Close";
  close.addEventListener("click", () => card.remove());
  card.append(close);
}

// What the server said was wrong, in its words.
function why(request) {
  try {
    const said = JSON.parse(request.responseText).errors;
    if (said?.length) return said.join(" ");
  } catch {
    // Not ours: a proxy's page, or nothing at all.
  }
  if (request.status === 413) return "This is larger than can be sent.";
  return request.status ? "It was not kept. Try again." : "The connection was lost. Try again.";
}

function send(url, file, shown) {
  return new Promise((finished) => {
    const request = new XMLHttpRequest();
    const body = new FormData();
    body.append("file", file, file.name || "picture.png");
    request.open("POST", url);
    request.setRequestHeader("Accept", "application/json");
    request.setRequestHeader("X-CSRFToken", csrf());
    request.upload.addEventListener("progress", (event) => {
      if (event.lengthComputable) shown.bar.value = event.loaded / event.total;
    });
    request.addEventListener("loadend", () => {
      if (request.status === 201) shown.item.remove();
      else failed(shown, why(request));
      finished(request.status === 201);
    });
    request.send(body);
  });
}

function redraw() {
  const log = document.getElementById("timeline");
  if (!log) return location.reload();
  const at = location.pathname + location.search;
  window.htmx.ajax("GET", at, { source: log, target: log, swap: "outerMorph", push: "false" }).then(() => document.dispatchEvent(new Event("files:kept")));
}

async function go() {
  if (busy) return;
  busy = true;
  let kept = 0;
  while (waiting.length) {
    const { url, file, shown } = waiting.shift();
    if (await send(url, file, shown)) kept += 1;
  }
  busy = false;
  if (card && !card.querySelector("li")) card.remove();
  if (kept) redraw();
}

function take(files) {
  const to = form();
  if (!to || !files.length) return;
  for (const file of files) {
    const shown = line(file.name || "Pasted picture");
    if (file.size > Number(to.dataset.most)) failed(shown, `A file has at most ${to.dataset.mostShown}.`);
    else if (!file.size) failed(shown, "The file is empty.");
    else waiting.push({ url: to.action, file, shown });
  }
  go();
}

// A whole page to drop on; `depth` because every element entered says so.
const zone = () => document.querySelector("[data-drop]");
const holdsFiles = (event) => [...(event.dataTransfer?.types ?? [])].includes("Files");
let depth = 0;
function over(yes) {
  zone()?.classList.toggle("over", yes);
}
document.addEventListener("dragenter", (event) => {
  if (!form() || !holdsFiles(event)) return;
  event.preventDefault();
  depth += 1;
  over(true);
});
document.addEventListener("dragleave", (event) => {
  if (!form() || !holdsFiles(event)) return;
  depth = Math.max(0, depth - 1);
  if (!depth) over(false);
});
document.addEventListener("dragover", (event) => {
  if (form() && holdsFiles(event)) event.preventDefault();
});
document.addEventListener("drop", (event) => {
  if (!form() || !holdsFiles(event)) return;
  event.preventDefault();
  depth = 0;
  over(false);
  take([...event.dataTransfer.files]);
});

// A picture pasted anywhere but as text into a box.
document.addEventListener("paste", (event) => {
  const files = [...(event.clipboardData?.files ?? [])];
  if (!files.length || !form()) return;
  event.preventDefault();
  take(files);
});

document.addEventListener("change", (event) => {
  const box = event.target;
  if (!box.matches?.("form[data-send] input[type=file]")) return;
  take([...box.files]);
  box.value = "";
});
