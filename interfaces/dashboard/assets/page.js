// The dashboard's only script of its own: it puts what the stream sends in its place, and has
// plotly draw the figures. A colour in a figure is the name of one in the style sheet.
"use strict";

const drawn = new Map(); // of a figure's address: the version that is shown
const settings = { displayModeBar: false, responsive: true };

function coloured(name, value) {
  if (typeof value !== "string" || !value.startsWith("--")) return value;
  return getComputedStyle(document.documentElement).getPropertyValue(value).trim();
}

async function draw(place) {
  const answer = await fetch(place.dataset.chart, { credentials: "same-origin" });
  if (!answer.ok || !window.Plotly) return;
  const figure = JSON.parse(await answer.text(), coloured);
  await Plotly.react(place, figure.data, figure.layout, settings);
  place.dataset.drawn = "yes";
}

function charts() {
  return Array.from(document.querySelectorAll("[data-chart]"));
}

function replace(place, body) {
  const open = Array.from(place.querySelectorAll("details[open]"), (one) => one.id);
  place.innerHTML = body;
  for (const id of open) {
    const again = document.getElementById(id);
    if (again) again.open = true;
  }
}

function take(told) {
  for (const [id, body] of Object.entries(told.parts || {})) {
    const place = document.getElementById(id);
    if (place) replace(place, body);
  }
  for (const place of charts()) {
    const version = (told.charts || {})[place.dataset.chart];
    if (version === undefined || drawn.get(place.dataset.chart) === version) continue;
    drawn.set(place.dataset.chart, version);
    draw(place).catch(() => drawn.delete(place.dataset.chart));
  }
}

function listen() {
  const of = encodeURIComponent(location.pathname + location.search);
  const stream = new EventSource(`${document.body.dataset.stream}?of=${of}`);
  stream.onmessage = (event) => take(JSON.parse(event.data));
  stream.onopen = () => document.body.classList.remove("lost");
  stream.onerror = () => document.body.classList.add("lost");
  addEventListener("pagehide", () => stream.close());
}

addEventListener("pageshow", (event) => event.persisted && location.reload());
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => charts().forEach(draw));
listen();
