"""Commands that draw on the whole record of a district: completeness, draft points, the letter, the demo, a check-up."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from review.commands.base import State, as_json, of_district, print_json
from review.commands.evidence import cited

if TYPE_CHECKING:
    from review.completeness import Completeness


@click.command(
    "completeness",
    help="完整性检查：每个评价要点应有的材料和数据，哪些已有、缺失、年度不符、无法读取；--by-department 按责任部门。",
)
@of_district(required=True)
@click.option(
    "-o", "output", type=click.Path(dir_okay=False, path_type=Path),
    help="另存为 Excel 清单（清单.xlsx）；按部门的还可以是 Word（清单.docx），供分发填写。",
)  # fmt: skip
@click.option("--by-department", "departments", is_flag=True, help="按责任部门列出。")
@click.option("--department", help="只看一个责任部门。")
@as_json
@click.pass_obj
def completeness(
    state: State, district: str, cycle: int | None, output: Path | None, departments: bool, department: str | None, json_: bool
) -> None:  # fmt: skip
    """Completeness list of a district."""
    from review.completeness import completeness as check

    district, cycle = state.workspace.locate(district, cycle)
    listed = check(state.workspace, district, cycle)
    by_department = departments or department is not None
    if output is not None:
        output.write_bytes(_saved(state, listed, output.suffix.lower(), by_department=by_department, only=department))
        click.echo(f"已写入 {output}", err=True)
    if by_department:
        _departments(listed, department, json_=json_)
    elif json_:
        print_json(listed.to_json())
    else:
        _items(listed)


def _saved(state: State, listed: Completeness, suffix: str, *, by_department: bool, only: str | None) -> bytes:
    from review.departments import checklist_docx, matrix_xlsx
    from review.exports import completeness_xlsx
    from review.material import material_report

    if suffix not in (".xlsx", ".docx"):
        raise click.BadParameter("文件名应以 .xlsx 或 .docx 结尾", param_hint="-o")
    if suffix == ".docx":
        return checklist_docx(listed, only)
    if by_department:
        return matrix_xlsx(listed)
    return completeness_xlsx(listed, material_report(state.workspace, listed.district, listed.cycle))


def _departments(listed: Completeness, only: str | None, *, json_: bool) -> None:
    from review.completeness import STATE_WORDS
    from review.departments import by_department, lacking, lacking_figures, of_department

    lists = by_department(listed) if only is None else (of_department(listed, only),)
    if json_:
        print_json([one.to_json() for one in lists])
        return
    click.echo(f"{listed.district} {listed.cycle} 年度：{listed.coverage.sentence}")
    for one in lists:
        told = "，".join(f"{STATE_WORDS[state]} {one.counts[state]}" for state in STATE_WORDS if one.counts[state])
        click.echo(
            f"{one.department}　牵头 {len(one.leads)} 个要点{f'（{told}）' if told else ''}，配合 {len(one.helps)} 个"
        )
        for entry in one.leads:
            wanted = [*lacking(entry), *lacking_figures(entry)]
            if wanted:
                click.echo(f"    {entry.item:<6} {entry.title}　{'、'.join(wanted)}")


def _items(listed: Completeness) -> None:
    from review.completeness import STATE_WORDS

    click.echo(f"{listed.district} {listed.cycle} 年度：{listed.coverage.sentence}")
    for file, reason in listed.coverage.unreadable:
        click.echo(f"  不可读　{file} —— {reason}")
    for entry in listed.items:
        gaps = f"　缺：{'、'.join(entry.missing)}" if entry.missing else ""
        click.echo(f"{entry.item:<6} {STATE_WORDS[entry.state]}　{entry.title}{gaps}")
        for note in entry.notes:
            click.echo(f"         {note}")
    for file, year in listed.out_of_period:
        click.echo(f"年度不符　{file}（{year} 年）")
    for file in listed.unused:
        click.echo(f"未用到　{file}")


@click.command("draft", help="初评分：每个要点、每个二级指标的建议得分区间，附规则、理由和出处。不是最终得分。")
@of_district(required=True)
@as_json
@click.pass_obj
def draft(state: State, district: str, cycle: int | None, json_: bool) -> None:
    """Draft points of a district."""
    from review.drafting import STATUS_WORDS, draft_district, text_of

    district, cycle = state.workspace.locate(district, cycle)
    drafted = draft_district(state.workspace, district, cycle)
    if json_:
        print_json(drafted.to_json())
        return
    click.echo(f"{district} {cycle} 年度初评（仅供专家参考，不是最终得分；要点分值均分为约定）")
    for criterion in drafted.result.criteria:
        low, high = (text_of(points) for points in criterion.points)
        click.echo(f"\n{criterion.id} {state.workspace.scheme.criterion(criterion.id).name}　{low}～{high}")
        for finding in criterion.items:
            low, high = (text_of(points) for points in finding.points)
            click.echo(
                f"  {finding.item_id:<6} {STATUS_WORDS[finding.status]}　{low}～{high}　[{finding.rule}]　{'；'.join(finding.reasons)}"
            )
            for citation in drafted.cited(finding):
                click.echo(f"           —— {cited(citation)}")


@click.command("feedback", help="反馈意见（Word，拟定稿）：主要成绩、存在问题、意见建议，逐句附佐证编号。")
@of_district(required=True)
@click.option(
    "-o",
    "output",
    required=True,
    type=click.Path(dir_okay=False, path_type=Path),
    help="写到哪个文件，如 反馈意见.docx。",
)
@click.option(
    "--case", "case_file", type=click.Path(dir_okay=False, path_type=Path), help="用这份案卷，而不是已记录的案卷。"
)
@click.option("--confirmed-only", is_flag=True, help="只写经人确认的成绩和问题；其余只说有多少条。")
@click.pass_obj
def feedback(
    state: State, district: str, cycle: int | None, output: Path, case_file: Path | None, confirmed_only: bool
) -> None:
    """Write the feedback letter."""
    from review.papers.letter import letter_values
    from review.papers.record import read_record
    from review.papers.render import render
    from review.papers.wording import wording
    from scoring_rules.case import load_case_file

    district, cycle = state.workspace.locate(district, cycle)
    record = read_record(state.workspace, district, cycle, load_case_file(case_file) if case_file else None)
    output.write_bytes(
        render(
            "feedback",
            letter_values(record, confirmed_only=confirmed_only, wording=wording(state.workspace, district, cycle)),
        )
    )
    told = record.feedback
    click.echo(
        f"已写入 {output}：主要成绩 {len(told.achievements)} 条，存在问题 {len(told.problems)} 条，佐证 {len(told.references)} 处。"
    )


@click.command("demo", help="导入演示区县（虚构，尚未导入时），并在 127.0.0.1 打开程序。")
@click.option("--no-app", is_flag=True, help="只导入演示材料，不打开程序。")
@click.option("--port", default=8501, show_default=True, type=click.IntRange(1, 65535), help="程序的端口。")
@click.pass_obj
def demo(state: State, no_app: bool, port: int) -> int:
    """Load the demo district and start the app."""
    from review.commands.progress import progress_bar
    from review.demo import load_demo, start_app

    with progress_bar() as tell:
        load_demo(state.workspace, click.echo, tell)
    return 0 if no_app else start_app(port, click.echo)


@click.command("doctor", help="检查数据库与索引是否一致，并修复差异。")
@click.pass_obj
def doctor(state: State) -> int:
    """Compare the record with the derived indexes and repair them."""
    from review.intake import repair_indexes

    workspace = state.workspace
    repaired = repair_indexes(workspace)
    click.echo(f"数据文件夹：{workspace.settings.home}")
    click.echo(f"区县与年度：{'、'.join(f'{name} {year}' for name, year in workspace.districts()) or '尚无材料'}")
    click.echo(f"索引与数据库{'一致' if not repaired else f'有差异，已修复（{repaired} 段）'}。")
    return 0
