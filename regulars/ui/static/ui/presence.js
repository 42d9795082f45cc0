// A heartbeat while the page is looked at: what the green dot beside a colleague's name means.
import { csrf } from "./csrf.js";

const EVERY = 60_000;
let last = 0;

function beat() {
  if (document.hidden || !csrf() || Date.now() - last < EVERY / 2) return;
  last = Date.now();
  fetch("/presence/", {
    method: "POST",
    headers: { "X-CSRFToken": csrf(), "HX-Request": "true" },
    credentials: "same-origin",
    redirect: "manual",
  }).catch(() => {});
}

setInterval(beat, EVERY);
document.addEventListener("visibilitychange", beat);
setTimeout(beat, 2000);
