"""Quoted numbers and empty places of case and parameter files."""

from __future__ import annotations

from fractions import Fraction

import yaml

from scoring_rules.rounding import exact_text
from scoring_rules.yaml_source import DECIMAL_TEXT, Node

_NOTHING = frozenset({"", "~", "null", "Null", "NULL"})


def is_empty(node: Node, *, quoted_too: bool = False) -> bool:
    """Whether nothing is written there: ``key:``, ``~`` or ``null``; with `quoted_too` also ``""``."""
    raw = node.raw
    if not isinstance(raw, yaml.ScalarNode):
        return False
    if not raw.style:
        return raw.value in _NOTHING
    return quoted_too and raw.value == ""


def is_decimal(text: str) -> bool:
    """Whether `text` is a plain decimal such as files may hold: ``"12.5"``, but not ``"1/3"`` or ``"1e3"``."""
    return DECIMAL_TEXT.match(text) is not None


def read_points(node: Node, maximum: Fraction | None, what: str) -> Fraction | None:
    """Points from 0 to `maximum` inclusive (None: no upper limit); None when the node holds no such number (fault noted)."""
    before = len(node.faults.sentences)
    value = node.decimal_text()
    if node.raw is None or len(node.faults.sentences) > before:
        return None
    if value < 0:
        node.fault(f"{what}不能低于 0 分，实际是 {exact_text(value)}，请改正。")
        return None
    if maximum is not None and value > maximum:
        node.fault(f"{what}最高 {_limit(maximum)} 分，实际是 {exact_text(value)}，请改正。")
        return None
    return value


def _limit(maximum: Fraction) -> str:
    text = exact_text(maximum)
    if "/" not in text:
        return text
    # A limit such as 125/3 cannot be typed; say the largest two-decimal number that can.
    below = Fraction(int(maximum * 100), 100)
    return f"{text}（两位小数最多填 {exact_text(below)}；要填满分请按二级指标填写）"
