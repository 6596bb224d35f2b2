"""Writes the Word templates in corpus/templates: `python -m review.papers.make_templates`.

The files are kept in the repository and may be edited in a word processor: wording, order, widths and fonts are theirs. What
stands in {{ }} is filled in, {%p for … %} and {%tr for … %} repeat a paragraph or a row. Running this again overwrites them.
"""

from __future__ import annotations

from pathlib import Path

from review.official_document import OfficialDocument

HEADER = "{{ header }}"
WATERMARK = "拟定稿"
Columns = tuple[tuple[str, str, int], ...]

PROBLEMS: Columns = (
    ("序号", "number", 12), ("要点", "item", 16), ("类别", "kind", 20), ("问题", "sentence", 56),
    ("整改要求", "advice", 34), ("佐证", "evidence", 18),
)  # fmt: skip
# As it is issued: the rules' proposals are for the experts.
POINTS_ISSUED: Columns = (
    ("编号", "id", 14), ("二级指标", "name", 62), ("分值", "points", 20), ("自评", "self", 20), ("核查", "verified", 20),
    ("得分", "final", 20),
)  # fmt: skip
POINTS: Columns = (
    ("编号", "id", 13), ("二级指标", "name", 45), ("分值", "points", 16), ("自评", "self", 16), ("核查", "verified", 20),
    ("得分", "final", 16), ("初评区间", "draft", 30),
)  # fmt: skip
REFERENCES: Columns = (("编号", "number", 16), ("材料", "file", 42), ("位置", "place", 28), ("原文", "quote", 70))
LEDGER: Columns = (
    ("序号", "number", 12), ("步骤", "rule", 30), ("依据", "basis", 62), ("输入", "inputs", 76), ("结果", "result", 45),
)  # fmt: skip
RANKING: Columns = (
    ("名次", "rank", 11), ("区县", "district", 31), ("自评", "self", 16), ("抽样自评小计", "sample_self", 16),
    ("核查小计", "sample_verified", 16), ("可信度", "credibility", 16), ("基础分", "base", 16), ("加分", "bonus", 13),
    ("最终得分", "total", 17), ("得分等级", "points_grade", 14), ("降级情形", "downgrade", 17), ("认定等级", "grade", 14),
    ("备注", "note", 28),
)  # fmt: skip
SAMPLE: Columns = (
    ("一级指标", "stratum", 20), ("抽中", "id", 18), ("名称", "name", 62), ("替补次序", "reserve", 24), ("核查得分", "blank", 16),
    ("签字", "sign", 16),
)  # fmt: skip
INDICATORS: Columns = (
    ("区县", "district", 45),
    *((name, name, 30) for name in ("A1", "A2", "A3", "A4", "A5")),
    ("合计", "sum", 30),
)


def _paper() -> OfficialDocument:
    return OfficialDocument(header=HEADER, watermark=WATERMARK, watermark_if="is_draft")


def _closing(paper: OfficialDocument) -> None:
    paper.signature(["{{ signer }}", "{{ day }}"])
    paper.imprint("{{ issuer }}", "{{ issued }}")


def _groups(paper: OfficialDocument, name: str) -> None:
    """（一）… with the sentences of each group, or the one sentence that says there are none."""
    with paper.loop("group", name):
        paper.level_two("{{ group.heading }}")
        with paper.loop("line", "group.lines"):
            paper.body("{{ line }}")
    with paper.condition(f"{name}_none"):
        paper.body(f"{{{{ {name}_none }}}}")


def _table(paper: OfficialDocument, name: str, columns: Columns) -> None:
    """A table, or the one sentence that says why there is none: never a head without rows."""
    with paper.condition(name):
        paper.table_of(name, columns)
    with paper.condition(f"{name}_none"):
        paper.body(f"{{{{ {name}_none }}}}")


def _numbered(paper: OfficialDocument) -> None:
    """发文字号, once the paper is issued."""
    with paper.condition("document"):
        paper.number("{{ document }}")


def feedback() -> OfficialDocument:
    """反馈意见."""
    paper = _paper()
    _numbered(paper)
    paper.title("{{ title }}")
    paper.body("{{ addressee }}：", indent=False)
    paper.body("{{ basis }}")
    paper.level_one("一、评价工作开展情况")
    with paper.loop("line", "work"):
        paper.body("{{ line }}")
    paper.level_one("二、主要成绩")
    _groups(paper, "achievements")
    paper.level_one("三、存在问题")
    _groups(paper, "problems")
    paper.level_one("四、意见建议")
    with paper.loop("line", "advice"):
        paper.body("{{ line }}")
    paper.body("{{ closing }}")
    with paper.loop("line", "annexes"):
        paper.body("{{ line }}")
    _closing(paper)
    paper.annex("附件1　问题清单", new_page=True)
    _table(paper, "problem_rows", PROBLEMS)
    paper.annex("附件2　得分情况表", new_page=True)
    paper.note("{{ points_note }}")
    with paper.condition("is_draft"):
        paper.table_of("points_rows", POINTS)
    with paper.condition("is_issued"):
        paper.table_of("points_rows", POINTS_ISSUED)
    with paper.loop("chart", "charts"):
        paper.picture("{{ chart.picture }}")
        paper.note("{{ chart.caption }}")
    paper.annex("附件3　佐证索引", new_page=True)
    _table(paper, "references", REFERENCES)
    return paper


def rectification() -> OfficialDocument:
    """整改通知, with 整改台账."""
    paper = _paper()
    _numbered(paper)
    paper.title("{{ title }}")
    paper.body("{{ addressee }}：", indent=False)
    paper.body("{{ basis }}")
    paper.level_one("一、整改任务")
    with paper.loop("line", "tasks"):
        paper.body("{{ line }}")
    paper.level_one("二、整改要求")
    with paper.loop("line", "demands"):
        paper.body("{{ line }}")
    _closing(paper)
    paper.turn(wide=True)
    paper.annex("附件　整改台账")
    paper.note("{{ ledger_note }}")
    columns: Columns = (
        ("序号", "number", 12), ("要点", "item", 16), ("问题", "text", 58), ("整改措施", "measure", 38),
        ("责任单位（人）", "responsible", 24), ("完成时限", "until", 24), ("整改材料", "files", 28),
        ("复查结论", "outcome", 25),
    )  # fmt: skip
    _table(paper, "rows", columns)
    return paper


def completeness() -> OfficialDocument:
    """完整性检查清单."""
    paper = _paper()
    paper.title("{{ title }}")
    paper.body("{{ coverage }}")
    paper.level_one("一、总的情况")
    with paper.loop("line", "summary"):
        paper.body("{{ line }}")
    with paper.loop("chart", "charts"):
        paper.picture("{{ chart.picture }}")
        paper.note("{{ chart.caption }}")
    paper.level_one("二、不能读取或没有读全的材料")
    with paper.loop("line", "unreadable"):
        paper.body("{{ line }}")
    paper.turn(wide=True)
    paper.level_one("三、逐项清单")
    columns: Columns = (
        ("要点", "item", 16), ("名称", "title", 40), ("状态", "state", 18), ("已有材料", "found", 64),
        ("尚缺材料", "missing", 45), ("说明", "notes", 42),
    )  # fmt: skip
    paper.table_of("rows", columns)
    return paper


def expert_sheet() -> OfficialDocument:
    """专家评审表."""
    paper = _paper()
    paper.title("{{ title }}")
    with paper.loop("line", "notes"):
        paper.body("{{ line }}")
    paper.turn(wide=True)
    columns: Columns = (
        ("编号", "id", 14), ("二级指标／评价要点", "name", 54), ("分值", "points", 15), ("自评", "self", 15),
        ("初评区间", "draft", 20), ("理由与佐证", "reasons", 61), ("专家打分", "given", 18), ("扣分理由", "blank", 28),
    )  # fmt: skip
    paper.table_of("rows", columns)
    paper.body("专家签字：____________　　日期：____________", indent=False)
    return paper


def field_sample() -> OfficialDocument:
    """实地督导抽样表."""
    paper = _paper()
    paper.title("{{ title }}")
    with paper.loop("line", "notes"):
        paper.body("{{ line }}")
    paper.level_one("一、抽查的二级指标")
    with paper.condition("criteria_none"):
        paper.body("{{ criteria_none }}")
    with paper.condition("criteria"):
        paper.table_of(
            "criteria",
            SAMPLE,
        )
    paper.level_one("二、抽查的学校")
    with paper.condition("schools_none"):
        paper.body("{{ schools_none }}")
    with paper.condition("schools"):
        paper.table_of(
            "schools",
            (("类别", "stratum", 36), ("抽中学校", "name", 52), ("替补次序", "reserve", 48), ("签字", "sign", 20)),
        )
    with paper.condition("replacements"):
        paper.level_one("三、已登记的替补")
        with paper.loop("line", "replacements"):
            paper.body("{{ line }}")
    paper.body("核查人签字：____________　　日期：____________", indent=False)
    return paper


def basis() -> OfficialDocument:
    """评分依据（台账）."""
    paper = _paper()
    paper.title("{{ title }}")
    with paper.loop("line", "notes"):
        paper.body("{{ line }}")
    with paper.loop("chart", "charts"):
        paper.picture("{{ chart.picture }}")
        paper.note("{{ chart.caption }}")
    paper.turn(wide=True)
    paper.level_one("一、每一分的得失")
    columns: Columns = (
        ("编号", "id", 15), ("分值", "points", 17), ("自评", "self", 17), ("得分", "final", 17), ("失分", "lost", 17),
        ("方案原文", "clause", 62), ("依据与输入", "inputs", 56), ("佐证", "evidence", 24),
    )  # fmt: skip
    paper.table_of("rows", columns)
    paper.level_one("二、计算步骤")
    with paper.condition("steps_none"):
        paper.body("{{ steps_none }}")
    with paper.condition("steps"):
        paper.table_of("steps", LEDGER)
    paper.level_one("三、佐证索引")
    wide = tuple((h, f, w + extra) for (h, f, w), extra in zip(REFERENCES, (0, 22, 10, 37), strict=True))
    _table(paper, "references", wide)
    return paper


def annual() -> OfficialDocument:
    """年度评价报告."""
    paper = _paper()
    with paper.condition("document"):
        paper.number("{{ document }}")
    paper.title("{{ title }}")
    paper.body("{{ lead }}")
    paper.level_one("一、工作开展")
    with paper.loop("line", "work"):
        paper.body("{{ line }}")
    paper.level_one("二、主要成效")
    _groups(paper, "achievements")
    paper.level_one("三、主要问题")
    _groups(paper, "problems")
    paper.level_one("四、评价结果")
    with paper.loop("line", "results"):
        paper.body("{{ line }}")
    with paper.loop("line", "downgrades"):
        paper.body("{{ line }}")
    paper.level_one("五、整改要求")
    with paper.loop("line", "demands"):
        paper.body("{{ line }}")
    _closing(paper)
    # Turned once and outside the conditions: what ends a section must not vanish with one of them.
    paper.turn(wide=True)
    with paper.condition("show_points"):
        paper.annex("附表1　各区县得分排名表")
        _table(paper, "ranking", RANKING)
        paper.annex("附表2　A1—A5 分项得分表", new_page=True)
        paper.note("{{ indicators_note }}")
        _table(paper, "indicator_rows", INDICATORS)
    with paper.condition("show_grades"):
        paper.annex("附表1　各区县评价等级")
        _table(paper, "grades", (("区县", "district", 60), ("认定等级", "grade", 45), ("备注", "note", 120)))
    with paper.loop("chart", "charts"):
        paper.picture("{{ chart.picture }}")
        paper.note("{{ chart.caption }}")
    return paper


TEMPLATES = {
    "feedback": feedback, "rectification": rectification, "completeness": completeness, "expert_sheet": expert_sheet,
    "field_sample": field_sample, "basis": basis, "annual": annual,
}  # fmt: skip


def write_templates(folder: Path) -> None:
    """Writes every template into the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, make in TEMPLATES.items():
        (folder / f"{name}.docx").write_bytes(make().to_bytes())


if __name__ == "__main__":
    write_templates(Path(__file__).parents[2] / "corpus" / "templates")
