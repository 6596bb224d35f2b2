"""Commands that record acts of the office: open terms, parameters."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from review.commands.base import Command, State, as_json, print_json

_OF_CYCLE = click.option("--cycle", type=int, help="评价年度；不写则按最新的年度显示，登记时适用于每一年度。")


def _signed(command: Command) -> Command:
    """Adds who, when and which paper."""
    for option in (
        click.option("--document", required=True, help="依据的文件，如文号。"),
        click.option("--on", required=True, help="决定日期，如 2019-05-06。"),
        click.option("--by", required=True, help="谁决定的。"),
    ):
        command = option(command)
    return command


@click.group("term", help="约定（方案没有定死的读法 R1–R34）：列出，或登记市教育督导办的决定。")
def term() -> None:
    """The group of term commands."""


@term.command("list", help="每一项约定现行的取值、备选、所依据的原文，以及是哪个决定改的。")
@_OF_CYCLE
@as_json
@click.pass_obj
def list_terms(state: State, cycle: int | None, json_: bool) -> None:
    """List the open terms."""
    from review.acts import term_rows

    rows = term_rows(state.workspace, cycle or state.workspace.newest_cycle())
    if json_:
        print_json(rows)
        return
    for row in rows:
        click.echo(f"{row['id']}（{'、'.join(row['rulings'])}）{row['title']}：{row['words']}")
        others = [f"{value}＝{meaning}" for value, meaning in row["alternatives"].items() if value != row["value"]]
        if others:
            click.echo(f"    备选：{'；'.join(others)}")
        if row["act"]:
            click.echo(f"    决定：{_told(row['act'])}")


@term.command("set", help="登记一项约定的决定（谁、哪天、哪份文件）；只增不改，后来的日期在先。")
@click.argument("name", metavar="TERM")
@click.argument("value", metavar="VALUE")
@_signed
@click.option("--cycle", type=int, help="只适用于这一评价年度；不写则每一年度。")
@click.option(
    "--weights", "weights_file", type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="权重表（YAML：二级指标编号下列出各要点的分值），与 item_weights weight_file 一起用。",
)  # fmt: skip
@as_json
@click.pass_obj
def set_(
    state: State, name: str, value: str, by: str, on: str, document: str, cycle: int | None, weights_file: Path | None,
    json_: bool,
) -> None:  # fmt: skip
    """Settle an open term."""
    from review.acts import set_term

    weights = weights_file.read_text(encoding="utf-8") if weights_file else ""
    _done(set_term(state.workspace, name, value, by, on, document, cycle=cycle, weights=weights), json_)


@click.group("parameter", help="参数（界线、标准、默认数）：列出，确认参考标准，或登记取值。")
def parameter() -> None:
    """The group of parameter commands."""


@parameter.command("list", help="每个参数现行的取值、状态、来源；“待确认”的只列出、不判定。")
@_OF_CYCLE
@as_json
@click.pass_obj
def list_parameters(state: State, cycle: int | None, json_: bool) -> None:
    """List the parameters."""
    from review.acts import parameter_rows

    rows = parameter_rows(state.workspace, cycle or state.workspace.newest_cycle())
    if json_:
        print_json(rows)
        return
    words = {"in_scheme": "方案", "sourced": "参考标准", "convention": "约定", "unset": "未定"}
    for row in rows:
        mark = "" if row["decides"] or row["status"] != "sourced" else "，待确认"
        value = "—" if row["value"] is None else f"{row['value']} {row['unit']}"
        click.echo(f"{row['id']}　{row['title']}：{value}（{words[row['status']]}{mark}）")
        for dated in row["values"]:
            if dated["confirmed_by"]:
                who = dated["confirmed_by"]
                click.echo(f"    {dated['value']} 已确认：{who['by']}，{who['on']}，{who['document']}")
        if row["act"]:
            click.echo(f"    决定：{_told(row['act'])}")


@parameter.command("confirm", help="确认一个参考标准的取值，此后它才参与判定。")
@click.argument("name", metavar="PARAMETER")
@click.option("--value", required=True, help="要确认的取值（参数有几个年度的取值时逐个确认）。")
@_signed
@click.option("--cycle", type=int, help="只适用于这一评价年度；不写则每一年度。")
@as_json
@click.pass_obj
def confirm(
    state: State, name: str, value: str, by: str, on: str, document: str, cycle: int | None, json_: bool
) -> None:
    """Confirm a sourced value."""
    from review.acts import confirm_parameter

    _done(confirm_parameter(state.workspace, name, value, by, on, document, cycle=cycle), json_)


@parameter.command("set", help="登记一个参数的取值；方案写明的数不能改。")
@click.argument("name", metavar="PARAMETER")
@click.argument("value", metavar="VALUE")
@_signed
@click.option("--since", default="", help="从数据所属的哪一天起适用，如 2019-01-01；不写则替换全部取值。")
@click.option("--cycle", type=int, help="只适用于这一评价年度；不写则每一年度。")
@as_json
@click.pass_obj
def set_value(
    state: State, name: str, value: str, by: str, on: str, document: str, since: str, cycle: int | None, json_: bool
) -> None:
    """Set a parameter."""
    from review.acts import set_parameter

    _done(set_parameter(state.workspace, name, value, by, on, document, since=since, cycle=cycle), json_)


def _done(recorded: Any, json_: bool) -> None:
    if json_:
        print_json(recorded.to_json())
        return
    act = recorded.act
    year = "每一年度" if recorded.cycle is None else f"{recorded.cycle} 年度"
    click.echo(f"已登记决定 {recorded.number}：{act.target} = {act.value}（{year}；{_told(act.to_json())}）")


def _told(act: dict[str, Any]) -> str:
    return f"{act['by']}，{act['on']}，{act['document']}"
