"""Commands on what is expected of each item in a year: types of evidence and responsible departments."""

from __future__ import annotations

import click

from review.commands.base import State, as_json, print_json
from review.commands.cycle import by_whom, year_meant

_YEAR = click.option("--cycle", type=int, help="评价年度；默认最新开设的年度。")


@click.group("expected", help="每个评价要点应交的材料与责任部门：默认照目录，市督导办可以逐年改，改动署名留存。")
def expected() -> None:
    """The group of commands on what is expected."""


@expected.command("list", help="一个年度应交的材料（必备、可选）与责任部门，哪些是市督导办改过的。")
@_YEAR
@as_json
@click.pass_obj
def list_(state: State, cycle: int | None, json_: bool) -> None:
    """List what is expected."""
    from review.expectations import year_items

    year = year_meant(state, None, cycle)
    items = year_items(state.workspace, year)
    if json_:
        print_json([one.to_json() for one in items.values()])
        return
    names = {code: kind.name for code, kind in state.workspace.catalogue.types.items()}
    click.echo(f"{year} 年度")
    for one in items.values():
        optional = f"；可选 {'、'.join(names[code] for code in one.optional)}" if one.optional else ""
        others = f"，{'、'.join(one.responsible.others)}配合" if one.responsible.others else ""
        told = f"　（{one.by}改：{one.reason}）" if one.by else ""
        click.echo(
            f"{one.item:<6} {one.title}　必备 {'、'.join(names[code] for code in one.required)}{optional}　"
            f"{one.responsible.lead}牵头{others}{told}"
        )


@expected.command("set", help="改一个要点应交的材料或责任部门；没写的不变。类型用目录里的字母，如 M,F。")
@click.argument("item", metavar="ID")
@_YEAR
@click.option("--required", help="必备的材料类型，如 M,F。")
@click.option("--optional", help="可选的材料类型；'' 为没有。")
@click.option("--lead", help="牵头部门。")
@click.option("--others", help="配合部门，用顿号或逗号隔开；'' 为没有。")
@click.option("--reset", is_flag=True, help="恢复为目录里的。")
@click.option("--reason", required=True, help="理由。")
@by_whom
@click.pass_obj
def set_(
    state: State, item: str, cycle: int | None, required: str | None, optional: str | None, lead: str | None,
    others: str | None, reset: bool, reason: str, by: str,
) -> None:  # fmt: skip
    """Change what is expected of an item."""
    from review.expectations import reset_expectation, set_expectation

    year = year_meant(state, None, cycle)
    if reset:
        done = reset_expectation(state.workspace, year, item, by, reason=reason)
    else:
        done = set_expectation(
            state.workspace, year, item, by, required=_parts(required), optional=_parts(optional), lead=lead,
            others=_parts(others), reason=reason,
        )  # fmt: skip
    click.echo(
        f"已登记：{year} 年度 {done.item} 必备 {'、'.join(done.required)}，可选 {'、'.join(done.optional) or '（没有）'}，"
        f"{'、'.join(done.responsible.all)}负责。"
    )


def _parts(text: str | None) -> list[str] | None:
    if text is None:
        return None
    return [part.strip() for part in text.replace("，", ",").replace("、", ",").split(",") if part.strip()]
