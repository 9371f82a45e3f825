"""The scripts that draw charts with plotly, from the values beside them: one before, one after each
page's own, which lists what it draws in ``drawings``.

Colours come from the style, so that light, dark and the reader's habit (in Korea what rises is
red) are decided in one place.
"""

from __future__ import annotations

BASE = """
"use strict";
const told = JSON.parse(document.getElementById("told").textContent);
const root = document.documentElement;
const system = matchMedia("(prefers-color-scheme: dark)");
let wish = "auto";
const colour = name => getComputedStyle(root).getPropertyValue("--" + name).trim();
Plotly.register({moduleType: "locale", name: "won", dictionary: {}, format: {
  days: [], shortDays: [], months: [], shortMonths: [],
  decimal: ".", thousands: ",", grouping: [3], currency: ["₩", ""]}});
const options = {locale: "won", responsive: true, displaylogo: false,
  modeBarButtonsToRemove: ["select2d", "lasso2d", "autoScale2d"]};
const axis = more => Object.assign({gridcolor: colour("line"), zerolinecolor: colour("line"),
  linecolor: colour("line"), automargin: true}, more);
const won = {tickformat: "$,.8~f"};
const coins = {tickformat: ",.8~f", nticks: 4, rangemode: "tozero"};
const dates = {type: "date", hoverformat: "%Y-%m-%d %H:%M", tickformatstops: [
  {dtickrange: [null, 86399999], value: "%H:%M\\n%m-%d"},
  {dtickrange: [86400000, null], value: "%m-%d\\n%Y"}]};
const layout = more => Object.assign({paper_bgcolor: "rgba(0,0,0,0)",
  plot_bgcolor: "rgba(0,0,0,0)", margin: {l: 84, r: 12, t: 8, b: 40}, hovermode: "x unified",
  hoverlabel: {bgcolor: colour("card"), bordercolor: colour("line"), align: "left",
    font: {color: colour("text")}},
  font: {color: colour("text"), family: getComputedStyle(document.body).fontFamily},
  legend: {orientation: "h", y: 1.09, x: 0}, showlegend: true}, more);
const volumeOf = (p, name, axisName) => ({type: "bar", name, x: p.x, y: p.volume,
  yaxis: axisName, showlegend: false, hovertemplate: "%{y:,.8~f}<extra>" + name + "</extra>",
  marker: {color: p.close.map((c, i) => colour(c < p.open[i] ? "down" : "up")), opacity: 0.55,
    line: {width: 0}}});
const drawings = [];
"""

RUN = """
function drawEquity() {
  const e = told.equity, words = told.words;
  const traces = [{x: e.x, y: e.y, name: words.equity, mode: "lines",
    line: {color: colour("own"), width: 2}, hovertemplate: "₩%{y:,.0f}"}];
  if (e.market) traces.push({x: e.x, y: e.market, name: words.market, mode: "lines",
    line: {color: colour("market"), width: 1.3, dash: "dot"}, hovertemplate: "₩%{y:,.0f}"});
  traces.push({x: e.x, y: e.under, name: words.drawdown, yaxis: "y2", mode: "lines",
    line: {color: colour("down"), width: 1}, fill: "tozeroy", hovertemplate: "%{y:.2f}%"});
  Plotly.react("equity", traces, layout({
    xaxis: axis({...dates, anchor: "y2"}),
    yaxis: axis({...won, domain: [0.34, 1]}),
    yaxis2: axis({domain: [0, 0.27], ticksuffix: "%", rangemode: "tozero"})}), options);
}

function drawCandles() {
  const chosen = document.getElementById("pair");
  if (!chosen) return;
  const p = told.pairs[Number(chosen.value)], words = told.words;
  const up = colour("up"), down = colour("down");
  const lines = good => ({type: "scatter", mode: "lines", hoverinfo: "skip", showlegend: false,
    line: {color: good ? up : down, width: 1.2, dash: "dot"},
    x: p.lines.filter(l => l[4] === good).flatMap(l => [l[0], l[2], null]),
    y: p.lines.filter(l => l[4] === good).flatMap(l => [l[1], l[3], null])});
  const marks = (rows, name, symbol, paint) => ({type: "scatter", mode: "markers", name,
    x: rows.map(r => r[0]), y: rows.map(r => r[1]), text: rows.map(r => r[2]),
    hovertemplate: "%{text}<extra>" + name + "</extra>",
    marker: {symbol, size: 11, color: paint, line: {color: colour("ground"), width: 1.2}}});
  Plotly.react("candles", [
    {type: "candlestick", name: p.name, x: p.x, open: p.open, high: p.high, low: p.low,
     close: p.close, hoverinfo: "skip", showlegend: false,
     increasing: {line: {color: up, width: 1}, fillcolor: up},
     decreasing: {line: {color: down, width: 1}, fillcolor: down}},
    lines(true), lines(false),
    marks(p.buys, words.bought, "triangle-up", colour("own")),
    marks(p.sells.filter(r => r[3]), words.won, "triangle-down", up),
    marks(p.sells.filter(r => !r[3]), words.lost, "triangle-down", down),
    volumeOf(p, words.volume, "y2")],
    layout({hovermode: "closest", dragmode: "pan", bargap: 0.2,
      xaxis: axis({...dates, rangeslider: {visible: false}, anchor: "y2"}),
      yaxis: axis({...won, domain: [0.27, 1], fixedrange: false}),
      yaxis2: axis({...coins, title: {text: words.volume}, domain: [0, 0.2]})}),
    Object.assign({scrollZoom: true}, options));
  document.getElementById("length").textContent = words.lengths[p.seconds] || "";
}

drawings.push(drawEquity, drawCandles);
const chosen = document.getElementById("pair");
if (chosen) chosen.addEventListener("change", drawCandles);
"""

DRAWING = """
function draw() {
  root.classList.toggle("dark", wish === "dark" || (wish === "auto" && system.matches));
  drawings.forEach(each => each());
}
system.addEventListener("change", draw);
document.getElementById("theme").addEventListener("click", event => {
  wish = root.classList.contains("dark") ? "light" : "dark";
  event.currentTarget.setAttribute("aria-pressed", String(wish === "dark"));
  draw();
});
draw();
root.dataset.drawn = "yes";
"""
