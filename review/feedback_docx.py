"""The feedback letter as a Word file: 依据 → 工作开展 → 主要成绩 → 存在问题 → 意见建议; 问题清单, 得分情况表, 佐证索引 annexed."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from review.drafting import text_of
from review.feedback import PROBLEM_KINDS, Feedback
from review.official_document import OfficialDocument
from review.places import place
from scoring_rules.rounding import published
from scoring_rules.score_result import Line

NUMERALS = "一二三四五六七八九十"
# The longest quote printed in the evidence index; the whole passage stays in the record.
QUOTE_LENGTH = 120
CREDIBILITY_DECIMALS = 4
PROBLEM_TITLES = {
    "未达标": "部分指标未达到方案要求",
    "口径冲突": "部分数据相互矛盾",
    "缺材料": "部分评价要点没有佐证材料",
    "材料不齐": "部分评价要点必备材料不齐",
    "年度不符": "部分材料不属于被评年度",
    "无法读取": "部分材料无法读取",
}


def feedback_docx(feedback: Feedback) -> bytes:
    """The DOCX file of the letter, marked 拟定稿."""
    paper = OfficialDocument(header="拟定稿（由系统依据已导入材料生成，须经市教育督导办核定签发）")
    _letter(paper, feedback)
    paper.page_break()
    paper.level_one("附件1　问题清单")
    paper.table(
        ["序号", "要点", "类别", "问题", "整改要求", "佐证"],
        [
            [
                str(number),
                problem.item,
                problem.kind,
                problem.sentence,
                problem.advice,
                _marks(problem.evidence) or "全部材料",
            ]
            for number, problem in enumerate(feedback.problems, 1)
        ],
        widths_mm=[12, 16, 20, 58, 36, 14],
    )
    paper.page_break()
    _points_tables(paper, feedback)
    paper.page_break()
    paper.level_one("附件3　佐证索引")
    paper.table(
        ["编号", "材料", "位置", "原文"],
        [[f"〔{n}〕", c.file, place(c), _shortened(c.quote)] for n, c in enumerate(feedback.references, 1)],
        widths_mm=[14, 44, 26, 72],
    )
    return paper.to_bytes()


def _letter(paper: OfficialDocument, feedback: Feedback) -> None:
    scheme, year = feedback.scheme, feedback.cycle - 1
    paper.title(f"关于对{feedback.district}人民政府{feedback.cycle}年度履行教育职责评价的反馈意见")
    paper.body(f"{feedback.district}人民政府：", indent=False)
    paper.body(
        f"根据《{scheme.title}》（{scheme.document_number}），对你区{year}年度履行教育职责情况进行了审核评价，现将有关意见反馈如下。"
    )
    paper.level_one("一、评价工作开展情况")
    paper.body(f"本次审核的自评佐证材料：{feedback.coverage.sentence}")
    for line in _score_lines(feedback):
        paper.body(line)
    paper.level_one("二、主要成绩")
    if not feedback.achievements:
        paper.body("现有材料中，尚无可由规则直接认定达标的评价要点，有关成绩待专家核定。")
    for achievement in feedback.achievements:
        paper.body(f"（{achievement.item}）{achievement.sentence}{_marks(achievement.evidence)}")
    paper.level_one("三、存在问题")
    shown = [kind for kind in PROBLEM_KINDS if feedback.problems_of(kind)]
    if not shown:
        paper.body("现有材料中未发现规则可以直接认定的问题。")
    for position, kind in enumerate(shown):
        problems = feedback.problems_of(kind)
        paper.level_two(f"（{NUMERALS[position]}）{PROBLEM_TITLES[kind]}")
        if kind == "材料不齐":
            # Dozens of lines of this kind would bury the rest; each stands in the annexed list.
            paper.body(f"共 {len(problems)} 个评价要点的必备材料不齐，逐项见附件1。")
            continue
        for number, problem in enumerate(problems, 1):
            paper.body(f"{number}.（{problem.item}）{problem.sentence}{_marks(problem.evidence)}")
    paper.level_one("四、意见建议")
    for number, advice in enumerate(_advice(shown, feedback), 1):
        paper.body(f"{number}. {advice}")
    paper.body("请对照问题清单（附件1）制定整改方案，在规定时间内整改，并将整改落实情况报市政府教育督导委员会办公室。")
    paper.signature(["市政府教育督导委员会办公室", f"{feedback.cycle}年　　月　　日"])


def _score_lines(feedback: Feedback) -> list[str]:
    if feedback.score is None:
        return ["尚未录入案卷（自评得分、核查得分），本稿不含得分与等级。"]
    score = feedback.score.to_json()
    lines = [f"自评总得分 {score['self_points']} 分。"]
    if score["credibility"] is not None:
        change = "自评量化计分按可信度予以调整" if score["adjusted"] else "认可自评结果"
        lines[0] += (
            f"经抽样核查，自评可信度为 {score['credibility']}（{_decimal(feedback.score.credibility)}），{change}。"
        )
    if score["total_points"] is not None:
        lines.append(
            f"基础分 {score['base_points']} 分，加分 {score['bonus_points']} 分，最终得分 {score['total_points']} 分，得分等级为{score['points_grade']}，认定等级：{score['grade']}。"
        )
    else:
        low, high = score["total_interval"]
        lines.append(f"因有未决事项，总分暂估区间为 {low} 至 {high} 分，等级待认定。")
    lines += [f"未决事项：{sentence}" for sentence in score["open"]]
    return lines


def _decimal(credibility: Fraction | None) -> str:
    return "" if credibility is None else f"约 {published(credibility, CREDIBILITY_DECIMALS)}"


def _advice(kinds: Sequence[str], feedback: Feedback) -> list[str]:
    texts = {
        "未达标": "对未达到方案要求的指标，逐项分析原因，明确措施、责任单位和完成时限。",
        "口径冲突": "对相互矛盾的数据，由数据提供部门共同核实，以盖章说明统一口径。",
        "缺材料": "对没有佐证材料的评价要点，按附件1补充材料；确无此项的，提交盖章说明。",
        "材料不齐": "对必备材料不齐的评价要点，按附件1逐项补齐。",
        "年度不符": f"对不属于{feedback.cycle - 1}年度的材料，补充当年材料或有效性说明。",
        "无法读取": "对无法读取的文件，重新提供可以打开、不加密的版本。",
    }
    return [texts[kind] for kind in kinds] or ["巩固现有成果，持续提升教育保障水平。"]


def _points_tables(paper: OfficialDocument, feedback: Feedback) -> None:
    paper.level_one("附件2　得分情况表")
    paper.body("初评区间由规则依据现有材料提出，仅供专家参考，不是最终得分；二级指标内各要点分值均分为系统约定。")
    lines = {line.id: line for line in feedback.score.lines} if feedback.score else {}
    rows = []
    for criterion in feedback.draft.result.criteria:
        official = feedback.scheme.criterion(criterion.id)
        low, high = (text_of(points) for points in criterion.points)
        line = lines.get(criterion.id)
        rows.append(
            [
                criterion.id,
                official.name,
                f"≤{text_of(official.points)}" if official.is_bonus else text_of(official.points),
                _points(line.self_points) if line else "—",
                _checked(line) if line else "—",
                low if low == high else f"{low}～{high}",
            ]
        )
    paper.table(["编号", "二级指标", "分值", "自评", "核查", "初评区间"], rows, widths_mm=[14, 62, 20, 18, 18, 24])


def _marks(numbers: Sequence[int]) -> str:
    return "".join(f"〔{number}〕" for number in numbers)


def _points(points: Fraction | None) -> str:
    return "—" if points is None else text_of(points)


def _checked(line: Line) -> str:
    """Verified points, with what was sampled where that is not the whole criterion."""
    if not line.sampled:
        return "—"
    part = "" if line.sampled == (line.id,) else f"（{'、'.join(line.sampled)}）"
    return f"{'待核查' if line.verified is None else text_of(line.verified)}{part}"


def _shortened(quote: str) -> str:
    text = " ".join(quote.split())
    return text if len(text) <= QUOTE_LENGTH else text[:QUOTE_LENGTH] + "……"
