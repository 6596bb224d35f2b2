"""What the steps of a ledger rest on: sentences of the official document, or conventions of this system (约定).

The official sentences stand in the scheme's own data, word for word; a test finds each of them in ``corpus/schemes``.
A convention fills what the document leaves open; R numbers are those of the open terms (``open_terms.yaml``).
"""

from __future__ import annotations

from collections.abc import Mapping

# The steps that rest on official words; each scheme gives its own under `sentences` of ``scheme.yaml``.
SENTENCES = ("sample", "accepted", "adjusted", "full_points", "annex1", "rectification", "bonus")


def convention(ruling: str, words: str) -> str:
    """The basis of a step the document does not settle, e.g. ``约定 R8：…``."""
    return f"约定 {ruling}：{words}"


DATA_YEAR = convention("R13", "评价年度的前一年为数据年度。")
PARAMETERS = convention("R11", "方案未定的数作为参数，取值、来源与状态逐项列出。")
NOT_APPLICABLE = convention("R22", "不适用的评价要点，其分值由同一二级指标的其余要点均分。")
SCALING = convention("R22", "整个二级指标不适用的，按“得分÷适用满分×满分”折算。")
CREDIBILITY = convention("R24", "自评可信度＝抽样核查得分之和÷同一批指标自评得分之和。方案没有公式，此为推定。")
UNSETTLED = convention("R21", "有未决项时不出总分，只出区间。")
RECTIFICATION_SIZE = convention("R12", "扣分＝该评价要点的分值×未整改到位数÷应整改数，从它的二级指标扣，扣到 0 为止。")
TOTAL = convention("R1", "总分＝基础分＋加分；基础分与加分分列，加分不乘可信度（R3）。")
TOTAL_WITH_FACTOR = convention("R1", "总分＝基础分＋加分；加分与自评分一样乘可信度（R3）。")
ROUNDING_ONLY = convention("R8", "全程用精确数，总分最后一次四舍五入到 0.01，定级不用它。")
ROUNDING = convention("R8", "全程用精确数，总分最后一次四舍五入到 0.01，按公布值定级。")
BONUS_IN_GRADE = convention("R2", "等级按含加分的总分定，同时给出不含加分的等级。")
BONUS_NOT_IN_GRADE = convention("R2", "等级按不含加分的基础分定（参数 bonus_in_grade 取 no）。")
LOWERED_ONCE = convention("R4", "命中几条都只降一级；不合格不再降（R5）；降级不改得分与名次（R6）。")
LINES = convention("R24", "抽中的指标列核查分，其余按采用的系数列自评分；各行之和等于总分。")
OPEN_TERMS = convention("R1–R34", "方案没有定死的读法逐项列出；只有市教育督导办登记的决定能改。")


def sentence(sentences: Mapping[str, str], name: str) -> str:
    """The official words for a step; 约定 where the scheme has no such sentence. KeyError for a name not in `SENTENCES`."""
    if name not in SENTENCES:
        raise KeyError(name)
    return sentences.get(name) or convention("R11", "方案没有写这一步的原文。")
