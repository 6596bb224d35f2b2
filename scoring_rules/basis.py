"""What the steps of a ledger rest on: sentences of the official document, or conventions of this system (约定).

The official sentences stand here word for word; a test finds each of them in ``corpus/schemes``. A convention fills
what the document leaves open; R numbers are those of the README's list of open questions.
"""

from __future__ import annotations

# 三（三）
SAMPLE = "运用验证法进行核实，通过随机抽取样本进行验证，并根据核实验证结果对区县作出结论。"
ACCEPTED = "如果对抽样进行评价验证后，认定其自评结果与评价结果基本一致，或评价结果高于自评结果，则认可自评结果"
ADJUSTED = "如果认定抽样自我评价过高或不实，通过“自评可信度”对被评区县的自评量化计分予以调整"
# 四（一）
FULL_POINTS = "评价满分为 1000 分。"
ANNEX1 = "对行政区域内出现附件 1 所列情形之一的区县政府，年度评价结果降低一个等级予以认定。"
# 附件 2
RECTIFICATION = "对上年督导发现问题整改不到位的予以扣分。"
BONUS = "由区县申报，市评定（控制在20分以内）。"

OFFICIAL = (SAMPLE, ACCEPTED, ADJUSTED, FULL_POINTS, ANNEX1, RECTIFICATION, BONUS)


def convention(ruling: str, words: str) -> str:
    """The basis of a step the document does not settle, e.g. ``约定 R8：…``."""
    return f"约定 {ruling}：{words}"


DATA_YEAR = convention("R13", "评价年度的前一年为数据年度。")
PARAMETERS = convention("R11", "方案未定的数作为参数，取值、来源与状态逐项列出。")
NOT_APPLICABLE = convention("R22", "不适用的评价要点，其分值由同一二级指标的其余要点均分。")
SCALING = convention("R22", "整个二级指标不适用的，按“得分÷适用满分×1000”折算。")
CREDIBILITY = convention("R24", "自评可信度＝抽样核查得分之和÷同一批指标自评得分之和。方案没有公式，此为推定。")
UNSETTLED = convention("R21", "有未决项时不出总分，只出区间。")
RECTIFICATION_SIZE = convention("R12", "扣分＝B15-4 的分值×未整改到位数÷应整改数，从 B15 扣，扣到 0 为止。")
TOTAL = convention("R1", "总分＝基础分＋加分；基础分与加分分列，加分不乘可信度（R3）。")
ROUNDING = convention("R8", "全程用精确数，总分最后一次四舍五入到 0.01，按公布值定级。")
BONUS_IN_GRADE = convention("R2", "等级按含加分的总分定，同时给出不含加分的等级。")
BONUS_NOT_IN_GRADE = convention("R2", "等级按不含加分的基础分定（参数 bonus_in_grade 取 no）。")
LOWERED_ONCE = convention("R4", "命中几条都只降一级；不合格不再降（R5）；降级不改得分与名次（R6）。")
LINES = convention("R24", "抽中的指标列核查分，其余按采用的系数列自评分；各行之和等于总分。")
