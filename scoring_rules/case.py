"""Case files: read strictly, every fault listed at once. Where the format leaves a choice, the choice made is:

* Points are quoted decimals; years and counts are plain integers.
* ``verified`` absent, empty, or an id with nothing behind it: not yet checked, which is open, never 0.
* An item that does not apply has no self points (a written "0" is taken as none) and cannot be sampled. A criterion
  id under ``not_applicable`` means all its items.
* Items sampled in a criterion whose self points were given for the whole criterion have no self points to compare
  with. That is read only where they are certain: all applicable items of the criterion are sampled (then their sum
  is compared), or its self points are 0 or full. Else the file is refused: a made-up share must not count.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import cast

import yaml

from scoring_rules.applicability import Maxima, maxima, scored_criteria
from scoring_rules.case_acts import read_acts, read_overrides
from scoring_rules.case_data import Case as Case
from scoring_rules.case_data import Rectification, Settled
from scoring_rules.case_entries import entries_by_criterion, listed, unknown_id
from scoring_rules.case_errors import CaseError
from scoring_rules.case_followups import desk_points, late_events, recheck_points
from scoring_rules.errors import UnknownYearError
from scoring_rules.open_terms import Act
from scoring_rules.parameters import Parameter, load_parameters
from scoring_rules.quoted import is_empty, read_points
from scoring_rules.scheme import Criterion, Scheme
from scoring_rules.scheme_loader import load_scheme
from scoring_rules.yaml_source import Faults, Node, parse_yaml

ANNEX1_WORDS = ("triggered", "not_triggered", "unknown")
LAST_CYCLE = 2099
MAX_DISTRICT_LENGTH = 40
_REQUIRED = ("scheme", "cycle", "district", "self", "annex1")
_OPTIONAL = (
    "verified", "not_applicable", "bonus", "rectification", "parameters", "acts", "desk", "recheck", "late_events", "zone",
)  # fmt: skip


def load_case(
    text: str,
    source_name: str = "案卷",
    *,
    scheme: Scheme | None = None,
    parameters: Mapping[str, Parameter] | None = None,
    acts: Sequence[Act] = (),
) -> Case:
    """The case in `text` (YAML); `source_name` is shown in messages. CaseError with every fault of the file.

    scheme, parameters : what the case is read against; by default the shipped scheme it names and the shipped parameters.
    acts : what the office has decided elsewhere; they come after those of the file, so on one day they count before them.
    """
    faults = Faults(source_name)
    part = parse_yaml(text, faults).mapping(_REQUIRED, _OPTIONAL)
    # An optional section with nothing in it is the same as no section; that is how templates are left blank.
    part = {key: node for key, node in part.items() if key in _REQUIRED or not is_empty(node)}
    scheme = _scheme(part["scheme"], scheme)
    known = load_parameters() if parameters is None else parameters
    not_applicable = _not_applicable(part.get("not_applicable"), scheme)
    # How a criterion is divided decides how many points an item can have, so the acts are read before any points.
    acts = (*(act for act in read_acts(part.get("acts"), scheme, known) if act not in acts), *acts)
    limits = maxima(scheme.with_acts(acts), not_applicable)
    if limits.full == 0:
        part["not_applicable"].fault("不能把全部二级指标都列为不适用，请核对。")
    self_points = _self_points(part["self"], scheme, limits)
    verified = _verified(part.get("verified"), scheme, limits, self_points)
    claimed, awarded = _bonus(part.get("bonus"), scheme)
    annex1 = _annex1(part["annex1"], scheme)
    case = Case(
        scheme=scheme.id,
        cycle=_cycle(part["cycle"], scheme),
        district=_district(part["district"]),
        self_points=self_points,
        verified=verified,
        not_applicable=not_applicable,
        claimed=claimed,
        awarded=awarded,
        annex1=annex1,
        rectification=_rectification(part.get("rectification"), not_applicable, scheme.rectification_item),
        overrides=read_overrides(part.get("parameters"), known),
        acts=acts,
        desk=_desk(part.get("desk"), scheme, limits, self_points, verified),
        recheck=recheck_points(part.get("recheck"), limits, verified),
        late_events=late_events(part.get("late_events"), scheme),
        zone="zone" in part and part["zone"].truth(),
    )
    if faults:
        raise CaseError(source_name, faults.sentences)
    return case


def load_case_file(path: Path) -> Case:
    """The case in the UTF-8 file `path`. CaseError also when it cannot be read."""
    return load_case(read_case_text(path), path.name)


def read_case_text(path: Path) -> str:
    """The text of a case file. CaseError when it cannot be read or is not UTF-8."""
    try:
        return path.read_bytes().decode("utf-8-sig")
    except OSError as exc:
        raise CaseError(path.name, [f"{path.name}：读不到这个文件，请核对文件名与权限。"]) from exc
    except UnicodeDecodeError as exc:
        raise CaseError(path.name, [f"{path.name}：不是 UTF-8 编码，请另存为 UTF-8。"]) from exc


def _scheme(node: Node, given: Scheme | None) -> Scheme:
    """The scheme the case names; the shipped one, with a fault noted, so that the other faults are still found."""
    year = node.text()
    if given is not None:
        if year and year != given.id:
            node.fault(f"案卷的评价方案是“{year}”，现在按“{given.id}”核对，请改正。")
        return given
    try:
        return load_scheme(year) if year else load_scheme()
    except UnknownYearError as exc:
        node.fault(str(exc))
        return load_scheme()


def _cycle(node: Node, scheme: Scheme) -> int:
    before = len(node.faults.sentences)
    cycle = node.integer()
    first = date.fromisoformat(scheme.issued).year
    if node.raw is not None and len(node.faults.sentences) == before and not first <= cycle <= LAST_CYCLE:
        node.fault(f"评价年度应在 {first} 至 {LAST_CYCLE} 之间，实际是 {cycle}，请改正。")
    return cycle


def _district(node: Node) -> str:
    name = node.text()
    if len(name) > MAX_DISTRICT_LENGTH or not name.isprintable():
        node.fault(f"区县名称不能超过 {MAX_DISTRICT_LENGTH} 个字，也不能有换行等控制字符，请改正。")
    return name


def _not_applicable(node: Node | None, scheme: Scheme) -> tuple[str, ...]:
    items_of = {item.id: {item.id} for c in scored_criteria(scheme) for item in c.items}
    items_of |= {c.id: {item.id for item in c.items} for c in scored_criteria(scheme)}
    chosen: set[str] = set()
    written: set[str] = set()
    for member in () if node is None else node.sequence(allow_empty=True):
        name = member.text()
        if name in written:
            member.fault(f"“{name}”重复，请只留一个。")
        elif name and name not in items_of:
            member.fault(unknown_id(name, scheme))
        written.add(name)
        chosen |= items_of.get(name, set())
    return tuple(item.id for item in scheme.items if item.id in chosen)


def _self_points(node: Node, scheme: Scheme, limits: Maxima) -> Mapping[str, Fraction]:
    found: dict[str, Fraction] = {}
    grouped = entries_by_criterion(node, scheme)
    for criterion in scored_criteria(scheme):
        members = grouped.get(criterion.id, {})
        for key, member in members.items():
            limit = limits.criteria[key] if key == criterion.id else limits.items[key]
            value = read_points(member, None if limit == 0 else limit, f"{key} 的自评分")
            if value is not None and limit == 0:
                if value != 0:
                    member.fault(f"{key} 已列为不适用，不能再有自评分，请删去其一。")
            elif value is not None:
                found[key] = value
        if not isinstance(node.raw, yaml.MappingNode) or criterion.id in members or limits.criteria[criterion.id] == 0:
            continue
        missing = [item.id for item in criterion.items if limits.items[item.id] > 0 and item.id not in members]
        if missing and members:
            node.fault(f"{criterion.id} 按评价要点填写，还缺{listed(missing)}，请补上。")
        elif missing:
            node.fault(f"缺少 {criterion.id} 的自评分，请补上。")
    return found


def _verified(
    node: Node | None, scheme: Scheme, limits: Maxima, self_points: Mapping[str, Fraction]
) -> Mapping[str, Fraction | None]:
    found: dict[str, Fraction | None] = {}
    if node is None:
        return found
    grouped = entries_by_criterion(node, scheme)
    for criterion in scored_criteria(scheme):
        members = grouped.get(criterion.id, {})
        for key, member in members.items():
            limit = limits.criteria[key] if key == criterion.id else limits.items[key]
            if limit == 0:
                member.fault(f"{key} 已列为不适用，不能有核查分，请删去其一。")
            elif is_empty(member, quoted_too=True):
                found[key] = None
            else:
                found[key] = read_points(member, limit, f"{key} 的核查分")
        if members and criterion.id not in members:
            _check_comparable(node, criterion, set(members), limits, self_points)
    return found


def _desk(
    node: Node | None,
    scheme: Scheme,
    limits: Maxima,
    self_points: Mapping[str, Fraction],
    verified: Mapping[str, Fraction | None],
) -> Mapping[str, Fraction]:
    """Points of the desk review; they may join the sample, so their self points have to be known as well."""
    found = desk_points(node, scheme, limits, verified)
    for criterion in scored_criteria(scheme):
        ids = {item.id for item in criterion.items} - {criterion.id}
        if node is not None and not ids.isdisjoint(found):
            _check_comparable(node, criterion, ids & {*found, *verified}, limits, self_points)
    return found


def _check_comparable(
    node: Node, criterion: Criterion, sampled: set[str], limits: Maxima, self_points: Mapping[str, Fraction]
) -> None:
    """Note a fault where items were sampled whose self points nobody can know (see the module docstring)."""
    whole = self_points.get(criterion.id)
    applicable = {item.id for item in criterion.items if limits.items[item.id] > 0}
    if whole is None or applicable <= sampled or whole in (0, limits.criteria[criterion.id]):
        return
    ids = listed([item.id for item in criterion.items if item.id in sampled])
    node.fault(
        f"{criterion.id} 的自评分只填了整个二级指标，{ids}没有可比的自评分。"
        f"请把 {criterion.id} 的自评分按评价要点填写，或核查整个 {criterion.id}。"
    )


def _bonus(node: Node | None, scheme: Scheme) -> tuple[Fraction | None, Fraction | None]:
    if node is None:
        return None, None
    part = node.mapping((), ("claimed", "awarded"))

    def points(key: str, what: str) -> Fraction | None:
        if key not in part or is_empty(part[key], quoted_too=True):
            return None
        return read_points(part[key], scheme.bonus_cap, what)

    return points("claimed", "申报的加分"), points("awarded", "评定的加分")


def _annex1(node: Node, scheme: Scheme) -> Mapping[str, Settled]:
    ids = [condition.id for condition in scheme.conditions]
    found: dict[str, Settled] = {}
    for key, member in node.mapping(ids).items():
        word = getattr(member.raw, "value", None)
        if member.raw is not None and word not in ANNEX1_WORDS:
            member.fault(f"附件 1 第 {key} 条只能填 {'、'.join(ANNEX1_WORDS)}；没有核实的请填 unknown。")
        found[key] = cast(Settled, word)
    return found


def _rectification(node: Node | None, not_applicable: tuple[str, ...], item_id: str) -> Rectification | None:
    if node is None:
        return None
    before = len(node.faults.sentences)
    part = node.mapping(("due", "unrectified"))
    due, unrectified = part["due"].integer(), part["unrectified"].integer()
    if len(node.faults.sentences) > before:
        return None
    for name, value in (("due", due), ("unrectified", unrectified)):
        if value < 0:
            part[name].fault(f"数目不能低于 0，实际是 {value}，请改正。")
    if unrectified > due >= 0:
        node.fault(f"未整改到位 {unrectified} 个多于应整改 {due} 个，请核对。")
    if not item_id:
        node.fault("这个方案没有上年问题整改的扣分，请删去 rectification。")
    elif item_id in not_applicable:
        node.fault(f"{item_id} 已列为不适用，不能再填整改情况，请删去其一。")
    return Rectification(due, unrectified)
