"""Commands of the field check and the decision: sample, panel of experts, decide, replay."""

from __future__ import annotations

from pathlib import Path

import click

from review.commands.base import State, as_json, of_district, print_json


def cycle_of(state: State, district: str, cycle: int | None) -> int:
    """The cycle meant: sampling and deciding need a case, not documents, so a district without documents is no error."""
    if cycle is not None:
        return cycle
    from review.cases import newest_case_cycle

    return newest_case_cycle(state.workspace, district) or state.workspace.newest_cycle(district)


@click.group(
    "sample",
    invoke_without_command=True,
    help="实地督导抽样：每个一级指标都抽到；给出学校名单时按学段、城乡、规模、办学性质分层。同样的种子和名单，样本相同。",
)
@of_district(required=False)
@click.option("--seed", type=click.IntRange(min=0), help="随机种子（建议当众摇号产生）。")
@click.option(
    "--schools", "school_file", type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="学校名单（CSV、XLSX、YAML），列：学校名称、学段、城乡、规模（或学生数）、办学性质。",
)  # fmt: skip
@click.option(
    "--criteria",
    "per_indicator",
    type=click.IntRange(min=1),
    help="每个一级指标抽几个二级指标；不写则用参数 sample_criteria_per_indicator（约定）。",
)
@click.option(
    "--count",
    "school_count",
    type=click.IntRange(min=1),
    help="共抽几所学校；不写则用参数 sample_schools（约定）。",
)
@click.option("-o", "output", type=click.Path(dir_okay=False, path_type=Path), help="把可打印的名单另存为文本文件。")
@as_json
@click.pass_context
def sample(
    context: click.Context, district: str | None, cycle: int | None, seed: int | None, school_file: Path | None,
    per_indicator: int | None, school_count: int | None, output: Path | None, json_: bool,
) -> None:  # fmt: skip
    """Draw the sample of the field check."""
    if context.invoked_subcommand is not None:
        return
    if district is None or seed is None:
        missing = "district" if district is None else "seed"
        raise click.MissingParameter(ctx=context, param=next(p for p in context.command.params if p.name == missing))
    from review.sampling import draw_sample
    from review.school_list import read_schools

    state: State = context.obj
    schools = read_schools(school_file) if school_file else []
    drawn = draw_sample(
        state.workspace, district, cycle_of(state, district, cycle), seed, schools,
        per_indicator=per_indicator, school_count=school_count,
    )  # fmt: skip
    printed = "\n".join(drawn.lines(state.workspace.scheme))
    if output is not None:
        output.write_text(printed + "\n", encoding="utf-8")
        click.echo(f"已写入 {output}", err=True)
    if json_:
        print_json(drawn.to_json())
    else:
        click.echo(printed)


@sample.command("replace", help="登记替补：抽中的单位不能核查时，由同层下一个替补顶替（不能挑选）；登记后不能更改。")
@of_district(required=True)
@click.option("--unit", required=True, help="不能核查的二级指标（如 B5）或学校名称。")
@click.option("--reason", required=True, help="原因，如停办、撤并。")
@click.option("--by", "approved_by", required=True, help="批准人。")
@click.pass_obj
def replace(state: State, district: str, cycle: int | None, unit: str, reason: str, approved_by: str) -> None:
    """Record a replacement."""
    from review.sampling import replace_unit

    entry = replace_unit(state.workspace, district, cycle_of(state, district, cycle), unit, reason, approved_by)
    click.echo(f"已登记替补：{entry['out']} 由 {entry['in']} 顶替（{approved_by} 批准）。")


@click.group("panel", help="专家组：各自打分（齐了才互相看得到）、分差、仲裁、一致性。")
def panel() -> None:
    """The group of panel commands."""


@panel.command("give", help="登记一位专家对一个二级指标的打分；登记后不能更改。")
@of_district(required=True)
@click.option("--criterion", required=True, help="二级指标，如 B5。")
@click.option("--expert", required=True, help="专家姓名。")
@click.option("--points", required=True, help="分数，如 31.5。")
@click.option("--reason", default="", help="理由。")
@click.pass_obj
def give(state: State, district: str, cycle: int | None, criterion: str, expert: str, points: str, reason: str) -> None:
    """Record an expert's points."""
    from review.reviewers import give_points

    give_points(state.workspace, district, cycle_of(state, district, cycle), criterion, expert, points, reason)
    click.echo(f"已登记：{expert} {criterion} {points} 分。")


@panel.command("arbitrate", help="专家打分不一致时登记仲裁决定（须写理由；仲裁人不能是打分的专家）。")
@of_district(required=True)
@click.option("--criterion", required=True, help="二级指标，如 B5。")
@click.option("--by", "arbiter", required=True, help="仲裁人姓名。")
@click.option("--points", required=True, help="认定的分数。")
@click.option("--reason", required=True, help="理由。")
@click.pass_obj
def arbitrate(
    state: State, district: str, cycle: int | None, criterion: str, arbiter: str, points: str, reason: str
) -> None:
    """Record an arbitration."""
    from review.reviewers import arbitrate as record

    record(state.workspace, district, cycle_of(state, district, cycle), criterion, arbiter, points, reason)
    click.echo(f"已登记仲裁决定：{criterion} {points} 分（{arbiter}）。")


@panel.command("show", help="各二级指标的打分、分差、认定分与一致性（Krippendorff α）。未齐的只显示查看人自己的打分。")
@of_district(required=True)
@click.option("--expert", help="查看人：打分未齐时只能看到自己的。")
@as_json
@click.pass_obj
def show(state: State, district: str, cycle: int | None, expert: str | None, json_: bool) -> None:
    """Show the panels."""
    from review.reviewers import agreement, panels

    year = cycle_of(state, district, cycle)
    listed = panels(state.workspace, district, year, viewer=expert)
    alpha = agreement(state.workspace, district, year)
    if json_:
        print_json({"criteria": [one.to_json() for one in listed], "krippendorff_alpha": alpha})
        return
    for one in listed:
        printed = one.to_json()
        given = "，".join(f"{g['expert']} {g['points']}" for g in printed["points"])
        state_ = f"分差 {printed['spread']}" if one.is_complete else f"已有 {len(one.experts)} 位打分，未齐，互不可见"
        click.echo(f"{one.criterion}　{given or '—'}　{state_}　认定 {printed['settled'] or '未定'}")
    click.echo(f"一致性（Krippendorff α，区间尺度）：{'不足以计算' if alpha is None else f'{alpha:.3f}'}")


@click.command("decide", help="由已登记的案卷、抽样与专家打分作出认定；有未决项时列出并退出（退出码 1）。")
@of_district(required=True)
@click.option("--by", default="", help="签认人；不写则为拟定稿。")
@click.option(
    "-o", "output", type=click.Path(dir_okay=False, path_type=Path), help="把决定另存为 JSON，可在别的机器上复算。"
)
@as_json
@click.pass_obj
def decide(state: State, district: str, cycle: int | None, by: str, output: Path | None, json_: bool) -> None:
    """Decide a district."""
    from review.decisions import decide_district
    from scoring_rules.ledger import canonical_json

    decided = decide_district(state.workspace, district, cycle_of(state, district, cycle), by)
    if output is not None:
        output.write_bytes(canonical_json(decided.document))
        click.echo(f"已写入 {output}", err=True)
    if json_:
        print_json(decided.to_json())
        return
    result = decided.document["result"]
    click.echo(
        f"决定 {decided.number}（{decided.document['signature']['state']}）：{district} {result['cycle']} 年度\n"
        f"总分 {result['total_points']}　得分等级 {result['points_grade']}　认定等级 {result['grade']}　自评可信度 {result['credibility']}"
    )
    for sentence in result["notes"]:
        click.echo(f"提示：{sentence}")
    click.echo(f"SHA-256：{decided.sha256}")


@click.command(
    "replay", help="复算认定决定（编号、SHA-256 前 8 位以上或 JSON 文件；不写则全部）；字节不同则退出码为 1。"
)
@click.argument("decisions", metavar="[DECISION...]", nargs=-1)
@as_json
@click.pass_obj
def replay(state: State, decisions: tuple[str, ...], json_: bool) -> None:
    """Recompute decisions."""
    from review.decisions import refuse_failures
    from review.decisions import replay as replay_all

    replays = replay_all(state.workspace, decisions)
    if json_:
        print_json([one.to_json() for one in replays])
    else:
        for one in replays:
            verdict = "不一致" if one.failure else "字节一致"
            later = f"（当前已不同：{'、'.join(one.changed)}；按决定内的取值复算）" if one.changed else ""
            click.echo(f"{one.name}　{one.district} {one.cycle} 年度　{verdict}　{one.sha256}{later}")
        if not replays:
            click.echo("没有已作出的决定。")
    refuse_failures(replays)
