"""The sales of a year as a CSV file that Excel reads: a mark of UTF-8 first, dates of Korea."""

from __future__ import annotations

import csv
import io
import os
from collections.abc import Sequence
from pathlib import Path

from core.market.pairs import coin
from core.performance.costs import Method
from i18n import say, word
from i18n.formatting import kst
from messages.plain_values import KST, moment, plain
from persistence.reader import Reader
from projections.cost_basis import CostBasis, Sale
from projections.ledger import Ledger

COLUMNS = (
    *("sold_at", "pair", "coin", "volume", "proceeds", "sale_fee", "cost", "buy_fee"),
    *("gain", "bought_at", "method", "reason", "trade"),
)


def sales_of(reader: Reader, method: Method) -> list[Sale]:
    """Every sale that a state directory knows, by date."""
    pools, base = CostBasis(method), reader.base()
    if base.number:
        kept = Ledger.of_base(reader)
        pools.begin(kept.trades, kept.dust, base.at)
    pools.take(reader.events())
    return sorted(pools.sales, key=lambda sale: (sale.row.close_date, sale.row.pair))


def of_year(sales: Sequence[Sale], year: int) -> list[Sale]:
    """Those of a calendar year in Korea."""
    return [s for s in sales if moment(s.row.close_date).astimezone(KST).year == year]


def text(sales: Sequence[Sale], method: Method, language: str) -> str:
    """The file's text, with a line of headings, and nothing that a spreadsheet would compute."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow([say(f"tax_{name}", language) for name in COLUMNS])
    for sale in sales:
        writer.writerow(_cells(sale, method, language))
    return out.getvalue()


def write(path: Path, content: str) -> None:
    """Whole or not at all."""
    part = path.with_name(path.name + ".part")
    part.write_text(content, encoding="utf-8-sig", newline="")
    os.replace(part, path)


def _cells(sale: Sale, method: Method, language: str) -> list[str]:
    row = sale.row
    figures = (row.amount, sale.proceeds, sale.fee, sale.cost, sale.buy_fee, sale.gain)
    return [
        kst(row.close_date),
        row.pair,
        coin(row.pair),
        *map(plain, figures),
        kst(sale.bought_at),
        say(f"tax_{method}", language),
        word("reason", row.exit_reason, language),
        row.trade,
    ]
