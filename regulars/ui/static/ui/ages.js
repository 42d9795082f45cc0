// Ages move with the server's clock: a mark goes from new to warm to late without a reload.
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

const offset = (() => {
  const arrival = performance.getEntriesByType("navigation")[0];
  const sent = Date.parse(document.querySelector("meta[name=clock]")?.content ?? "");
  // A page taken from the browser's own store carries an old clock.
  if (!sent || arrival?.type === "back_forward") return Number(sessionStorage.getItem("clock")) || 0;
  const found = sent - (performance.timeOrigin + (arrival?.responseStart ?? 0));
  const kept = Math.abs(found) < 2000 ? 0 : found;
  sessionStorage.setItem("clock", String(kept));
  return kept;
})();

export const now = () => Date.now() + offset;

export function span(milliseconds) {
  const minutes = Math.max(0, Math.floor(milliseconds / MINUTE));
  if (minutes < 60) return `${Math.max(1, minutes)} min`;
  if (minutes < 24 * 60) {
    const rest = minutes % 60;
    return `${Math.floor(minutes / 60)} h${rest ? ` ${String(rest).padStart(2, "0")}` : ""}`;
  }
  const days = Math.floor(minutes / (24 * 60));
  return days === 1 ? "1 day" : `${days} days`;
}

function kindOf(mark, at) {
  if (!mark.dataset.newUntil) return null;
  if (at <= Date.parse(mark.dataset.newUntil)) return "new";
  return at <= Date.parse(mark.dataset.warmUntil) ? "warm" : "late";
}

function waiting(mark, at) {
  const whole = mark.closest(".age");
  const kind = kindOf(mark, at);
  if (kind && whole && !whole.classList.contains(kind)) {
    whole.classList.remove("new", "warm", "late");
    whole.classList.add(kind);
    const use = whole.querySelector("use");
    use?.setAttribute("href", use.getAttribute("href").replace(/#.*/, `#age-${kind}`));
  }
  const isNew = whole?.classList.contains("new");
  const lead = mark.dataset.prefix || (isNew ? "New · " : "");
  say(mark, lead + span(at - Date.parse(mark.dateTime)));
}

function past(mark, at) {
  const gap = at - Date.parse(mark.dateTime);
  if (gap < 0 || gap > 2 * HOUR) return;
  if (gap < MINUTE) say(mark, "just now");
  else if (gap < HOUR) say(mark, span(gap));
  else if (/^(just now|\d+ min)$/.test(mark.textContent)) {
    // The server says times in the viewer's zone; the exact time in the title is already in it.
    const time = mark.closest("[title]")?.title.split(", ").pop();
    if (time) say(mark, `Today ${time}`);
  }
}

function say(mark, text) {
  if (mark.textContent !== text) mark.textContent = text;
}

function move() {
  if (document.hidden) return;
  const at = now();
  for (const mark of document.querySelectorAll("time[data-age]")) waiting(mark, at);
  for (const mark of document.querySelectorAll("time[data-ago]")) past(mark, at);
}

setInterval(move, 5000);
document.addEventListener("visibilitychange", move);
document.addEventListener("htmx:after:settle", move);
