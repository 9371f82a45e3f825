"""The script that draws one pair: candles with lines over them, and panels of lines below."""

from __future__ import annotations

FRAME = """
const shade = place => [colour("own"), colour("market"), colour("down"), colour("up")][place % 4];
function drawFrame() {
  const p = told.pair, words = told.words, up = colour("up"), down = colour("down");
  const below = told.panels.filter(panel => panel.name !== told.price);
  const share = 0.16, top = below.length * share;
  const line = (l, place, axisName) => ({x: told.x, y: l.y, name: l.name, mode: "lines",
    yaxis: axisName, line: {color: shade(place), width: 1.2}, hovertemplate: "%{y:,.6~g}"});
  const over = told.panels.filter(panel => panel.name === told.price)
    .flatMap(panel => panel.lines.map((l, place) => line(l, place, "y")));
  const marks = (rows, name, symbol, size, paint) => ({type: "scatter", mode: "markers", name,
    x: rows.map(r => r[0]), y: rows.map(r => r[1]), text: rows.map(r => r[2] || ""),
    hovertemplate: "%{text}<extra>" + name + "</extra>", yaxis: "y",
    marker: {symbol, size, color: paint, line: {color: colour("ground"), width: 1}}});
  const traces = [
    {type: "candlestick", name: p.name, x: p.x, open: p.open, high: p.high, low: p.low,
     close: p.close, hoverinfo: "skip", showlegend: false, yaxis: "y",
     increasing: {line: {color: up, width: 1}, fillcolor: up},
     decreasing: {line: {color: down, width: 1}, fillcolor: down}}, ...over,
    marks(told.entries, words.entries, "circle", 6, colour("own")),
    marks(told.exits, words.exits, "circle", 6, colour("market")),
    marks(p.buys, words.bought, "triangle-up", 12, colour("own")),
    marks(p.sells.filter(r => r[3]), words.won, "triangle-down", 12, up),
    marks(p.sells.filter(r => !r[3]), words.lost, "triangle-down", 12, down)];
  const axes = {yaxis: axis({tickprefix: "₩", tickformat: ",", domain: [top, 1]})};
  below.forEach((panel, place) => {
    const name = "y" + (place + 2), begin = top - (place + 1) * share;
    axes["yaxis" + (place + 2)] = axis({title: {text: panel.name}, domain: [begin, begin + 0.13]});
    panel.lines.forEach((l, n) => traces.push(line(l, n, name)));
  });
  document.getElementById("frame").style.height = 480 + 130 * below.length + "px";
  Plotly.react("frame", traces, layout({hovermode: "x", dragmode: "pan", ...axes,
    legend: {orientation: "h", x: 0, y: 1.02, yanchor: "bottom"},
    xaxis: axis({...dates, rangeslider: {visible: false}, anchor: "y" + (below.length + 1)})}),
    Object.assign({scrollZoom: true}, options));
}
drawings.push(drawFrame);
"""
