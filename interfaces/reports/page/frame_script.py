"""The script that draws one pair: candles with lines over them, and panels of lines below."""

from __future__ import annotations

FRAME = """
// Every line of the page has a colour of its own, whichever panel it is in.
function drawFrame() {
  const p = told.pair, words = told.words, up = colour("up"), down = colour("down");
  const below = told.panels.filter(panel => panel.name !== told.price);
  const share = 0.16, top = (below.length + 1) * share;
  const lines = told.panels.flatMap(panel => panel.lines);
  const line = (l, axisName) => ({x: told.x, y: l.y, name: l.name, mode: "lines",
    yaxis: axisName, hovertemplate: "%{y:,.8~f}",
    line: {color: colour("line" + (lines.indexOf(l) % 8 + 1)), width: 1.3,
      dash: ["solid", "dash", "dot"][Math.floor(lines.indexOf(l) / 8) % 3]}});
  const over = told.panels.filter(panel => panel.name === told.price)
    .flatMap(panel => panel.lines.map(l => line(l, "y")));
  const marks = (rows, name, symbol, size, paint) => ({type: "scatter", mode: "markers", name,
    x: rows.map(r => r[0]), y: rows.map(r => r[1]), text: rows.map(r => r[2] || ""),
    hovertemplate: "%{text}<extra>" + name + "</extra>", yaxis: "y",
    marker: {symbol, size, color: paint, line: {color: colour("ground"), width: 1}}});
  const traces = [
    {type: "candlestick", name: p.name, x: p.x, open: p.open, high: p.high, low: p.low,
     close: p.close, hoverinfo: "skip", showlegend: false, yaxis: "y",
     increasing: {line: {color: up, width: 1}, fillcolor: up},
     decreasing: {line: {color: down, width: 1}, fillcolor: down}}, ...over,
    marks(told.entries, words.entries, "circle", 6, colour("wish")),
    marks(told.exits, words.exits, "diamond", 6, colour("leave")),
    marks(p.buys, words.bought, "triangle-up", 12, colour("text")),
    marks(p.sells.filter(r => r[3]), words.won, "triangle-down", 12, up),
    marks(p.sells.filter(r => !r[3]), words.lost, "triangle-down", 12, down),
    volumeOf(p, words.volume, "y2")];
  const room = place => [top - (place + 1) * share, top - (place + 1) * share + 0.13];
  const axes = {yaxis: axis({...won, domain: [top, 1]}),
    yaxis2: axis({...coins, title: {text: words.volume}, domain: room(0)})};
  below.forEach((panel, place) => {
    axes["yaxis" + (place + 3)] = axis({title: {text: panel.name}, tickformat: ",.8~f",
      domain: room(place + 1)});
    panel.lines.forEach(l => traces.push(line(l, "y" + (place + 3))));
  });
  document.getElementById("frame").style.height = 610 + 130 * below.length + "px";
  Plotly.react("frame", traces, layout({hovermode: "x", dragmode: "pan", ...axes, bargap: 0.2,
    legend: {orientation: "h", x: 0, y: 1.02, yanchor: "bottom"},
    xaxis: axis({...dates, rangeslider: {visible: false}, anchor: "y" + (below.length + 2)})}),
    Object.assign({scrollZoom: true}, options));
}
drawings.push(drawFrame);
"""
