"""Every error of this part: a Chinese sentence that says what to do."""

from __future__ import annotations

from datetime import date

import pytest

from scoring_rules import case_errors
from scoring_rules.case_errors import (
    CaseError,
    NotInForceError,
    OldLayoutError,
    OpenCaseError,
    ParameterError,
    RankingError,
    ReplayError,
)
from scoring_rules.errors import ScoringError

EXAMPLES = [
    CaseError("案卷.yaml", ["案卷.yaml：缺少 B1 的自评分，请补上。"]),
    ParameterError("评分参数", ["a.yaml：请改正。"]),
    RankingError(["“甲区”出现 2 次，请只留一份案卷。"]),
    NotInForceError("limit", "演示界线", date(2017, 1, 1), date(2018, 1, 1)),
    ReplayError("步骤的数目不同"),
    OldLayoutError("edureview-decision-1", "edureview-decision-2"),
    OpenCaseError("演示区", 2019, ["加分尚未评定。"]),
]


@pytest.mark.parametrize("error", EXAMPLES, ids=lambda error: type(error).__name__)
def test_说清并请人去做(error):
    assert isinstance(error, ScoringError)
    assert "请" in str(error)


def test_每个类都有例子():
    own = {c for c in vars(case_errors).values() if isinstance(c, type) and c.__module__ == case_errors.__name__}
    assert own == {type(error) for error in EXAMPLES}
