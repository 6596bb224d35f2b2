"""Commands around the experts and the field check: assignments, results with their papers, the bonus, 市政府审定, the ranking."""

from __future__ import annotations

import click

from review.commands.base import State, as_json, of_district, print_json
from review.commands.cycle import by_whom, year_meant
from review.commands.decisions import cycle_of
from scoring_rules.rounding import exact_text


@click.group("assign", help="指派专家：谁评审一个区县的哪些二级指标。登记之后，只有被指派的人能给这些指标打分。")
def assign() -> None:
    """The group of assignments."""


@assign.command("set", help="一位专家从现在起负责这些二级指标（代替以前的）；收回要写 --reason。")
@of_district(required=True)
@click.option("--expert", required=True, help="专家姓名。")
@click.option("--criterion", "criteria", multiple=True, help="二级指标，如 B5；可写几次。")
@click.option("--all", "all_", is_flag=True, help="全部二级指标。")
@click.option("--reason", default="", help="理由。")
@by_whom
@click.pass_obj
def set_(
    state: State, district: str, cycle: int | None, expert: str, criteria: tuple[str, ...], all_: bool, reason: str, by: str
) -> None:  # fmt: skip
    """Assign an expert."""
    from review.assignments import assign as record

    wanted = criteria
    if all_:
        wanted = tuple(one.id for one in state.workspace.scheme.criteria if not one.is_bonus)
    done = record(state.workspace, district, cycle_of(state, district, cycle), expert, wanted, by, reason=reason)
    click.echo(f"已登记：{done.expert} 负责 {'、'.join(done.criteria) or '（没有）'}。")


@assign.command("list", help="谁负责哪些二级指标。")
@of_district(required=True)
@as_json
@click.pass_obj
def list_(state: State, district: str, cycle: int | None, json_: bool) -> None:
    """List the assignments."""
    from review.assignments import assignments

    listed = assignments(state.workspace, district, cycle_of(state, district, cycle))
    if json_:
        print_json([one.to_json() for one in listed])
        return
    for one in listed:
        click.echo(f"{one.expert}　{'、'.join(one.criteria) or '（已收回）'}　{one.by}登记　{one.reason}".rstrip("　"))
    if not listed:
        click.echo("没有登记过指派：负责这个区县的专家都可以评审。")


@click.group("result", help="实地督导的核查结果：抽中的二级指标或要点得多少分，依据哪些记录、照片；以及评定的加分。")
def result() -> None:
    """The group of results."""


@result.command("enter", help="登记一个抽中的二级指标（如 B5）或要点（如 B5-1）的核查分；--points 空着写 '' 为撤回。")
@of_district(required=True)
@click.option("--key", required=True, help="抽中的二级指标或其要点。")
@click.option("--points", required=True, help="核查分，如 31.5。")
@click.option("--paper", "papers", multiple=True, help="依据的记录或照片：已导入材料的文件名，或文件名称；可写几次。")
@click.option("--found", default="", help="看到了什么。")
@click.option("--reason", default="", help="理由；更改或撤回已有结果时必须写。")
@by_whom
@click.pass_obj
def enter(
    state: State, district: str, cycle: int | None, key: str, points: str, papers: tuple[str, ...], found: str, reason: str,
    by: str,
) -> None:  # fmt: skip
    """Record a result."""
    from review.field_results import record_result

    year = cycle_of(state, district, cycle)
    done = record_result(state.workspace, district, year, key, points, papers, by, found=found, reason=reason)
    told = "已撤回" if done.points is None else f"{exact_text(done.points)} 分"
    click.echo(f"已登记：{done.key} {told}（{done.by}）。")


@result.command("bonus", help="登记评定的加分（B21）及其依据；没有加分写 0。")
@of_district(required=True)
@click.option("--points", required=True, help="评定的加分，如 8。")
@click.option("--paper", "papers", multiple=True, help="依据的文件；可写几次。")
@click.option("--reason", default="", help="理由；更改时必须写。")
@by_whom
@click.pass_obj
def bonus(
    state: State, district: str, cycle: int | None, points: str, papers: tuple[str, ...], reason: str, by: str
) -> None:
    """Award the bonus."""
    from review.field_results import award_bonus

    done = award_bonus(state.workspace, district, cycle_of(state, district, cycle), points, papers, by, reason=reason)
    click.echo(f"已登记：加分 {points.strip()} 分（{done.by}）。")


@result.command("list", help="抽中的各二级指标与已登记的核查结果、加分。")
@of_district(required=True)
@as_json
@click.pass_obj
def results_(state: State, district: str, cycle: int | None, json_: bool) -> None:
    """List the results."""
    from review.field_results import bonus as awarded_bonus
    from review.field_results import results, to_check

    year = cycle_of(state, district, cycle)
    drawn = to_check(state.workspace, district, year)
    entered, awarded = results(state.workspace, district, year), awarded_bonus(state.workspace, district, year)
    if json_:
        told = None if awarded is None else awarded.to_json()
        print_json({"to_check": list(drawn), "results": [one.to_json() for one in entered], "bonus": told})
        return
    click.echo(f"抽中：{'、'.join(drawn) or '（没有登记抽样）'}")
    for one in (*entered, *(() if awarded is None else (awarded,))):
        papers = "、".join(f"《{name}》{'' if sha256 else '（未导入）'}" for name, sha256 in one.papers)
        points = "" if one.points is None else exact_text(one.points)
        click.echo(f"  {one.key}　{points} 分　{one.by}　{papers or '没有依据'}　{one.found}".rstrip("　"))


@click.command("approve", help="登记市政府审定：最后一步，此后该区县的认定决定才可以公开；--take-back 撤回误登的。")
@of_district(required=True)
@click.option("--on", default="", help="审定日期，如 2019-11-06。")
@click.option("--document", default="", help="审定的文件或会议纪要。")
@click.option("--decision", type=int, help="报审的决定编号；不写则为最新的一份。")
@click.option("--take-back", is_flag=True, help="撤回误登的审定（要写 --reason）。")
@click.option("--reason", default="", help="撤回的理由。")
@by_whom
@click.pass_obj
def approve(
    state: State, district: str, cycle: int | None, on: str, document: str, decision: int | None, take_back: bool, reason: str,
    by: str,
) -> None:  # fmt: skip
    """Record the approval."""
    from review.approval import approve as record
    from review.approval import take_back_approval

    year = cycle_of(state, district, cycle)
    if take_back:
        take_back_approval(state.workspace, district, year, reason, by)
        click.echo(f"已撤回：{district} {year} 年度的结果重新成为拟定稿。")
        return
    done = record(state.workspace, district, year, on, document, by, decision=decision)
    click.echo(f"已登记：{district} {year} 年度决定 {done.decision} 经市政府审定（{done.document}，{done.on}）。")


@click.command(
    "ranking", help="按各区县最新的认定决定排名，逐区注明“拟定”或“市政府审定”；--published 只在全部审定后给出。"
)
@click.option("--cycle", type=int, help="评价年度；默认最新的年度。")
@click.option("--published", is_flag=True, help="可以公开的排名；有一个区县没有审定就拒绝（退出码 1）。")
@as_json
@click.pass_obj
def ranking(state: State, cycle: int | None, published: bool, json_: bool) -> None:
    """Rank the districts by their decisions."""
    from review.approval import ranking as ranked

    found = ranked(state.workspace, year_meant(state, None, cycle), published=published)
    if json_:
        print_json(found.to_json())
        return
    for row in found.rows:
        printed = row.to_json()
        place = "不排名" if row.rank is None else f"第 {row.rank} 名"
        click.echo(
            f"{place}　{row.district}　{printed['total_points'] or '未定'} 分　{row.grade}　{found.word(row.district)}　{row.note}".rstrip("　")
        )  # fmt: skip
    if not found.rows:
        click.echo(f"{found.cycle} 年度还没有认定决定。")
