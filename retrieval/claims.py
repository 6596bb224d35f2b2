"""The district's own assessment: what the evidence has to prove, and no evidence itself."""

from __future__ import annotations

_SELF_ASSESSMENT = ("自评报告", "自查报告", "自评得分", "自评打分", "自查自评", "自我评价")


def is_claim(file: str) -> bool:
    """Whether a file is the district's own assessment, by its name."""
    return any(word in file for word in _SELF_ASSESSMENT)
