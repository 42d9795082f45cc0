// A colleague's change appears by itself: the server says what changed, the region is fetched again.
const SETTLE = 250;
const LONGEST = 30_000;
let source = null;
let wait = 1000;
let missed = false;
const due = new Map();
const asked = new WeakMap();

function fits(element, ids) {
  return element.dataset.live.split(/\s+/).some((name) => {
    if (ids === null || name === "list") return true;
    return name.startsWith("customer:") && ids.includes(name.slice("customer:".length));
  });
}

const address = (element) => element.dataset.liveUrl || location.pathname + location.search;

function refetch(element) {
  due.delete(element);
  if (!element.isConnected) return;
  const url = address(element);
  asked.set(element, url);
  window.htmx?.ajax("GET", url, { source: element, target: element, swap: "outerMorph", push: "false" });
}

// Somebody went on to another shelf or filter before the answer came: it is not for this any more.
document.addEventListener("htmx:after:request", (event) => {
  const { ctx } = event.detail;
  const element = ctx.sourceElement;
  const url = asked.get(element);
  if (!url || ctx.target !== element || ctx.request.method !== "GET") return;
  asked.delete(element);
  if (url === address(element)) return;
  event.preventDefault();
  refetch(element);
});

// `ids` null: anything may have changed.
function changed(ids) {
  for (const element of document.querySelectorAll("[data-live]")) {
    if (!fits(element, ids) || due.has(element)) continue;
    due.set(element, setTimeout(refetch, SETTLE + Math.random() * SETTLE, element));
  }
}

function hear(event) {
  let said;
  try {
    said = JSON.parse(event.data);
  } catch {
    return;
  }
  const ids = said.all ? null : (said.customers ?? []).map(String);
  document.dispatchEvent(new CustomEvent("live:customers", { detail: { ids } }));
  changed(ids);
}

function open() {
  if (source || document.hidden || !document.querySelector("[data-live]")) return;
  source = new EventSource("/live");
  source.addEventListener("open", () => {
    wait = 1000;
    document.documentElement.dataset.connection = "live";
    if (missed) changed(null);
    missed = false;
  });
  source.addEventListener("message", hear);
  source.addEventListener("customers", hear);
  source.addEventListener("error", () => {
    close();
    document.documentElement.dataset.connection = "lost";
    setTimeout(open, wait * (0.75 + Math.random() / 2));
    wait = Math.min(wait * 2, LONGEST);
  });
}

function close() {
  source?.close();
  source = null;
  missed = true;
}

document.addEventListener("visibilitychange", () => (document.hidden ? close() : open()));
document.addEventListener("htmx:after:settle", open);
window.addEventListener("pagehide", close);
window.addEventListener("pageshow", open);
open();
