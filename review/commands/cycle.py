"""Commands on the evaluation year: open it, its districts, stages and deadlines."""

from __future__ import annotations

from pathlib import Path

import click

from review.commands.base import Command, State, as_json, print_json


def year_meant(state: State, district: str | None, cycle: int | None) -> int:
    """The year meant: the one named, else the newest the office has opened, else the newest with material."""
    if cycle is not None:
        return cycle
    from review.cycles import cycles

    opened = cycles(state.workspace)
    return opened[0] if opened else state.workspace.newest_cycle(district)


def by_whom(command: Command) -> Command:
    """Adds `--by`."""
    return click.option("--by", default="", help="谁办理的；登录后不用写。")(command)


@click.group(
    "cycle", help="评价年度：开设、区县名单、阶段（自查自评→审核监测→实地督导→反馈意见→整改复查→发布）、期限。"
)
def cycle() -> None:
    """The group of commands on the year."""


@cycle.command("open", help="开设一个评价年度；名单用 --districts 文件，或 --demo 用十二个虚构区县。")
@click.argument("year", type=int)
@click.option("--districts", "source", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="区县名单（YAML，格式见 corpus/districts/README.md）。")  # fmt: skip
@click.option("--demo", "demo_", is_flag=True, help="用演示名单（虚构）。")
@click.option("--until", default="", help="区县提交的最后一天，如 2020-05-31。")
@by_whom
@click.pass_obj
def open_(state: State, year: int, source: Path | None, demo_: bool, until: str, by: str) -> None:
    """Open a year."""
    from review.cycles import demo_districts, open_year, read_districts

    if (source is None) == (not demo_):
        raise click.UsageError("--districts 与 --demo 要选一个")
    districts = demo_districts() if source is None else read_districts(source.read_text(encoding="utf-8"), source.name)
    opened = open_year(state.workspace, year, districts, by, until=until)
    click.echo(f"已开设 {year} 年度（数据年度 {year - 1}），{len(opened.districts)} 个区县，现为“自查自评”。")


@cycle.command("show", help="一个年度现在的阶段、区县、期限，以及每一次登记。")
@click.argument("year", type=int, required=False)
@as_json
@click.pass_obj
def show(state: State, year: int | None, json_: bool) -> None:
    """Show a year."""
    from review.cycle_state import act_words, stage_of
    from review.cycles import year as year_now

    found = year_now(state.workspace, year_meant(state, None, year))
    if json_:
        print_json(found.to_json())
        return
    if found.stage is None:
        click.echo(f"{found.cycle} 年度没有开设（不限区县，没有期限）。开设用 edureview cycle open {found.cycle}。")
        return
    click.echo(f"{found.cycle} 年度（数据年度 {found.cycle - 1}）：{found.stage.words}")
    for one in found.districts:
        note = "　".join(part for part in ("功能区" if one.zone else "", one.note) if part)
        click.echo(f"  {one.name}{f'（{note}）' if note else ''}")
    for (stage, district), day in sorted(found.deadlines.items()):
        click.echo(f"  {stage_of(stage).words}期限{f'（{district}）' if district else ''}：{day.isoformat()}")
    for act in found.acts:
        reason = f"　{act.reason}" if act.reason else ""
        click.echo(f"  {act.at[:16].replace('T', ' ')}　{act.by}　{act_words(act)}{reason}")


@cycle.command("stage", help="进入下一阶段；退回以前的阶段要写 --reason。")
@click.argument("year", type=int)
@click.argument("stage")
@click.option("--reason", default="", help="理由。")
@by_whom
@click.pass_obj
def stage(state: State, year: int, stage: str, reason: str, by: str) -> None:
    """Enter a stage."""
    from review.cycles import enter_stage

    entered = enter_stage(state.workspace, year, stage, by, reason=reason).stage
    click.echo(f"{year} 年度现为“{entered.words if entered else ''}”。")


@cycle.command("deadline", help="一个阶段的最后一天；--district 只给一个区县延长或提前；写 - 收回。")
@click.argument("year", type=int)
@click.argument("stage")
@click.argument("until")
@click.option("--district", help="只给这个区县。")
@click.option("--reason", default="", help="理由。")
@by_whom
@click.pass_obj
def deadline(state: State, year: int, stage: str, until: str, district: str | None, reason: str, by: str) -> None:
    """Set a deadline."""
    from review.cycles import set_deadline

    day = "" if until == "-" else until
    set_deadline(state.workspace, year, stage, day, by, district=district, reason=reason)
    click.echo(
        f"已登记：{year} 年度{stage}{f'（{district}）' if district else ''}{f'期限 {day}' if day else '期限收回'}。"
    )


@cycle.command("district", help="区县加入年度；--leave 退出（要写 --reason，已交的材料仍保存）。")
@click.argument("year", type=int)
@click.argument("name")
@click.option("--zone", is_flag=True, help="开发区、功能区，不是一级政府。")
@click.option("--note", default="", help="说明。")
@click.option("--leave", is_flag=True, help="退出。")
@click.option("--reason", default="", help="理由。")
@by_whom
@click.pass_obj
def district(state: State, year: int, name: str, zone: bool, note: str, leave: bool, reason: str, by: str) -> None:
    """A district joins or leaves."""
    from review.cycles import District, change_district

    change_district(state.workspace, year, District(name, zone, note), by, takes_part=not leave, reason=reason)
    click.echo(f"已登记：{name}{'退出' if leave else '参加'} {year} 年度评价。")
