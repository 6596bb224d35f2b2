"""The sample of the field check (三（三）「通过随机抽取样本进行验证」): seeded, stratified, drawn again by anyone from seed and frame.

Units of a stratum stand in the order of SHA-256(seed, frame hash, stratum, unit): the first are drawn, the next ones
replace them in that order. That needs no random generator, so every machine and every Python draws the same; and the
order in which the frame was listed plays no part. How many to draw is nowhere fixed: a convention (约定 R23).
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from scoring_rules.applicability import maxima
from scoring_rules.basis import convention
from scoring_rules.ledger import canonical_json
from scoring_rules.plain_data import to_data
from scoring_rules.scheme import Scheme

# The parameters that say how many to draw (约定: nothing fixes it).
PER_INDICATOR = "sample_criteria_per_indicator"
SCHOOL_COUNT = "sample_schools"
FACTORS = ("stage", "area", "size", "ownership")
SIMPLE = convention("R23", "不分层：全部二级指标、全部学校各放在一起随机抽；数量没有依据，由市定。")
ALL = "全部"
DESIGN = convention(
    "R23", "每个一级指标至少抽一个二级指标；学校按学段、城乡、规模、办学性质分层；数量没有依据，由市定。"
)
REPLACEMENT = (
    "抽中的单位因停办、撤并、不适用或不可抗力不能核查的，由同层替补名单的第一个递补，依次类推；"
    "不得跨层、不得挑选，递补的原因与批准人记入核查记录。同层没有替补的，如实记为未核查。"
)


@dataclass(frozen=True, slots=True)
class School:
    """A school of the frame. size : 大 / 小 within its stage, or as the list says; "" where the list does not say."""

    name: str
    stage: str
    area: str
    size: str
    ownership: str

    @property
    def cell(self) -> tuple[str, ...]:
        """Its cell: the four factors together."""
        return (self.stage, self.area, self.size, self.ownership)


def frame(scheme: Scheme, not_applicable: Collection[str], schools: Sequence[School]) -> dict[str, Any]:
    """What is drawn from, as JSON data: applicable criteria by indicator, the bonus left out, and schools by name."""
    limits = maxima(scheme, not_applicable)
    return {
        "scheme": scheme.id,
        "indicators": {
            indicator.id: [c.id for c in indicator.criteria if not c.is_bonus and limits.criteria[c.id]]
            for indicator in scheme.indicators
            if any(not c.is_bonus and limits.criteria[c.id] for c in indicator.criteria)
        },
        "schools": [to_data(school) for school in sorted(schools, key=lambda s: s.name)],
    }


def frame_sha256(drawn_from: Mapping[str, Any]) -> str:
    """The hash that, with the seed, fixes the sample."""
    return hashlib.sha256(canonical_json(dict(drawn_from))).hexdigest()


def draw(
    drawn_from: Mapping[str, Any],
    seed: int,
    *,
    per_indicator: int = 1,
    schools: int = 12,
    stratified: bool = True,
) -> dict[str, Any]:
    """The sample as JSON data: seed, frame and its hash, the design, each stratum with what is drawn and who replaces it.

    per_indicator : criteria drawn of every indicator (all of it where it has fewer). schools : drawn in all.
    stratified : False draws the same numbers from all criteria and all schools together (R23).
    """
    sha256 = frame_sha256(drawn_from)

    def ordered(stratum: str, units: Sequence[str]) -> list[str]:
        return sorted(units, key=lambda unit: (_place(seed, sha256, stratum, unit), unit))

    criteria = []
    indicators: Mapping[str, list[str]] = drawn_from["indicators"]
    each = per_indicator
    if not stratified:
        each = sum(min(per_indicator, len(ids)) for ids in indicators.values())
        indicators = {ALL: [name for ids in indicators.values() for name in ids]}
    for indicator, ids in indicators.items():
        order = ordered(indicator, ids)
        criteria.append({"stratum": indicator, "of": len(ids), "drawn": order[:each], "reserve": order[each:]})
    cells: dict[tuple[str, ...], list[str]] = defaultdict(list)
    for school in drawn_from["schools"]:
        cells[tuple(school[factor] for factor in FACTORS) if stratified else (ALL,)].append(school["name"])
    sizes = {cell: len(names) for cell, names in cells.items()}
    counts = allocate(sizes, schools, lambda cell: _place(seed, sha256, "cells", "|".join(cell)))
    strata = []
    for cell in sorted(cells):
        order = ordered("|".join(cell), cells[cell])
        count = counts[cell]
        strata.append({"stratum": list(cell), "of": len(order), "drawn": order[:count], "reserve": order[count:]})
    design = {} if stratified else {"stratified": False}
    return design | {
        "seed": seed,
        "frame": dict(drawn_from),
        "frame_sha256": sha256,
        "per_indicator": per_indicator,
        "school_count": schools,
        "basis": DESIGN if stratified else SIMPLE,
        "replacement": REPLACEMENT,
        "criteria": criteria,
        "schools": strata,
        "not_covered": _not_covered(counts) if stratified else [],
    }


def drawn_criteria(sample: Mapping[str, Any]) -> tuple[str, ...]:
    """The criteria a sample asks to be checked."""
    return tuple(name for stratum in sample["criteria"] for name in stratum["drawn"])


def standing(
    sample: Mapping[str, Any], kind: str, replacements: Sequence[Mapping[str, str]]
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """What is to be checked once reserves stand in for drawn units, and the faults of those replacements, in Chinese.

    kind : criterion or school. replacements : {"kind", "out", "in"} in the order they were used; each has to be the
    first reserve of the same stratum not yet used.
    """
    units: list[str] = []
    faults: list[str] = []
    used = [entry for entry in replacements if entry["kind"] == kind]
    for stratum in sample["criteria" if kind == "criterion" else "schools"]:
        current, left = list(stratum["drawn"]), list(stratum["reserve"])
        for entry in used:
            if entry["out"] not in current:
                continue
            if not left or entry["in"] != left[0]:
                faults.append(
                    f"{entry['out']} 的替补应是 {left[0] if left else '（没有替补）'}，不是 {entry['in']}。请核对。"
                )
                continue
            current[current.index(entry["out"])] = left.pop(0)
        units += current
    known = {name for entry in used for name in (entry["in"],)}
    faults += [
        f"替补 {name} 没有可以顶替的单位。请核对。" for name in sorted(known - set(units) - {e["out"] for e in used})
    ]
    return tuple(units), tuple(dict.fromkeys(faults))


def next_reserve(
    sample: Mapping[str, Any], kind: str, unit: str, replacements: Sequence[Mapping[str, str]]
) -> str | None:
    """The reserve that has to stand in for `unit` now; None when its stratum has none left.

    Raises KeyError when `unit` is not to be checked.
    """
    used = {entry["in"] for entry in replacements if entry["kind"] == kind}
    if unit not in standing(sample, kind, replacements)[0]:
        raise KeyError(unit)
    for stratum in sample["criteria" if kind == "criterion" else "schools"]:
        if unit in stratum["drawn"] or unit in stratum["reserve"]:
            return next((name for name in stratum["reserve"] if name not in used), None)
    raise KeyError(unit)


def redraw(sample: Mapping[str, Any]) -> dict[str, Any]:
    """The sample drawn again from the seed and the frame it holds."""
    return draw(
        sample["frame"],
        sample["seed"],
        per_indicator=sample["per_indicator"],
        schools=sample["school_count"],
        stratified=sample.get("stratified", True),
    )


def allocate(sizes: Mapping[tuple[str, ...], int], total: int, place: Any) -> dict[tuple[str, ...], int]:
    """How many of `total` to draw from each cell of that many units; never more than there are.

    With enough for every cell: one each, the rest in proportion (largest remainders). With fewer, cells that bring in
    most values not yet covered come first, the stage before the other factors. Ties go by `place`, a seeded order.
    """
    counts = dict.fromkeys(sizes, 0)
    total = min(total, sum(sizes.values()))
    covered: set[tuple[int, str]] = set()
    waiting = set(sizes)
    while waiting and sum(counts.values()) < total:
        best = min(waiting, key=lambda cell: (*_gain(cell, covered), -sizes[cell], place(cell)))
        counts[best] = 1
        covered |= set(enumerate(best))
        waiting.remove(best)
    left = total - sum(counts.values())
    room = {cell: size - counts[cell] for cell, size in sizes.items()}
    everything = sum(room.values())
    if not left or not everything:
        return counts
    parts = {cell: divmod(left * size, everything) for cell, size in room.items()}
    for cell, (whole, _) in parts.items():
        counts[cell] += whole
    left -= sum(whole for whole, _ in parts.values())
    for cell in sorted(parts, key=lambda c: (-parts[c][1], place(c)))[:left]:
        counts[cell] += 1
    return counts


def _gain(cell: tuple[str, ...], covered: set[tuple[int, str]]) -> tuple[bool, int]:
    """Sorts the most useful cell first: a new stage, then the number of new values."""
    new = set(enumerate(cell)) - covered
    return (0, cell[0]) not in new, -len(new)


def _not_covered(counts: Mapping[tuple[str, ...], int]) -> list[str]:
    """Values of a factor that are in the frame and in no drawn cell."""
    missing = []
    for position in range(len(FACTORS)):
        drawn = {cell[position] for cell, count in counts.items() if count}
        missing += sorted({cell[position] for cell in counts} - drawn)
    return missing


def _place(seed: int, sha256: str, stratum: str, unit: str) -> str:
    return hashlib.sha256(f"{seed}\n{sha256}\n{stratum}\n{unit}".encode()).hexdigest()
