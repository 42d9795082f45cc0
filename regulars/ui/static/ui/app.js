// The entry: what every page needs from the browser. Each module looks after one thing, listens on
// the document, and finds its elements by data attributes, so swapped-in regions need no set-up.
import "./ages.js";
import "./commands.js";
import "./forms.js";
import "./keys.js";
import "./live.js";
import "./menus.js";
import "./presence.js";
import { toast } from "./toast.js";
import { csrf } from "./csrf.js";

document.addEventListener("htmx:config:request", (event) => {
  const { request } = event.detail.ctx;
  if (!isRead(request)) request.headers["X-CSRFToken"] = csrf();
});

// htmx looks at the page a moment after it is loaded; a key pressed before would follow the link.
document.addEventListener("DOMContentLoaded", () => window.htmx?.process(document.body));

// A whole page in answer to a request for a region: signed out, moved, or an error page.
document.addEventListener("htmx:after:request", (event) => {
  const { ctx } = event.detail;
  const status = ctx.response.status;
  const whole = /^\s*<!doctype/i.test(ctx.text ?? "");
  if (status >= 400 && status !== 422 && status !== 409) {
    event.preventDefault();
    toast(words(status, isRead(ctx.request)), "error");
  } else if (whole && ctx.target !== document.body && !ctx.select) {
    event.preventDefault();
    location.assign(ctx.response.raw.url);
  }
});

document.addEventListener("htmx:error", (event) => {
  const { ctx, error } = event.detail;
  if (!ctx || error?.name === "AbortError") return;
  toast(`No answer from the server. ${isRead(ctx.request) ? "Check the connection and try again." : UNSURE}`, "error");
});

// Whoever sent a change and got no good answer cannot know whether it is kept, nor can we.
const UNSURE = "Reload the page to see whether your change was kept.";

const isRead = (request) => /^(GET|HEAD)$/i.test(request?.method ?? "GET");

function words(status, read) {
  if (status === 403) return "You may not do that. Nothing was changed.";
  if (status === 404) return "This is no longer here. Reload the page to see what is.";
  if (status === 412) return "Somebody changed this in the meantime. Reload the page, then try again.";
  if (status === 429) return "Too many requests at once. Wait a moment, then try again.";
  if (status < 500) return "That was refused and nothing was changed. Reload the page and try again.";
  return `Something broke on our side. ${read ? "Please try again in a moment." : UNSURE}`;
}

// Below 64 rem the side panel is a page: the link is followed instead of fetched.
document.addEventListener(
  "click",
  (event) => {
    const link = event.target.closest?.("a[data-open][hx-get]");
    if (link && matchMedia("(width < 64rem)").matches) event.stopPropagation();
  },
  true,
);
