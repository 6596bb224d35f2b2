"""A district whose record lacks nothing but the decision: case, sample with everything checked, 附件 1 found one by one."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from review.annex1 import findings, record_finding
from review.cases import record_case
from review.sampling import draw_sample, recorded_sample
from review.workspace import Settings, Workspace

DISTRICT, CYCLE = "虚构区", 2019


@pytest.fixture
def workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    monkeypatch.setenv("EDUREVIEW_HOME", str(tmp_path))
    return Workspace(Settings(tmp_path))


def _seed_with_b1(workspace: Workspace) -> int:
    """A seed whose sample holds B1, found without keeping the other draws."""
    from scoring_rules.sampling import draw, drawn_criteria, frame

    units = frame(workspace.scheme, (), ())
    return next(seed for seed in range(100) if "B1" in drawn_criteria(draw(units, seed)))


@pytest.fixture
def recorded(workspace: Workspace) -> Callable[..., None]:
    """Records a case with full marks, a sample, full verified points of all that was drawn, and findings on 附件 1.

    `verified` replaces or adds to those points; a criterion given by items loses its whole. sample, found : False leaves
    them out.
    """

    def record(*, sample: bool = True, found: bool = True, **changes: Any) -> None:
        marks = {c.id: str(c.points) for c in workspace.scheme.criteria if not c.is_bonus}
        if sample and recorded_sample(workspace, DISTRICT, CYCLE) is None:
            draw_sample(workspace, DISTRICT, CYCLE, _seed_with_b1(workspace))
        drawn = recorded_sample(workspace, DISTRICT, CYCLE)
        ids = [name for stratum in drawn["criteria"] for name in stratum["drawn"]] if drawn else ["B1"]
        given = changes.pop("verified", {})
        by_item = {key.split("-")[0] for key in given if "-" in key}
        verified = {name: marks[name] for name in ids if name not in by_item} | given
        data = {
            "scheme": "2019", "cycle": CYCLE, "district": DISTRICT, "self": marks, "verified": verified,
            "bonus": {"awarded": "5"}, "annex1": dict.fromkeys("123456", "not_triggered"), **changes,
        }  # fmt: skip
        if found and not findings(workspace, DISTRICT, CYCLE):
            for condition in "123456":
                record_finding(
                    workspace,
                    DISTRICT,
                    CYCLE,
                    condition,
                    "not_triggered",
                    "虚构的科长",
                    "2019-05-06",
                    "虚构认定书",
                    "虚构：已核实",
                )
        record_case(workspace, json.dumps(data, ensure_ascii=False), "虚构.yaml")

    return record
