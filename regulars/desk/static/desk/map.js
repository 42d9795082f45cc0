// The list on the map: a dot for each row, drawn from the rows themselves; a part of the map asks for its own.
const L = window.L;
const SETTLE = 250;
const WORST = ["red", "orange", "green", "gray"];
const START = [[25, -124], [49, -67]];
let map = null;
let bunches = null;
let dots = new Map();
let timer = 0;
let lit = "";

const place = () => document.getElementById("places");
const rows = () => [...(place()?.querySelectorAll("[data-at]") ?? [])];

function round(state, size, text = "") {
  const kind = text ? "bunch" : "dot";
  return L.divIcon({ className: `${kind} ${state}`, html: text, iconSize: [size, size] });
}

function bunch(cluster) {
  const inside = cluster.getAllChildMarkers();
  const state = WORST.find((one) => inside.some((marker) => marker.options.state === one));
  return round(state, Math.min(56, 28 + Math.sqrt(inside.length) * 2), String(inside.length));
}

function mark(id) {
  lit = id;
  for (const row of rows()) row.classList.toggle("shown", row.dataset.id === id);
  for (const [other, dot] of dots) dot.getElement()?.classList.toggle("on", other === id);
}

// A pointer is said to have come before it is said to have left.
function left(id) {
  if (id && id === lit) mark("");
}

function draw() {
  bunches.clearLayers();
  dots = new Map();
  for (const row of rows()) {
    const at = row.dataset.at.split(",").map(Number);
    const { state, id } = row.dataset;
    const name = row.querySelector("a").textContent;
    // The list is the way for the keyboard: hundreds of dots would be hundreds of stops.
    const dot = L.marker(at, { icon: round(state, 16), state, keyboard: false, title: name });
    dot.on("mouseover", () => mark(id));
    dot.on("mouseout", () => left(id));
    dot.on("click", () => {
      const there = rows().find((one) => one.dataset.id === id);
      there?.scrollIntoView({ block: "center" });
      there?.querySelector("a").focus();
      mark(id);
    });
    dots.set(id, dot);
  }
  bunches.addLayers([...dots.values()]);
  mark(lit);
}

function fit() {
  const all = rows().map((row) => row.dataset.at.split(",").map(Number));
  if (all.length) map.fitBounds(L.latLngBounds(all).pad(0.1), { maxZoom: 11, animate: false });
  else map.fitBounds(START, { animate: false });
}

function address() {
  const bounds = map.getBounds();
  const url = new URL(location.href);
  const sides = [bounds.getSouth(), bounds.getWest(), bounds.getNorth(), bounds.getEast()];
  url.searchParams.set("box", sides.map((side) => side.toFixed(4)).join(","));
  return url.pathname + url.search;
}

// Once a person moves the map, the list is what the map shows.
function moved() {
  clearTimeout(timer);
  timer = setTimeout(() => {
    const target = place();
    if (!target) return;
    target.dataset.liveUrl = address();
    window.htmx.ajax("GET", target.dataset.liveUrl, { source: target, target, swap: "outerMorph", push: "false" });
  }, SETTLE);
}

async function land(where) {
  const answer = await fetch(where);
  if (!answer.ok) return;
  const { land: ground, borders } = await answer.json();
  const still = { interactive: false, smoothFactor: 1 };
  L.polygon(ground, { ...still, className: "ground" }).addTo(map);
  L.polyline(borders, { ...still, className: "border" }).addTo(map);
}

function begin() {
  const box = document.getElementById("map");
  if (!box || !L || box.classList.contains("leaflet-container")) return;
  map = L.map(box, { zoomSnap: 0.5, worldCopyJump: true, minZoom: 2, maxZoom: 18, attributionControl: Boolean(box.dataset.tiles) });
  const { tiles, credit } = box.dataset;
  if (tiles) {
    const said = document.createElement("span");
    said.textContent = credit ?? "";
    map.attributionControl.setPrefix("");
    L.tileLayer(tiles, { attribution: said.innerHTML, maxZoom: 18 }).addTo(map);
  } else {
    land(box.dataset.outlines);
  }
  bunches = L.markerClusterGroup({ iconCreateFunction: bunch, showCoverageOnHover: false, maxClusterRadius: 44, animate: !matchMedia("(prefers-reduced-motion: reduce)").matches });
  map.addLayer(bunches);
  fit();
  draw();
  for (const kind of ["dragend", "keydown", "wheel", "pointerdown", "touchend"]) {
    box.addEventListener(kind, () => { box.dataset.byHand = ""; }, { passive: true });
  }
  map.on("moveend", () => { if ("byHand" in box.dataset) moved(); });
}

function over(event) {
  const row = event.target.closest?.("#places [data-at]");
  if (row) mark(row.dataset.id);
}
document.addEventListener("pointerover", over);
document.addEventListener("focusin", over);
document.addEventListener("pointerout", (event) => left(event.target.closest?.("#places [data-at]")?.dataset.id));

// Another list came: the whole of it is drawn and fitted; another part of this one is only drawn.
document.addEventListener("htmx:after:swap", () => {
  if (!document.getElementById("map")) return;
  begin();
  if (!map) return;
  const target = place();
  const whole = target && !target.dataset.liveUrl;
  if (whole) {
    delete document.getElementById("map").dataset.byHand;
    fit();
  }
  draw();
});

begin();
