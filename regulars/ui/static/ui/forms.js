// Small courtesies of forms; each works without script too, with one click more.

// Ctrl/⌘ Enter sends the form one is writing in.
document.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
  const form = event.target.closest?.("form");
  if (form && event.target.matches("textarea, input, select")) {
    event.preventDefault();
    form.requestSubmit();
  }
});

// A form that is sent as soon as something in it is chosen.
document.addEventListener("change", (event) => {
  const form = event.target.closest?.("form[data-autosubmit]");
  if (form && !event.target.matches("[data-wait]")) form.requestSubmit();
});

// One checkbox for all, and how many are picked.
function count(room) {
  const picks = [...room.querySelectorAll("input[data-pick]")];
  const picked = picks.filter((pick) => pick.checked).length;
  for (const pick of picks) pick.closest("[data-row]")?.classList.toggle("picked", pick.checked);
  for (const bar of room.querySelectorAll("[data-picked]")) {
    bar.hidden = picked === 0;
    const number = bar.querySelector("[data-count]");
    if (number) number.textContent = String(picked);
  }
}
document.addEventListener("change", (event) => {
  const room = event.target.closest?.("[data-picks]");
  if (!room) return;
  if (event.target.matches("[data-pick-all]")) {
    for (const pick of room.querySelectorAll("input[data-pick]")) pick.checked = event.target.checked;
  }
  count(room);
});
document.addEventListener("htmx:after:settle", () => {
  document.querySelectorAll("[data-picks]").forEach(count);
});

// A field that only matters for one choice of another: data-shown-for="source=other".
function fit(root = document) {
  for (const part of root.querySelectorAll("[data-shown-for]")) {
    const [name, value] = part.dataset.shownFor.split("=");
    const form = part.closest("form");
    part.hidden = !!form && new FormData(form).get(name) !== value;
  }
}
document.addEventListener("change", () => fit());
document.addEventListener("htmx:after:settle", () => fit());
fit();

// A button that fills in the form it stands in: data-fill='{"city": "Troy"}'.
document.addEventListener("click", (event) => {
  const button = event.target.closest?.("[data-fill]");
  const fields = button?.closest("form")?.elements;
  if (!fields) return;
  const said = Object.entries(JSON.parse(button.dataset.fill));
  const changed = said.filter(([name, value]) => fields[name] && fields[name].value !== value);
  for (const [name, value] of changed) fields[name].value = value;
  const first = fields[changed[0]?.[0]];
  first?.focus();
  first?.dispatchEvent(new Event("input", { bubbles: true }));
});

// Sent twice by a double click: the second is swallowed until the answer is here.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method !== "post" || form.closest("[hx-post]")) return;
  if (form.dataset.sent) event.preventDefault();
  form.dataset.sent = "yes";
  setTimeout(() => delete form.dataset.sent, 3000);
});

// Copies what the element named by data-copy says; where that is not allowed, marks it to be copied.
document.addEventListener("click", async (event) => {
  const button = event.target.closest?.("[data-copy]");
  const from = button && document.getElementById(button.dataset.copy);
  if (!from) return;
  try {
    await navigator.clipboard.writeText(from.textContent.trim());
    button.querySelector(".lab").textContent = "Copied";
  } catch {
    getSelection().selectAllChildren(from);
  }
});
