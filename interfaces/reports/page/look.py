"""How the report looks: one style for light and dark, for wide screens and for phones."""

from __future__ import annotations

import re

BLOCKS = """
NAME thead { display:none; }
NAME tbody tr { display:grid; grid-template-columns:repeat(auto-fill,minmax(15rem,1fr));
  gap:0 1.6rem; padding:.45rem 0; border-bottom:1px solid var(--line); }
NAME td { display:flex; gap:1rem; justify-content:space-between; border:0; padding:.08rem .2rem;
  text-align:right; }
NAME td::before { color:var(--faint); text-align:left; flex:none; }
NAME td.long { text-align:left; }
LABELS
""".replace(
    "LABELS",
    "\n".join(
        f"NAME td:nth-child({n})::before {{ content:var(--c{n},none); }}" for n in range(1, 13)
    ),
)  # where a table is wider than its place every row becomes a block: nothing is cut

STYLE = """
:root { --zero:#fff; --untried:#dfe3e8; }
:root.dark { --untried:#3a434d; }
:root { color-scheme: light; --ground:#fff; --card:#f6f7f9; --text:#1b1f24; --faint:#5c6570;
  --line:#d8dde3; --own:#1f6feb; --market:#8a94a0; }
:root.dark { color-scheme: dark; --ground:#0f1317; --card:#181d23; --text:#e6e9ed;
  --faint:#98a2ad; --line:#2c343d; --own:#6ea8fe; --market:#78838f; }
:root { --up:#157f3b; --down:#c4314b; --more:#1f6feb; --less:#c4314b; }
:root.dark { --up:#4cc27a; --down:#ff7b8e; }
:root:lang(ko) { --up:#d03a3a; --down:#1f62c9; --own:#6d3fd4; --more:#d03a3a; --less:#1f62c9; }
:root.dark:lang(ko) { --up:#ff7b7b; --down:#74a9ff; --own:#c3a6ff; }
:root { --line1:#b35900; --line2:#7b3fb5; --line3:#00838f; --line4:#a6761d; --line5:#c2185b;
  --line6:#4b6b00; --line7:#5d4037; --line8:#455a64; --wish:#8e24aa; --leave:#e67e00; }
:root.dark { --line1:#ffb061; --line2:#c9a0ff; --line3:#4dd0e1; --line4:#e6c35c; --line5:#ff80ab;
  --line6:#c0e36a; --line7:#d7b3a3; --line8:#a7bcc8; --wish:#e39bff; --leave:#ffc04d; }
* { box-sizing:border-box; }
body { margin:0; background:var(--ground); color:var(--text);
  font:15px/1.5 system-ui,-apple-system,"Noto Sans KR","Apple SD Gothic Neo","Malgun Gothic",
  sans-serif; }
main { max-width:1360px; margin:0 auto; padding:20px 16px 60px; }
header { display:flex; gap:16px; justify-content:space-between; align-items:flex-start; }
h1 { font-size:1.5rem; line-height:1.25; margin:0 0 .35rem; }
h2 { font-size:1.1rem; margin:2.2rem 0 .6rem; }
p { margin:.2rem 0; }
.faint, figcaption { color:var(--faint); }
button, select { font:inherit; color:inherit; background:var(--card); padding:.3rem .7rem;
  border:1px solid var(--line); border-radius:7px; white-space:nowrap; }
:is(button, select, summary, a):focus-visible { outline:2px solid var(--own); outline-offset:2px; }
.tiles { display:grid; gap:10px; margin:18px 0 0; padding:0;
  grid-template-columns:repeat(auto-fill,minmax(162px,1fr)); }
.tiles div { background:var(--card); border:1px solid var(--line); border-radius:9px;
  padding:.55rem .75rem; }
.tiles dt { color:var(--faint); font-size:.82rem; }
.tiles dd { margin:0; font-size:1.12rem; font-weight:600; font-variant-numeric:tabular-nums; }
.tiles small { display:block; font-weight:400; font-size:.8rem; color:var(--faint); }
.up { color:var(--up); } .down { color:var(--down); }
figure { margin:0; } .chart { width:100%; height:440px; } #candles { height:480px; }
.wide { container-type:inline-size; }
table { border-collapse:collapse; width:100%; font-variant-numeric:tabular-nums;
  font-size:.89rem; }
th, td { text-align:left; padding:.32rem .5rem; border-bottom:1px solid var(--line);
  overflow-wrap:break-word; }
th { color:var(--faint); font-weight:500; }
.figure { text-align:right; } td.figure, td span { white-space:nowrap; }
td:not(.figure) { overflow-wrap:anywhere; min-width:5.2rem; }
@container (max-width:1200px) { .many :is(table, tbody, tr, td) { display:block; }
  BLOCKS(.many) }
@container (max-width:760px) { .more :is(table, tbody, tr, td) { display:block; }
  BLOCKS(.more) }
@container (max-width:590px) { .some :is(table, tbody, tr, td) { display:block; }
  BLOCKS(.some) }
.two { display:grid; gap:0 28px;
  grid-template-columns:repeat(auto-fit,minmax(min(100%,600px),1fr)); }
details { margin-top:1.2rem; } summary { cursor:pointer; font-weight:600; }
@media (max-width:620px) { header { flex-direction:column; } .chart, #candles { height:360px; }
  h1 { font-size:1.25rem; } }
@media print { button, select { display:none; } details > * { display:block; } }
"""
STYLE = re.sub(r"BLOCKS\((.*?)\)", lambda found: BLOCKS.replace("NAME", found[1]), STYLE)
