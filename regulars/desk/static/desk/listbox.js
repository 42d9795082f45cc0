// What is offered below a field while one types: arrows choose, Enter or Tab takes, Escape closes.

// `name` is its id and class, `label` says what it offers, `ready` whether the first one is chosen
// without being asked for; `take(option, field)` puts what was chosen into the field, and `closed`
// hears that nothing is offered any more.
export function listbox({ name, label, ready, take, closed = () => {} }) {
  let field = null;
  let list = null;

  function close() {
    closed();
    list?.remove();
    for (const said of ["aria-controls", "aria-activedescendant"]) field?.removeAttribute(said);
    if (field?.role === "combobox") field.ariaExpanded = "false";
    field = list = null;
  }

  function select(option) {
    for (const one of list.children) one.ariaSelected = String(one === option);
    if (!option) return field.removeAttribute("aria-activedescendant");
    field.setAttribute("aria-activedescendant", option.id);
    option.scrollIntoView({ block: "nearest" });
  }

  function open(below) {
    close();
    field = below;
    list = document.createElement("ul");
    list.id = list.className = name;
    list.role = "listbox";
    list.ariaLabel = label;
    field.after(list);
    field.setAttribute("aria-controls", name);
    if (field.role === "combobox") field.ariaExpanded = "true";
  }

  // Nothing to offer, or somebody who went on elsewhere meanwhile, closes it.
  function offer(below, options) {
    if (!options.length || document.activeElement !== below) return close();
    if (field !== below || !list.isConnected) open(below);
    list.replaceChildren(...options);
    select(ready ? list.firstElementChild : null);
  }

  function choose(option) {
    const into = field;
    close();
    take(option, into);
    into.focus();
    into.dispatchEvent(new Event("input", { bubbles: true }));
  }

  document.addEventListener(
    "keydown",
    (event) => {
      if (!list?.isConnected || event.target !== field || event.isComposing) return;
      const options = [...list.children];
      const at = options.findIndex((one) => one.ariaSelected === "true");
      const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
      if (step) select(options.at(at < 0 && step < 0 ? -1 : (at + step) % options.length));
      else if ((event.key === "Enter" || event.key === "Tab") && at >= 0) choose(options[at]);
      else if (event.key === "Escape") close();
      else return;
      event.preventDefault();
      event.stopPropagation();
    },
    true,
  );
  document.addEventListener("pointerdown", (event) => {
    const option = event.target.closest?.(`#${name} [role=option]`);
    if (!option) return;
    event.preventDefault();
    choose(option);
  });
  document.addEventListener("focusout", (event) => {
    if (event.target === field) setTimeout(() => document.activeElement !== field && close(), 100);
  });
  return { offer, close };
}
