"""The script that draws a sweep: any two parameters against the objective, curve, folds."""

from __future__ import annotations

SWEEP = """
const names = Object.keys(told.axes), words = told.words;
const list = id => document.getElementById(id);
const short = value => value === null ? "-" : value.toLocaleString(undefined,
  {maximumSignificantDigits: 4});

// White is 0, and both sides of it grow alike; where all lie on one side, that one is drawn alone.
function around(values) {
  const least = Math.min(0, ...values), most = Math.max(0, ...values);
  const reach = Math.max(-least, most) || 1;
  const paint = [colour("less"), colour("zero"), colour("more")];
  if (least === 0) return {zmin: 0, zmax: reach, colorscale: [[0, paint[1]], [1, paint[2]]]};
  if (most === 0) return {zmin: -reach, zmax: 0, colorscale: [[0, paint[0]], [1, paint[1]]]};
  return {zmin: -reach, zmax: reach, colorscale: [[0, paint[0]], [0.5, paint[1]], [1, paint[2]]]};
}

function drawHeat() {
  const x = Number(list("across").value), y = Number(list("up").value);
  const xs = told.axes[names[x]], ys = told.axes[names[y]];
  const best = ys.map(() => xs.map(() => null)), count = ys.map(() => xs.map(() => 0));
  for (const each of told.sets) {
    const i = ys.indexOf(each.values[y]), j = xs.indexOf(each.values[x]);
    if (i < 0 || j < 0 || (x === y && i !== j)) continue;
    count[i][j] += 1;
    if (each.trained !== null && (best[i][j] === null || each.trained > best[i][j]))
      best[i][j] = each.trained;
  }
  const text = best.map((row, i) => row.map((value, j) =>
    names[x] + " " + xs[j] + "<br>" + names[y] + " " + ys[i] + "<br>" + told.objective + " "
    + short(value) + "<br>" + words.sets + " " + count[i][j]));
  Plotly.react("heat", [{type: "heatmap", x: xs, y: ys, z: best, text, hoverongaps: false,
    hovertemplate: "%{text}<extra></extra>", xgap: 1, ygap: 1,
    ...around(best.flat().filter(v => v !== null)),
    colorbar: {title: {text: told.objective, side: "right"}, outlinewidth: 0}}],
    layout({hovermode: "closest", showlegend: false, plot_bgcolor: colour("untried"),
      xaxis: axis({type: "category", showgrid: false, title: {text: names[x]}}),
      yaxis: axis({type: "category", showgrid: false, title: {text: names[y]}})}), options);
}

function drawCurve() {
  const marked = told.untrained.map(part => ({type: "rect", xref: "x", yref: "paper", x0: part[0],
    x1: part[1], y0: 0, y1: 1, fillcolor: colour("own"), opacity: 0.1, line: {width: 0},
    layer: "below"}));
  Plotly.react("curve", [{x: told.curve.x, y: told.curve.y, mode: "lines", name: words.curve,
    line: {color: colour("own"), width: 2, shape: "hv"}, hovertemplate: "₩%{y:,.0f}"}],
    layout({shapes: marked, showlegend: false, xaxis: axis({...dates}),
      yaxis: axis(won)}), options);
}

function drawFolds() {
  if (!list("folds")) return;
  const bar = (name, key, paint) => ({type: "bar", name, x: told.folds.map(f => f.label),
    y: told.folds.map(f => f[key]), marker: {color: paint}, hovertemplate: "₩%{y:,.0f}"});
  Plotly.react("folds", [bar(words.train, "train", colour("market")),
    bar(words.tried, "tried", colour("own"))],
    layout({barmode: "group", xaxis: axis({type: "category"}),
      yaxis: axis(won)}), options);
}

for (const id of ["across", "up"]) list(id).addEventListener("change", drawHeat);
drawings.push(drawHeat, drawCurve, drawFolds);
"""
