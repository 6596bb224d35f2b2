"""Commands by which named people confirm: conditions of 附件 1, links and figures."""

from __future__ import annotations

import click

from review.commands.base import State, as_json, of_district, print_json
from review.commands.evidence import cited

_STATES = ("triggered", "not_triggered", "unknown")
_VERDICTS = ("supports", "contradicts", "mentions", "out_of_period")


@click.group(
    "annex1", help="附件 1 各条：由数据算出的建议（公式、数、出处）与登记的认定。", invoke_without_command=True
)
@of_district(required=False)
@as_json
@click.pass_context
def annex1(context: click.Context, district: str | None, cycle: int | None, json_: bool) -> None:
    """Proposals and findings of a district."""
    if context.invoked_subcommand is not None:
        return
    if district is None:
        raise click.MissingParameter(ctx=context, param=next(p for p in context.command.params if p.name == "district"))
    from review.annex1 import STATE_WORDS, conditions

    state: State = context.obj
    district, cycle = state.workspace.locate(district, cycle)
    listed = conditions(state.workspace, district, cycle)
    if json_:
        print_json({"district": district, "cycle": cycle, "conditions": [one.to_json() for one in listed]})
        return
    for one in listed:
        click.echo(f"{one.condition.id}. {one.condition.text}")
        if one.proposal is None:
            click.echo("   建议：无（只由人认定）")
        else:
            printed = one.to_json()["proposal"]
            mark = "（界线为参考标准，待确认）" if printed["unconfirmed"] else ""
            click.echo(f"   建议：{STATE_WORDS[printed['proposed']]}{mark}　{'；'.join(printed['reasons'])}")
            click.echo(f"   公式：{printed['formula']}")
            for given, named in zip(one.proposal.inputs, printed["inputs"], strict=True):
                value = "、".join(named["values"]) or "没有找到"
                click.echo(f"      {given.year} 年{given.scope}{named['name']}：{value}")
                for key in given.citations:
                    click.echo(f"         —— {cited(one.figures[key].citation)}")
        if one.found is None:
            click.echo("   认定：没有登记")
        else:
            found = one.found
            reason = f"；{found.reason}" if found.reason else ""
            click.echo(f"   认定：{STATE_WORDS[found.state]}（{found.by}，{found.on}，{found.document}{reason}）")


@annex1.command("confirm", help="登记对一条的认定（谁、哪天、依据哪份文件）；只增不改，最新的一条在先。")
@of_district(required=True)
@click.option("--condition", required=True, help="第几条，如 3。")
@click.option("--state", "found", required=True, type=click.Choice(_STATES), help="命中、没有、撤回为待核实。")
@click.option("--by", required=True, help="认定人。")
@click.option("--on", required=True, help="认定日期，如 2019-05-06。")
@click.option("--document", required=True, help="依据的文件：文号，或已导入材料的文件名。")
@click.option("--reason", default="", help="理由；与建议不同或撤回时必须写。")
@as_json
@click.pass_obj
def confirm_condition(
    state: State, district: str, cycle: int | None, condition: str, found: str, by: str, on: str, document: str, reason: str,
    json_: bool,
) -> None:  # fmt: skip
    """Record a finding on one condition."""
    from review.annex1 import STATE_WORDS, record_finding
    from review.commands.decisions import cycle_of

    year = cycle_of(state, district, cycle)
    recorded = record_finding(state.workspace, district, year, condition, found, by, on, document, reason)
    if json_:
        print_json(recorded.to_json())
    else:
        click.echo(
            f"已登记认定：{district} {year} 年度附件 1 第 {condition} 条{STATE_WORDS[found]}（{by}，{document}）。"
        )


@click.group("confirm", help="由人确认或否定：段落是否佐证某个要点，读出的数是否属实。确认的才写进认定决定。")
def confirm() -> None:
    """The group of confirmations."""


_STATE = click.option(
    "--state",
    "wanted",
    default="confirmed",
    show_default=True,
    type=click.Choice(["confirmed", "rejected", "proposed"]),
    help="确认、否定、撤回。",
)


@confirm.command("link", help="确认（否定）一个段落是某个要点的佐证。")
@of_district(required=True)
@click.option("--passage", required=True, help="段落编号，见 edureview search --json。")
@click.option("--item", required=True, help="评价要点，如 B5-5。")
@click.option("--by", required=True, help="谁确认的。")
@_STATE
@click.option("--reason", default="", help="理由；否定或撤回时必须写。")
@click.option("--verdict", default="", type=click.Choice(["", *_VERDICTS]), help="这段对要点是什么；不写则照建议。")
@click.pass_obj
def link(
    state: State, district: str, cycle: int | None, passage: str, item: str, by: str, wanted: str, reason: str, verdict: str
) -> None:  # fmt: skip
    """Confirm a link."""
    from review.confirmations import STATES, confirm_link

    district, cycle = state.workspace.locate(district, cycle)
    done = confirm_link(
        state.workspace, district, cycle, passage, item, by, state=wanted, reason=reason, verdict=verdict
    )
    click.echo(f"{STATES[wanted]}：段落 {passage} 佐证 {done.subject}（{by}）。")


@confirm.command("fact", help="确认（否定）从一个段落读出的数。")
@of_district(required=True)
@click.option("--passage", required=True, help="段落编号，见 edureview search --json。")
@click.option("--metric", required=True, help="指标编号，见 edureview facts --json。")
@click.option("--value", required=True, help="读出的数。")
@click.option("--year", type=int, help="年度（同一段有几个时写）。")
@click.option("--scope", default="", help="范围（同一段有几个时写）。")
@click.option("--by", required=True, help="谁确认的。")
@_STATE
@click.option("--reason", default="", help="理由；否定或撤回时必须写。")
@click.pass_obj
def fact(
    state: State, district: str, cycle: int | None, passage: str, metric: str, value: str, year: int | None, scope: str, by: str,
    wanted: str, reason: str,
) -> None:  # fmt: skip
    """Confirm a figure."""
    from review.confirmations import STATES, confirm_fact

    district, cycle = state.workspace.locate(district, cycle)
    confirm_fact(
        state.workspace,
        district,
        cycle,
        passage,
        metric,
        value,
        by,
        year=year,
        scope=scope,
        state=wanted,
        reason=reason,
    )
    click.echo(f"{STATES[wanted]}：{metric} {value}（{by}）。")


@confirm.command("correct", help="更正一个读错的数：原来的保留并标为否定，更正后的标为确认。")
@of_district(required=True)
@click.option("--passage", required=True, help="段落编号，见 edureview search --json。")
@click.option("--metric", required=True, help="指标编号，见 edureview facts --json。")
@click.option("--value", required=True, help="读出的数。")
@click.option("--year", type=int, help="年度（同一段有几个时写）。")
@click.option("--scope", default="", help="范围（同一段有几个时写）。")
@click.option("--to", "corrected", required=True, help="原件上的数。")
@click.option("--to-year", type=int, help="原件上的年度；不写则不变。")
@click.option("--to-scope", default="", help="原件上的范围；不写则不变。")
@click.option("--by", required=True, help="谁更正的。")
@click.option("--reason", required=True, help="理由。")
@click.pass_obj
def correct(
    state: State, district: str, cycle: int | None, passage: str, metric: str, value: str, year: int | None, scope: str,
    corrected: str, to_year: int | None, to_scope: str, by: str, reason: str,
) -> None:  # fmt: skip
    """Correct a figure."""
    from review.confirmations import correct_fact

    district, cycle = state.workspace.locate(district, cycle)
    correct_fact(
        state.workspace, district, cycle, passage, metric, value, by, corrected=corrected, reason=reason, year=year,
        scope=scope, corrected_year=to_year, corrected_scope=to_scope,
    )  # fmt: skip
    click.echo(f"已更正：{metric} {value} → {corrected}（{by}），原来的数仍在记录里。")


@confirm.command("list", help="确认记录：谁、什么时候、确认或否定了什么。")
@of_district(required=True)
@as_json
@click.pass_obj
def list_(state: State, district: str, cycle: int | None, json_: bool) -> None:
    """List the log of confirmations."""
    from review.confirmations import STATES, confirmations

    district, cycle = state.workspace.locate(district, cycle)
    entries = confirmations(state.workspace, district, cycle)
    if json_:
        print_json([entry.to_json() for entry in entries])
        return
    for entry in entries:
        click.echo(f"{entry.at}　{entry.by}　{STATES[entry.state]}　{entry.passage}　{entry.subject}　{entry.reason}")
    if not entries:
        click.echo("没有确认记录。")
