"""How a scheme is read: rules of items, open terms, weights of items, loaded from the files beside ``scheme.yaml``.

None of the three is part of the official document; each quotes it, and a quote that is not in the text of its item is
a fault. ``weights.yaml`` is there only when the office has laid down how a criterion is divided, and names that act.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date
from fractions import Fraction
from typing import TYPE_CHECKING, cast

import yaml

from scoring_rules.item_rules import FIGURES, OPERATORS, WITH_LIMIT, Check, Excerpt, ItemRule, Operator, Parts
from scoring_rules.open_terms import Act, Alternative, OpenTerm, TermKind
from scoring_rules.rounding import exact_text
from scoring_rules.yaml_source import Node

if TYPE_CHECKING:
    from scoring_rules.scheme import Scheme

_KINDS = ("choice", "number", "date", "fixed")


def read_rules(root: Node, texts: Mapping[str, str], term_ids: Collection[str]) -> tuple[ItemRule, ...]:
    """The rules of the items, one for every item of `texts` (item id → official words), in that order."""
    found: dict[str, ItemRule] = {}
    for node in root.mapping(("items",))["items"].sequence():
        part = node.mapping(("id", "expert"), ("checks",))
        item_id = part["id"].text()
        if item_id not in texts:
            part["id"].fault(f"方案里没有“{item_id}”这个评价要点，请改正。")
        elif item_id in found:
            part["id"].fault(f"“{item_id}”重复，请只留一处。")
        text = texts.get(item_id, "")
        checks = part["checks"].sequence() if "checks" in part else []
        found[item_id] = ItemRule(
            item_id,
            tuple(_check(member, text, term_ids) for member in checks),
            tuple(_excerpt(member, text) for member in part["expert"].sequence()),
        )
    missing = [item_id for item_id in texts if item_id not in found]
    if missing and not root.faults:
        root.fault(f"还缺{'、'.join(missing)}的规则，每个评价要点都要写明由数判定还是由专家判定，请补上。")
    return tuple(found[item_id] for item_id in texts if item_id in found)


def _check(node: Node, text: str, term_ids: Collection[str]) -> Check:
    part = node.mapping(
        ("operator", "word", "quote", "metrics", "names", "units"),
        ("parameter", "scope", "parts", "shows_only", "term", "term_value", "average"),
    )
    operator = part["operator"].text()
    if operator and operator not in OPERATORS:
        part["operator"].fault(f"不认识“{operator}”，只能是：{'、'.join(OPERATORS)}，请改正。")
    quote, word = _quote(part["quote"], text), part["word"].text()
    if quote and word not in quote:
        part["word"].fault(f"“{word}”不在所引的原文里，请写原文用的词。")
    metrics, names = part["metrics"].texts(), part["names"].texts()
    if len(metrics) != FIGURES.get(operator, 1) or len(names) != len(metrics):
        part["metrics"].fault(f"这里要 {FIGURES.get(operator, 1)} 个指标，各写一个名称，请改正。")
    if (operator in WITH_LIMIT) != ("parameter" in part):
        node.fault(f"{'、'.join(WITH_LIMIT)}要写 parameter，其余不写，请改正。")
    term = part["term"].text() if "term" in part else ""
    if term and term not in term_ids:
        part["term"].fault(f"约定表里没有“{term}”，请改正。")
    return Check(
        operator=cast(Operator, operator),
        word=word,
        quote=quote,
        metrics=metrics,
        names=names,
        units=part["units"].texts(),
        parameter=part["parameter"].text() if "parameter" in part else "",
        scope=part["scope"].text() if "scope" in part else "",
        parts=_parts(part["parts"]) if "parts" in part else None,
        shows_only="shows_only" in part and part["shows_only"].truth(),
        term=term,
        term_value=part["term_value"].text() if "term_value" in part else "",
        average="average" in part and part["average"].truth(),
    )


def _parts(node: Node) -> Parts:
    part = node.mapping(("above", "below", "words"))
    return Parts(part["above"].texts(), part["below"].text(), part["words"].text())


def _excerpt(node: Node, text: str) -> Excerpt:
    part = node.mapping(("quote", "reason"))
    return Excerpt(_quote(part["quote"], text), part["reason"].text())


def _quote(node: Node, text: str) -> str:
    quote = node.text()
    if quote and text and quote not in text:
        node.fault(f"“{quote}”不是该要点的原文，请照抄。")
    return quote


def read_terms(root: Node) -> tuple[OpenTerm, ...]:
    """The open terms, in the order of the file."""
    terms: dict[str, OpenTerm] = {}
    for node in root.mapping(("terms",))["terms"].sequence():
        part = node.mapping(
            ("id", "rulings", "title", "kind", "why"), ("parameter", "default", "sentence", "alternatives")
        )
        kind = part["kind"].text()
        if kind and kind not in _KINDS:
            part["kind"].fault(f"只能是：{'、'.join(_KINDS)}，实际是“{kind}”，请改正。")
        alternatives = part["alternatives"].sequence() if "alternatives" in part else []
        term = OpenTerm(
            id=part["id"].text(),
            rulings=part["rulings"].texts(),
            title=part["title"].text(),
            kind=cast(TermKind, kind),
            parameter=part["parameter"].text() if "parameter" in part else "",
            default=part["default"].text() if "default" in part else None,
            alternatives=tuple(_alternative(member) for member in alternatives),
            sentence=part["sentence"].text() if "sentence" in part else "",
            why=part["why"].text(),
        )
        _check_term(node, term)
        if term.id in terms:
            part["id"].fault(f"“{term.id}”重复，请只留一处。")
        terms[term.id] = term
    for term in terms.values():
        for needed in (a.needs for a in term.alternatives if a.needs and a.needs not in terms):
            root.fault(f"“{term.id}”的备选要用到“{needed}”，约定表里没有，请补上。")
    return tuple(terms.values())


def _alternative(node: Node) -> Alternative:
    part = node.mapping(("value", "meaning"), ("implemented", "needs"))
    implemented = part["implemented"].truth() if "implemented" in part else True
    needs = part["needs"].text() if "needs" in part else ""
    return Alternative(part["value"].text(), part["meaning"].text(), implemented, needs)


def _check_term(node: Node, term: OpenTerm) -> None:
    if (term.kind == "number") != bool(term.parameter):
        node.fault("kind 为 number 的写 parameter，其余不写，请改正。")
    if (term.kind == "choice") != bool(term.alternatives):
        node.fault("kind 为 choice 的列出 alternatives，其余不写，请改正。")
    if term.kind == "choice" and term.default is not None and term.refusal(term.default):
        node.fault(f"default“{term.default}”不在 alternatives 里，请改正。")
    if term.kind == "fixed" and term.default is None:
        node.fault("kind 为 fixed 的要在 default 里写出读法，请补上。")


Divided = Mapping[str, tuple[Fraction, tuple[str, ...]]]


def read_weights(root: Node, criteria: Divided) -> tuple[dict[str, Fraction], Act]:
    """Points by item id, and the act that laid them down; `criteria` as in `read_weight_table`."""
    part = root.mapping(("act", "criteria"))
    return read_weight_table(part["criteria"], criteria), read_act(
        part["act"], target="item_weights", value="weight_file"
    )


def read_weight_table(root: Node, criteria: Divided) -> dict[str, Fraction]:
    """Points by item id from a table of criteria.

    criteria : id → (points, item ids). A criterion is listed with all its items, which add up to its points exactly;
    one that is not listed is divided equally.
    """
    weights: dict[str, Fraction] = {}
    for criterion_id, node in root.entries():
        if criterion_id not in criteria:
            node.fault(f"方案里没有“{criterion_id}”这个二级指标，请改正。")
            continue
        points, items = criteria[criterion_id]
        before = len(node.faults.sentences)
        given = {key: member.decimal_text(positive=True) for key, member in node.mapping(items).items()}
        if len(node.faults.sentences) == before and sum(given.values(), Fraction(0)) != points:
            node.fault(f"各要点之和是 {sum(given.values(), Fraction(0))}，{criterion_id} 是 {points} 分，请改正。")
        weights |= given
    return weights


def divided_criteria(scheme: Scheme) -> Divided:
    """What a table of weights may divide: the points and items of each criterion that counts towards the full mark."""
    return {c.id: (c.points, tuple(item.id for item in c.items)) for c in scheme.criteria if not c.is_bonus}


def read_act(node: Node, *, target: str = "", value: str = "", criteria: Divided | None = None) -> Act:
    """A recorded act of the office; `target` and `value` are read from the file unless given.

    criteria : given where the act may bring its own weights, written as in ``weights.yaml``, or flat by item id as
    `Act.to_json` writes them.
    """
    read = [name for name, given in (("target", target), ("value", value)) if not given]
    part = node.mapping((*read, "by", "on", "document"), () if criteria is None else ("weights",))
    day = part["on"].text()
    try:
        on = date.fromisoformat(day) if day else date.min
    except ValueError:
        part["on"].fault("日期请写成“2019-03-04”的样子。")
        on = date.min
    weights = _act_weights(part["weights"], criteria or {}) if "weights" in part else {}
    return Act(
        target=target or part["target"].text(),
        value=value or part["value"].text(),
        by=part["by"].text(),
        on=on,
        document=part["document"].text(),
        weights=weights,
    )


def _act_weights(node: Node, criteria: Divided) -> dict[str, Fraction]:
    """Weights by criterion, or flat by item."""
    owner = {item: criterion for criterion, (_, items) in criteria.items() for item in items}
    entries = node.entries()
    if not entries or any(key in criteria and not isinstance(member.raw, yaml.ScalarNode) for key, member in entries):
        return read_weight_table(node, criteria)
    weights: dict[str, Fraction] = {}
    for key, member in entries:
        if key not in owner:
            member.fault(f"方案里没有“{key}”这个评价要点，请改正。")
        else:
            weights[key] = member.decimal_text(positive=True)
    for criterion in dict.fromkeys(owner[key] for key in weights):
        points, items = criteria[criterion]
        if (total := sum((weights.get(item, Fraction(0)) for item in items), Fraction(0))) != points:
            node.fault(f"{criterion} 各要点之和是 {exact_text(total)}，应为 {exact_text(points)}，请改正。")
        if missing := [item for item in items if item not in weights]:
            node.fault(f"{criterion} 还缺{'、'.join(missing)}的分值，请补上。")
    return weights
