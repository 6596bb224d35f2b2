"""The official document as a checked `Scheme`, read from ``corpus/schemes/<year>``.

``scheme.yaml`` holds the head of the document, the grades, Annex 1 and the procedure; ``indicators.yaml`` holds
Annex 2; ``open_terms.yaml``, ``rules.yaml`` and ``weights.yaml``, each where there is one, say how it is read.  Nothing is guessed or filled in: a scheme that does not add up does not load, and every fault is listed.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date
from fractions import Fraction
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

from scoring_rules.basis import SENTENCES
from scoring_rules.errors import SchemeError, UnknownYearError
from scoring_rules.item_rules import ItemRule
from scoring_rules.open_terms import Act, OpenTerm, with_acts
from scoring_rules.scheme import Condition, Criterion, Grade, Indicator, Item, Place, Scheme, Step
from scoring_rules.scheme_readings import read_rules, read_terms, read_weights
from scoring_rules.yaml_source import Faults, Node, parse_yaml

# What `annex1_calculators` can propose; a condition names the one that is meant for it.
CALCULATORS = ("expenditure", "balance", "rural_allowance", "fitness")


@cache
def load_scheme(year: str = "2019") -> Scheme:
    """The scheme of that year, as shipped.  UnknownYearError when there is none; SchemeError when it is faulty."""
    schemes = files("corpus") / "schemes"
    available = sorted(entry.name for entry in schemes.iterdir() if entry.is_dir() and entry.name.isdigit())
    # Compared with the list rather than joined to the path: the year may come from a case file.
    if year not in available:
        raise UnknownYearError("评价方案", year, available)
    return _load(schemes / year, f"{year} 年评价方案")


def load_scheme_file(folder: Path) -> Scheme:
    """The scheme in any folder that holds ``scheme.yaml`` and ``indicators.yaml``.

    Raises SchemeError with every fault of both files.
    """
    return _load(folder, f"评价方案“{folder.name}”")


def _load(folder: Traversable, what: str) -> Scheme:
    head_faults, table_faults = Faults("scheme.yaml"), Faults("indicators.yaml")
    head, table = _open(folder, head_faults), _open(folder, table_faults)

    known = (
        "id",
        "title",
        "document_number",
        "issuer",
        "issued",
        "full_points",
        "bonus_cap",
        "grades",
        "annex1",
        "procedure",
    )
    part = head.mapping(known, ("rectification_item", "sentences"))
    indicators = _indicators(table)
    scheme = Scheme(
        id=part["id"].text(),
        title=part["title"].text(),
        document_number=part["document_number"].text(),
        issuer=part["issuer"].text(),
        issued=_day(part["issued"]),
        full_points=part["full_points"].decimal_text(positive=True),
        bonus_cap=part["bonus_cap"].decimal_text(),
        indicators=indicators,
        grades=_grades(part["grades"]),
        conditions=_conditions(part["annex1"]),
        procedure=_procedure(part["procedure"]),
        rectification_item=part["rectification_item"].text() if "rectification_item" in part else "",
        sentences=_sentences(part["sentences"]) if "sentences" in part else {},
    )
    if not head_faults and not table_faults:
        # Sums over half-read parts would only add faults that vanish once the others are mended.
        _check_sums(scheme, head, table)
        if scheme.rectification_item and scheme.rectification_item not in {item.id for item in scheme.items}:
            part["rectification_item"].fault(f"没有“{scheme.rectification_item}”这个评价要点，请改正。")
    faults = [*head_faults.sentences, *table_faults.sentences]
    if not faults:
        scheme, faults = _with_readings(folder, scheme)
    if faults:
        raise SchemeError(what, faults)
    return scheme


def _with_readings(folder: Traversable, scheme: Scheme) -> tuple[Scheme, list[str]]:
    """The scheme with its open terms, rules and weights, as far as the files are there; and every fault of them."""
    roots: dict[str, Node] = {}
    for name in ("open_terms.yaml", "rules.yaml", "weights.yaml"):
        if (folder / name).is_file():
            roots[name] = _open(folder, Faults(name))
    terms: tuple[OpenTerm, ...] = ()
    rules: tuple[ItemRule, ...] = ()
    weights: dict[str, Fraction] = {}
    acts: list[Act] = []
    if "open_terms.yaml" in roots:
        terms = read_terms(roots["open_terms.yaml"])
    if "rules.yaml" in roots:
        texts = {item.id: item.text for item in scheme.items}
        rules = read_rules(roots["rules.yaml"], texts, {term.id for term in terms})
    if "weights.yaml" in roots:
        criteria = {c.id: (c.points, tuple(item.id for item in c.items)) for c in scheme.criteria}
        weights, act = read_weights(roots["weights.yaml"], criteria)
        acts.append(act)
    faults = [sentence for root in roots.values() for sentence in root.faults.sentences]
    if faults:
        return scheme, faults
    return replace(scheme, terms=with_acts(terms, acts), rules=rules, weights=weights), []


def _sentences(node: Node) -> dict[str, str]:
    return {name: member.text() for name, member in node.mapping((), SENTENCES).items()}


def _open(folder: Traversable, faults: Faults) -> Node:
    try:
        text = (folder / faults.source).read_text(encoding="utf-8")
    except FileNotFoundError:
        faults.add("没有这个文件，请放入方案的文件夹。")
        return Node(None, "", faults)
    except UnicodeDecodeError:
        faults.add("不是 UTF-8 编码，请另存为 UTF-8。")
        return Node(None, "", faults)
    return parse_yaml(text, faults)


def _day(node: Node) -> str:
    value = node.text()
    try:
        if value and date.fromisoformat(value).isoformat() != value:
            raise ValueError(value)
    except ValueError:
        node.fault("日期请写成“2019-03-04”的样子。")
    return value


def _place(section: str, line: Node) -> Place:
    return Place(section, line.integer(minimum=1))


def _indicators(table: Node) -> tuple[Indicator, ...]:
    root = table.mapping(("section", "indicators"))
    section = root["section"].text()
    found: list[Indicator] = []
    criteria_before = 0
    for position, node in enumerate(root["indicators"].sequence(), start=1):
        part = node.mapping(("id", "name", "line", "criteria"))
        indicator_id = _numbered(part["id"], f"A{position}")
        criteria = []
        for criterion_node in part["criteria"].sequence():
            criteria_before += 1
            criteria.append(_criterion(criterion_node, f"B{criteria_before}", indicator_id, section))
        found.append(Indicator(indicator_id, part["name"].text(), tuple(criteria), _place(section, part["line"])))
    return tuple(found)


def _criterion(node: Node, expected_id: str, indicator_id: str, section: str) -> Criterion:
    part = node.mapping(("id", "name", "points", "line", "items"), ("bonus",))
    criterion_id = _numbered(part["id"], expected_id)
    points = part["points"].decimal_text(positive=True)
    item_nodes = part["items"].sequence()
    items = tuple(
        _item(item_node, expected_id, position, len(item_nodes), section)
        for position, item_node in enumerate(item_nodes, start=1)
    )
    is_bonus = "bonus" in part and part["bonus"].truth()
    place = _place(section, part["line"])
    return Criterion(criterion_id, indicator_id, part["name"].text(), points, is_bonus, items, place)


def _item(node: Node, criterion_id: str, position: int, siblings: int, section: str) -> Item:
    """An item: ``B5-5`` among numbered ones, or bare ``B9`` where the document gives the criterion one unnumbered item."""
    part = node.mapping(("id", "line", "text"))
    unnumbered = siblings == 1
    item_id = _numbered(part["id"], criterion_id if unnumbered else f"{criterion_id}-{position}")
    return Item(item_id, criterion_id, part["text"].text(), _place(section, part["line"]))


def _numbered(node: Node, expected: str) -> str:
    """The id, which must continue the count: a repeated, skipped or misplaced row shows at once."""
    value = node.text()
    if value and value != expected:
        node.fault(f"编号应接着写“{expected}”，实际是“{value}”，请核对有无漏行、重行或错位。")
    return value


def _grades(node: Node) -> tuple[Grade, ...]:
    part = node.mapping(("section", "bands"))
    section = part["section"].text()
    bands = part["bands"].sequence()
    faults_before = len(node.faults.sentences)
    grades: list[Grade] = []
    for band in bands:
        member = band.mapping(("name", "at_least", "line", "text"))
        place = _place(section, member["line"])
        grades.append(Grade(member["name"].text(), member["at_least"].decimal_text(), member["text"].text(), place))
    _refuse_repeated(((grade.name, band) for grade, band in zip(grades, bands, strict=True)), "等级")
    if grades and len(node.faults.sentences) == faults_before:
        for better, grade, band in zip(grades, grades[1:], bands[1:], strict=False):
            if grade.at_least >= better.at_least:
                band.fault(f"等级由高到低写，“{grade.name}”的下限应低于“{better.name}”，请改正。")
        if grades[-1].at_least != 0:
            bands[-1].fault('最低一档的下限应为 "0"，否则有的得分没有等级，请改正。')
    return tuple(grades)


def _conditions(node: Node) -> tuple[Condition, ...]:
    part = node.mapping(("section", "conditions"))
    section = part["section"].text()
    conditions = []
    for position, member_node in enumerate(part["conditions"].sequence(), start=1):
        member = member_node.mapping(("id", "line", "text"), ("calculator",))
        place = _place(section, member["line"])
        calculator = member["calculator"].text() if "calculator" in member else ""
        if calculator and calculator not in CALCULATORS:
            member["calculator"].fault(f"不认识“{calculator}”，只能是：{'、'.join(CALCULATORS)}，请改正。")
        conditions.append(Condition(_numbered(member["id"], str(position)), member["text"].text(), place, calculator))
    return tuple(conditions)


def _procedure(node: Node) -> tuple[Step, ...]:
    nodes: Sequence[Node] = node.sequence()
    steps = []
    for member_node in nodes:
        member = member_node.mapping(("id", "section", "line", "title", "text"))
        place = _place(member["section"].text(), member["line"])
        steps.append(Step(member["id"].text(), member["title"].text(), member["text"].text(), place))
    _refuse_repeated(((step.id, member_node) for step, member_node in zip(steps, nodes, strict=True)), "步骤")
    return tuple(steps)


def _refuse_repeated(named: Iterable[tuple[str, Node]], kind: str) -> None:
    seen: set[str] = set()
    for name, node in named:
        if name and name in seen:
            node.fault(f"{kind}“{name}”重复，请只留一个。")
        seen.add(name)


def _check_sums(scheme: Scheme, head: Node, table: Node) -> None:
    full = sum((indicator.points for indicator in scheme.indicators), Fraction(0))
    if full != scheme.full_points:
        table.fault(f"各二级指标分值之和是 {full}，满分是 {scheme.full_points}，请核对。")
    bonus = sum((criterion.points for criterion in scheme.criteria if criterion.is_bonus), Fraction(0))
    if bonus != scheme.bonus_cap:
        table.fault(f"加分指标之和是 {bonus}，加分上限是 {scheme.bonus_cap}，请核对。")
    if scheme.grades[0].at_least > scheme.full_points:
        head.fault(f"最高一档的下限 {scheme.grades[0].at_least} 高于满分 {scheme.full_points}，请核对。")
