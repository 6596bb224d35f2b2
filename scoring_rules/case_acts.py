"""What a case file says of the office's decisions: values put instead of parameters, acts on open terms."""

from __future__ import annotations

from collections.abc import Mapping

from scoring_rules.open_terms import Act
from scoring_rules.parameters import Parameter
from scoring_rules.rounding import exact_text
from scoring_rules.scheme import Scheme
from scoring_rules.scheme_readings import divided_criteria, read_act
from scoring_rules.yaml_source import Node


def read_overrides(node: Node | None, parameters: Mapping[str, Parameter]) -> Mapping[str, str]:
    found: dict[str, str] = {}
    if node is None:
        return found
    for key, member in node.entries():
        parameter = parameters.get(key)
        if parameter is None or not parameter.overridable:
            allowed = "、".join(p.id for p in parameters.values() if p.overridable)
            member.fault(f"案卷里不能写参数“{key}”，只能写：{allowed}。请改正或删去。")
            continue
        before = len(node.faults.sentences)
        value = member.text() if parameter.kind == "choice" else exact_text(member.decimal_text())
        if len(node.faults.sentences) == before and (refusal := parameter.refusal(value)):
            member.fault(f"{refusal}，实际是 {value}。")
        found[key] = value
    return found


def read_acts(node: Node | None, scheme: Scheme, parameters: Mapping[str, Parameter]) -> tuple[Act, ...]:
    """Recorded acts of the office on open terms, in the order of the file."""
    found: list[Act] = []
    terms = {term.id: term for term in scheme.terms}
    for member in () if node is None else node.sequence(allow_empty=True):
        before = len(member.faults.sentences)
        act = read_act(member, criteria=divided_criteria(scheme))
        if len(member.faults.sentences) > before:
            continue
        if act.target not in terms:
            member.fault(f"约定表里没有“{act.target}”，请改正。")
        elif refusal := act_refusal(act, scheme, parameters):
            member.fault(refusal)
        else:
            found.append(act)
    return tuple(found)


def act_refusal(act: Act, scheme: Scheme, parameters: Mapping[str, Parameter]) -> str:
    """Why an act on an open term of the scheme cannot stand, as a Chinese sentence; empty when it can."""
    term = next(term for term in scheme.terms if term.id == act.target)
    if refusal := (parameters[term.parameter] if term.kind == "number" else term).refusal(act.value):
        return f"{refusal}，实际是“{act.value}”，请改正。"
    if act.weights and (act.target, act.value) != ("item_weights", "weight_file"):
        return "只有 item_weights 定为 weight_file 的决定才带权重表，请删去 weights。"
    if (act.target, act.value) == ("item_weights", "weight_file") and not (act.weights or scheme.weights):
        return "item_weights 定为 weight_file 要有权重表，请写上 weights（各要点之和等于二级指标的分值）。"
    return ""
