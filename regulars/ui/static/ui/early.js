// Keys pressed before the page's scripts are there: `keys.js` presses them again.
(() => {
  const pressed = [];
  const hear = (event) => {
    const { key, target } = event;
    const plain = key.length === 1 && !event.ctrlKey && !event.metaKey && !event.altKey;
    if (plain && !target.matches?.("input, textarea, select")) pressed.push(key);
  };
  document.addEventListener("keydown", hear);
  window.earlyKeys = () => {
    document.removeEventListener("keydown", hear);
    return pressed;
  };
})();
