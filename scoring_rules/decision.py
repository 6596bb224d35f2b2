"""The decision: a score sheet with everything it rests on inside, so that anyone can compute it again, byte for byte.

It holds the scheme and the parameters themselves beside their hashes, the case, the experts' points, the sample with its
frame, the hashes of the evidence and the ids of the confirmed passages. Nothing outside is read when it is replayed.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from scoring_rules.case import load_case
from scoring_rules.case_data import Case
from scoring_rules.case_errors import CaseError, OldLayoutError, OpenCaseError, ReplayError
from scoring_rules.grade import UNSETTLED
from scoring_rules.ledger import canonical_json
from scoring_rules.open_terms import unsigned
from scoring_rules.panel import settled
from scoring_rules.parameters import Parameter
from scoring_rules.plain_data import from_data, to_data
from scoring_rules.rounding import exact_text
from scoring_rules.sampling import redraw, standing
from scoring_rules.scheme import Scheme
from scoring_rules.scoring import score_case

# The number rises whenever a decision holds other members; 2 added the replacements and the findings on 附件 1.
FORMAT = "edureview-decision-2"


@dataclass(frozen=True, slots=True)
class Signature:
    """Who took the decision and when (ISO text, UTC). by : "" while nobody has signed: then it is a draft (拟定稿)."""

    by: str
    at: str


@dataclass(frozen=True, slots=True)
class Records:
    """What a decision carries beside the case, all JSON data.

    evidence : {"file", "sha256", "state"} of every document. citations : criterion id or "附件1" → ids of confirmed
    passages. sample : as `sampling.draw` gave it, None when none was drawn. panel : per criterion {"criterion",
    "points": [{"expert", "points", "reason"}], "arbitration": {"by", "points", "reason"} or None}.
    replacements : {"kind", "out", "in", "reason", "approved_by"} of every reserve used, in order. annex1 : what people
    found on each condition. lacking : what the record itself leaves open, in Chinese; it is told and not kept.
    results : points entered for what was sampled and for the bonus, each with the papers it rests on.
    """

    evidence: Sequence[Mapping[str, str]] = ()
    citations: Mapping[str, Sequence[str]] | None = None
    sample: Mapping[str, Any] | None = None
    panel: Sequence[Mapping[str, Any]] = ()
    replacements: Sequence[Mapping[str, str]] = ()
    annex1: Sequence[Mapping[str, Any]] = ()
    lacking: Sequence[str] = ()
    results: Sequence[Mapping[str, Any]] = ()


class _Read(Mapping[str, Parameter]):
    """The parameters, remembering which were read: those a decision has to hold."""

    def __init__(self, parameters: Mapping[str, Parameter]) -> None:
        self.parameters = parameters
        self.names: set[str] = set()

    def __getitem__(self, name: str) -> Parameter:
        self.names.add(name)
        return self.parameters[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self.parameters)

    def __len__(self) -> int:
        return len(self.parameters)


def decide(
    scheme: Scheme, case: Case, parameters: Mapping[str, Parameter], records: Records, signature: Signature
) -> dict[str, Any]:
    """The decision on a case as JSON data. OpenCaseError with every open item when the case is not final."""
    open_ = what_is_open(scheme, case, parameters, records)
    if open_:
        raise OpenCaseError(case.district, case.cycle, open_)
    return _document(scheme, case, parameters, records, signature)


def what_is_open(scheme: Scheme, case: Case, parameters: Mapping[str, Parameter], records: Records) -> tuple[str, ...]:
    """What keeps a case from being decided: its own open items, and records that do not agree with it."""
    result = score_case(scheme, case, parameters, records.citations)
    open_ = list(result.open)
    if not open_ and (result.total_points is None or result.grade == UNSETTLED):
        open_.append("总分或等级未定。请补齐案卷。")
    open_ += unsigned(case.overrides, case.acts)
    open_ += _panel_faults(scheme, case, records.panel)
    checked = {_criterion_of(scheme, key) for key in case.verified}
    open_ += records.lacking
    if records.sample is not None:
        drawn, faults = standing(records.sample, "criterion", records.replacements)
        open_ += faults
        wanted = scheme.with_acts(case.acts).term("sample_design") != "simple_random"
        if records.sample.get("stratified", True) != wanted:
            open_.append("登记的样本不是按现行约定（R23）的方法抽的。请重新抽样。")
        open_ += [
            f"抽样抽中了 {name}，案卷没有它的核查分。请补上核查分，或按替补规则重新登记抽样。"
            for name in drawn
            if name not in checked
        ]
        open_ += [
            f"案卷有 {name} 的核查分，但它不在登记的样本中。请登记替补（edureview sample replace）或更正案卷。"
            for name in sorted(checked - set(drawn))
        ]
    return tuple(dict.fromkeys(open_))


def _criterion_of(scheme: Scheme, key: str) -> str:
    owner = {item.id: item.criterion_id for item in scheme.items}
    return owner.get(key, key)


def _panel_faults(scheme: Scheme, case: Case, panel: Sequence[Mapping[str, Any]]) -> list[str]:
    faults = []
    for record in panel:
        name = record["criterion"]
        found = _settled(record)
        if found is None:
            experts = len(record["points"])
            wanted = "专家打分不一致，尚未仲裁" if experts > 1 else f"只有 {experts} 位专家打分"
            faults.append(f"{name} {wanted}。请补齐打分或登记仲裁决定。")
            continue
        if case.desk.get(name) == found:
            continue  # points of the desk review: what the field found counts before them (R25)
        stated = _stated(scheme, case, name)
        if name not in {_criterion_of(scheme, key) for key in case.verified}:
            faults.append(f"专家组认定 {name} 得 {exact_text(found)} 分，案卷没有它的核查分。请补进案卷。")
        elif stated is not None and stated != found:
            faults.append(
                f"{name} 案卷核查分 {exact_text(stated)} 与专家组认定的 {exact_text(found)} 不一致。请更正案卷。"
            )
    return faults


def _stated(scheme: Scheme, case: Case, name: str) -> Fraction | None:
    """The verified points the case states for a criterion, added up where they are by item; None where not all are there."""
    if name in case.verified:
        return case.verified[name]
    items = [case.verified[item.id] for item in scheme.criterion(name).items if item.id in case.verified]
    found = [value for value in items if value is not None]
    return sum(found, Fraction(0)) if items and len(found) == len(items) else None


def _settled(record: Mapping[str, Any]) -> Fraction | None:
    arbitration = record["arbitration"]
    return settled(
        [Fraction(given["points"]) for given in record["points"]],
        None if arbitration is None else Fraction(arbitration["points"]),
    )


def _document(
    scheme: Scheme, case: Case, parameters: Mapping[str, Parameter], records: Records, signature: Signature
) -> dict[str, Any]:
    content = to_data(scheme)
    documents = sorted((dict(d) for d in records.evidence), key=lambda d: (d["file"], d["sha256"]))
    citations = {key: list(ids) for key, ids in (records.citations or {}).items()}
    read = _Read(parameters)
    result = score_case(scheme, case, read, citations)
    used = read.names | {name for name, parameter in parameters.items() if parameter.overridable}
    values = {name: to_data(parameters[name]) for name in sorted(used)}
    # Left out where nothing was entered, so that decisions from before there were such entries keep their bytes.
    entered = {"results": [dict(record) for record in records.results]} if records.results else {}
    return {
        **entered,
        "format": FORMAT,
        "district": case.district,
        "cycle": case.cycle,
        "signature": {"by": signature.by, "at": signature.at, "state": "已签认" if signature.by else "拟定稿"},
        "scheme": {"id": scheme.id, "sha256": sha256_of(content), "content": content},
        "parameters": {"sha256": sha256_of(values), "values": values},
        "evidence": {"sha256": sha256_of(documents), "documents": documents},
        "citations": citations,
        "sample": None if records.sample is None else redraw(records.sample),
        "replacements": [dict(record) for record in records.replacements],
        "annex1": [dict(record) for record in records.annex1],
        "panel": [dict(record, settled=_text(_settled(record))) for record in records.panel],
        "case": case.to_inputs(),
        "result": result.to_json(),
    }


def replay_decision(stored: Mapping[str, Any]) -> dict[str, Any]:
    """The decision recomputed from what it holds. ReplayError unless it has the same bytes; the message says where it parts.

    OldLayoutError for a decision of another format of this program: it lacks members, and comparing would mislead.
    """
    found = stored.get("format")
    if isinstance(found, str) and found != FORMAT and found.rpartition("-")[0] == FORMAT.rpartition("-")[0]:
        raise OldLayoutError(found, FORMAT)
    if found != FORMAT:
        raise ReplayError(f"不是本系统的认定决定（格式应为 {FORMAT}）")
    try:
        scheme = from_data(Scheme, stored["scheme"]["content"])
        parameters = {name: from_data(Parameter, value) for name, value in stored["parameters"]["values"].items()}
        text = canonical_json(stored["case"]).decode("utf-8")
        case = load_case(text, "决定中的案卷", scheme=scheme, parameters=parameters)
        panel = [{key: record[key] for key in record if key != "settled"} for record in stored["panel"]]
        records = Records(
            stored["evidence"]["documents"],
            stored["citations"],
            stored["sample"],
            panel,
            stored["replacements"],
            stored["annex1"],
            results=stored.get("results", ()),
        )
        signature = Signature(stored["signature"]["by"], stored["signature"]["at"])
        again = _document(scheme, case, parameters, records, signature)
    except CaseError as exc:
        raise ReplayError(f"决定中的案卷不能读取（{exc.faults[0]}）") from exc
    except (KeyError, TypeError, AttributeError, IndexError, ValueError) as exc:
        raise ReplayError(f"决定的内容不完整（{exc}）") from exc
    if canonical_json(again) != canonical_json(dict(stored)):
        raise ReplayError(f"从“{first_difference(again, stored)}”起不同")
    return again


def sha256_of(data: Any) -> str:
    """SHA-256 of the canonical JSON of `data`, in hexadecimal."""
    return hashlib.sha256(canonical_json(data)).hexdigest()


def first_difference(new: Any, old: Any, where: str = "") -> str:
    """Where two pieces of JSON data first part, e.g. ``result.ledger[3].result``; "" when they are equal."""
    if isinstance(new, Mapping) and isinstance(old, Mapping):
        for key in sorted({*new, *old}):
            if key not in new or key not in old:
                return f"{where}.{key}".lstrip(".")
            if found := first_difference(new[key], old[key], f"{where}.{key}".lstrip(".")):
                return found
        return ""
    if isinstance(new, list) and isinstance(old, list):
        for position, (mine, theirs) in enumerate(zip(new, old, strict=False)):
            if found := first_difference(mine, theirs, f"{where}[{position}]"):
                return found
        return "" if len(new) == len(old) else f"{where}[{min(len(new), len(old))}]"
    return "" if new == old and type(new) is type(old) else where or "根"


def _text(value: Fraction | None) -> str | None:
    return None if value is None else exact_text(value)
