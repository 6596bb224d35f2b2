"""The number a cell gives for a metric: in the unit it carries, or the one its header, its label, the row or the table names."""

from __future__ import annotations

import re
from collections.abc import Sequence

from retrieval.fact_parts import unit_fits
from retrieval.metrics import BARE_UNIT, Metric
from retrieval.numbers import Number, find_numbers
from retrieval.row_headers import unit_in


def number_of(value: str, metric: Metric, names: Sequence[str], row_unit: str, table_unit: str) -> Number | None:
    """The one number of `value` that the metric takes; None when there is none, or more than one.

    names : the header and the label, where a unit may stand in brackets.  row_unit, table_unit : what the row's 单位 cell and the
    words above the table (单位：万元) say, "" when nothing; the table's counts only where the metric takes such a unit.
    """
    numbers = [n for n in find_numbers(value) if not n.bound]
    fitting = [n for n in numbers if unit_fits(n.unit, metric)]
    bare = [n for n in numbers if not n.unit]
    if len(bare) == 1 and len(numbers) == 1 and (not fitting or metric.unit):
        fitting = []
        hint = next((unit for unit in map(unit_in, names) if unit), "") or row_unit
        if not hint and table_unit and _takes(metric, table_unit):
            hint = table_unit
        if hint:
            read = find_numbers(value[bare[0].start : bare[0].end] + re.split(r"[/／]", hint)[0])
            fitting = [n for n in read if unit_fits(n.unit, metric)]
        elif BARE_UNIT in metric.units or metric.unit != "%" or bare[0].value > 1:
            # A count without unit under a header that names the metric (在园幼儿数：18600), or 86.5 under 普惠率.
            fitting = bare
    return fitting[0] if len(fitting) == 1 else None


def _takes(metric: Metric, unit: str) -> bool:
    return any(unit_fits(n.unit, metric) for n in find_numbers("1" + re.split(r"[/／]", unit)[0]))
