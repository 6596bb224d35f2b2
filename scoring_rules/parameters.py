"""Parameters: numbers and choices the rules read, each a file in ``corpus/parameters`` with dated, referenced values.

status : in_scheme   the number stands in the official text (its words are `quote`);
         sourced     it stands in another document, named in the reference; until the office confirms a value
                     (`confirmed_by`) it is shown as 参考标准，待确认 and decides nothing;
         convention  nobody has fixed it, this system has (约定), and every ledger says so;
         unset       nobody has fixed it and nothing may be assumed: the value is empty, the rule asks a reviewer.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Literal, cast

from scoring_rules.case_errors import NotInForceError, ParameterError
from scoring_rules.open_terms import Act
from scoring_rules.quoted import is_decimal, is_empty
from scoring_rules.yaml_source import Faults, Node, parse_yaml

Status = Literal["in_scheme", "sourced", "convention", "unset"]
Kind = Literal["decimal", "choice"]
_STATUSES = ("in_scheme", "sourced", "convention", "unset")


@dataclass(frozen=True, slots=True)
class Confirmation:
    """The office has confirmed a value: who, on which day, in which paper."""

    by: str
    on: date
    document: str


@dataclass(frozen=True, slots=True)
class DatedValue:
    """`value` holds from `since` on, a day of the period that is judged (not the day of publication). None: not fixed.

    confirmed_by : who confirmed this very value; each value of a sourced parameter is confirmed by itself.
    """

    since: date
    value: str | None
    reference: str
    confirmed_by: Confirmation | None = None


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter; `values` from oldest to newest. `low`, `high`, `choices` limit what a case file may put instead."""

    id: str
    title: str
    unit: str
    kind: Kind
    status: Status
    quote: str
    overridable: bool
    low: Fraction | None
    high: Fraction | None
    choices: tuple[str, ...]
    values: tuple[DatedValue, ...]

    def at(self, as_of: date) -> DatedValue:
        """The value in force on that day. NotInForceError before the first one."""
        found = None
        for dated in self.values:
            if dated.since <= as_of:
                found = dated
        if found is None:
            raise NotInForceError(self.id, self.title, as_of, self.values[0].since)
        return found

    def number(self, as_of: date) -> Fraction | None:
        """The number in force; None while it is unset."""
        value = self.at(as_of).value
        return None if value is None else Fraction(value)

    def decides(self, as_of: date) -> bool:
        """Whether the value in force may decide: it stands in the scheme, or the office has fixed or confirmed it."""
        dated = self.at(as_of)
        if dated.value is None:
            return False
        return self.status in ("in_scheme", "convention") or dated.confirmed_by is not None

    def refusal(self, value: str) -> str:
        """Why `value` (a quoted decimal or a word) may not replace the parameter, in Chinese; empty when it may."""
        if not self.overridable:
            return f"参数“{self.id}”（{self.title}）不能在案卷中改写，请删去"
        if self.kind == "choice":
            return "" if value in self.choices else f"参数“{self.id}”只能取{'、'.join(self.choices)}，请改正"
        try:
            number = Fraction(value)
        except (ValueError, ZeroDivisionError):
            return f"参数“{self.id}”要十进制数，请改正"
        # 0 as lower limit is exclusive: a tolerance or a cap of nothing decides nothing.
        if (self.low is not None and (number < self.low or number == 0)) or (
            self.high is not None and number > self.high
        ):
            return f"参数“{self.id}”应大于 0，在 {self.low} 至 {self.high} 之间，请改正"
        return ""


def with_parameter_acts(parameters: Mapping[str, Parameter], acts: Iterable[Act]) -> Mapping[str, Parameter]:
    """The parameters after acts of the office, in the order of their days; acts on anything else are left alone.

    An act that names one of the values already there confirms it. Any other value replaces them all, or, where the act
    says since when, holds from that day beside the older ones. Raises ValueError for a number the scheme itself gives,
    which no act can change, and for a value that is no decimal.
    """
    changed = dict(parameters)
    for act in sorted(acts, key=lambda a: a.on):
        if act.target in changed:
            changed[act.target] = _confirmed(changed[act.target], act)
    return changed


def _confirmed(parameter: Parameter, act: Act) -> Parameter:
    if parameter.status == "in_scheme":
        raise ValueError(f"“{parameter.title}”由方案写明，不能由决定改写")
    if not is_decimal(act.value):
        raise ValueError(f"“{parameter.title}”要十进制数，实际是“{act.value}”")
    confirmation = Confirmation(act.by, act.on, act.document)
    if act.since is not None:
        return _dated(parameter, act, confirmation)
    if any(_same(dated.value, act.value) for dated in parameter.values):
        values = tuple(
            replace(dated, confirmed_by=confirmation) if _same(dated.value, act.value) else dated
            for dated in parameter.values
        )
        return replace(parameter, values=values)
    status: Status = "sourced" if parameter.status == "unset" else parameter.status
    values = (DatedValue(parameter.values[0].since, act.value, act.document, confirmation),)
    return replace(parameter, status=status, values=values)


def _dated(parameter: Parameter, act: Act, confirmation: Confirmation) -> Parameter:
    """With the value of the act from its day on, and confirmed where it is what stood there already."""
    since = act.since or date.min
    reference = next((d.reference for d in parameter.values if d.since == since and _same(d.value, act.value)), "")
    added = DatedValue(since, act.value, reference or act.document, confirmation)
    values = sorted([d for d in parameter.values if d.since != since] + [added], key=lambda d: d.since)
    status: Status = "sourced" if parameter.status == "unset" else parameter.status
    return replace(parameter, status=status, values=tuple(values))


def _same(value: str | None, other: str) -> bool:
    return value is not None and is_decimal(value) and Fraction(value) == Fraction(other)


@cache
def load_parameters() -> Mapping[str, Parameter]:
    """All shipped parameters by id, in the order of their ids. ParameterError with every fault of every file."""
    return _load(files("corpus") / "parameters", "评分参数")


def load_parameter_folder(folder: Path) -> Mapping[str, Parameter]:
    """The parameters in any folder of YAML files, each named ``<id>.yaml``."""
    return _load(folder, f"评分参数“{folder.name}”")


def _load(folder: Traversable, what: str) -> Mapping[str, Parameter]:
    sentences: list[str] = []
    found: dict[str, Parameter] = {}
    for entry in sorted(folder.iterdir(), key=lambda e: e.name):
        if not entry.name.endswith(".yaml"):
            continue
        faults = Faults(entry.name)
        parameter = _parameter(parse_yaml(entry.read_text(encoding="utf-8"), faults), faults)
        if parameter.id and f"{parameter.id}.yaml" != entry.name:
            faults.add(f"文件名应为“{parameter.id}.yaml”，请改名或改 id。")
        found[parameter.id] = parameter
        sentences += faults.sentences
    if sentences:
        raise ParameterError(what, sentences)
    return found


def _parameter(root: Node, faults: Faults) -> Parameter:
    part = root.mapping(
        ("id", "title", "unit", "kind", "status", "values"), ("quote", "overridable", "low", "high", "choices")
    )
    kind = _word(part["kind"], ("decimal", "choice"))
    status = _word(part["status"], _STATUSES)
    choices = part["choices"].texts() if "choices" in part else ()
    parameter = Parameter(
        id=part["id"].text(),
        title=part["title"].text(),
        unit=part["unit"].text(),
        kind=cast(Kind, kind),
        status=cast(Status, status),
        quote=part["quote"].text() if "quote" in part else "",
        overridable="overridable" in part and part["overridable"].truth(),
        low=part["low"].decimal_text() if "low" in part else None,
        high=part["high"].decimal_text() if "high" in part else None,
        choices=choices,
        values=_values(part["values"], kind, choices),
    )
    if faults:
        return parameter
    if (status == "in_scheme") != bool(parameter.quote):
        root.fault("状态为 in_scheme 的参数要有 quote（方案原文），其余状态不能有，请改正。")
    if (kind == "choice") != bool(choices):
        root.fault("kind 为 choice 的参数要列出 choices，其余不能有，请改正。")
    if (status == "unset") != (parameter.values[-1].value is None):
        root.fault("状态为 unset 的参数，最新取值应为空（null）；其余状态不能为空，请改正。")
    if status not in ("sourced", "unset") and any(dated.confirmed_by for dated in parameter.values):
        root.fault("只有 sourced 的取值要确认（confirmed_by），请删去。")
    if kind == "decimal" and parameter.overridable and (parameter.low is None or parameter.high is None):
        root.fault("允许改写的数要写明 low 与 high，请补上。")
    return parameter


def _values(node: Node, kind: str, choices: tuple[str, ...]) -> tuple[DatedValue, ...]:
    dated: list[DatedValue] = []
    for day, member in node.entries():
        part = member.mapping(("value", "reference"), ("confirmed_by",))
        try:
            since = date.fromisoformat(day)
        except ValueError:
            member.fault(f"“{day}”不是日期，请写成“2018-01-01”的样子。")
            continue
        if dated and since <= dated[-1].since:
            member.fault("日期应由早到晚，请调整次序。")
        confirmed = _confirmation(part["confirmed_by"]) if "confirmed_by" in part else None
        dated.append(DatedValue(since, _value(part["value"], kind, choices), part["reference"].text(), confirmed))
    if node.raw is not None and not dated:
        node.fault("至少要有一个带日期的取值，请补上。")
    return tuple(dated)


def _confirmation(node: Node) -> Confirmation | None:
    if is_empty(node):
        return None
    part = node.mapping(("by", "on", "document"))
    day = part["on"].text()
    try:
        on = date.fromisoformat(day) if day else date.min
    except ValueError:
        part["on"].fault("日期请写成“2019-03-04”的样子。")
        on = date.min
    return Confirmation(part["by"].text(), on, part["document"].text())


def _value(node: Node, kind: str, choices: tuple[str, ...]) -> str | None:
    if is_empty(node):
        return None
    if kind == "choice":
        return _word(node, choices) if choices else node.text()
    node.decimal_text()
    return None if node.raw is None else str(node.raw.value)


def _word(node: Node, words: tuple[str, ...]) -> str:
    value = node.text()
    if value and value not in words:
        node.fault(f"只能是：{'、'.join(words)}，实际是“{value}”，请改正。")
    return value
