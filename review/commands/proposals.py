"""What the office's language model proposes, and what people make of it."""

from __future__ import annotations

import click

from review.commands.base import State, as_json, of_district, print_json
from review.commands.conversation import chosen_model
from review.commands.evidence import cited

KINDS = ("link", "fact", "rating")


@click.group("propose", help="请本单位的语言模型提建议（佐证、数据、要点评定）；由人确认以前不参与任何计算。")
def propose() -> None:
    """The group."""


@propose.command("run", help="就写明的评价要点问语言模型；引文逐字核对，核不上的不留。")
@of_district(required=True)
@click.option("--item", "items", multiple=True, help="评价要点，如 B5-5；可写几次。")
@click.option("--criterion", "criteria", multiple=True, help="二级指标，如 B5：它的全部要点；可写几次。")
@click.option("--kind", "kinds", multiple=True, type=click.Choice(KINDS), help="佐证、数据、要点评定；默认三种都问。")
@as_json
@click.pass_obj
def run(
    state: State, district: str, cycle: int | None, items: tuple[str, ...], criteria: tuple[str, ...], kinds: tuple[str, ...],
    json_: bool,
) -> None:  # fmt: skip
    """Ask the model."""
    from review.errors import UnknownItemError
    from review.proposals import KINDS as EVERY
    from review.proposing import propose as ask_for
    from review.rights import require

    district, cycle = state.workspace.locate(district, cycle)
    require(state.workspace.actor, "confirm", district)  # before anything is said of the model
    model = chosen_model(state, True)
    assert model is not None  # it is asked for
    of_criterion = {one.id: [item.id for item in one.items] for one in state.workspace.scheme.criteria}
    names = list(items)
    for name in criteria:
        if name.strip().upper() not in of_criterion:
            raise UnknownItemError(name)
        names += of_criterion[name.strip().upper()]
    done = ask_for(
        state.workspace, district, cycle, model, items=names, kinds=[kind for kind in EVERY if not kinds or kind in kinds],
        on_question=lambda what: None if json_ else click.echo(f"正在问：{what}……"),
    )  # fmt: skip
    if json_:
        print_json(done.to_json())
        return
    for one in done.made:
        click.echo(f"{one.number}　{one.sentence}")
        for citation in one.quotes:
            click.echo(f"    “{' '.join(citation.quote.split())}” —— {cited(citation)}")
    for sentence in (*done.skipped, *done.failed):
        click.echo(sentence)
    for why, count in done.refused.items():
        click.echo(f"没有留下 {count} 条：{why}")
    click.echo(f"问了 {done.asked} 次，得到 {len(done.made)} 条建议，都待人确认；确认以前不参与任何计算。")


@propose.command("list", help="待人确认的建议；--all 连同已处理的和原文变了的。")
@of_district(required=True)
@click.option("--item", help="只看这个评价要点的。")
@click.option("--all", "every", is_flag=True, help="连同已处理的。")
@as_json
@click.pass_obj
def list_(state: State, district: str, cycle: int | None, item: str | None, every: bool, json_: bool) -> None:
    """List the proposals."""
    from review.proposals import STATE_WORDS, proposals

    district, cycle = state.workspace.locate(district, cycle)
    found = proposals(state.workspace, district, cycle, item=item, every=every)
    if json_:
        print_json([one.to_json() for one in found])
        return
    for one in found:
        word = "原文已变" if one.gone else "已由人另行判断" if one.settled else STATE_WORDS[one.state]
        click.echo(f"{one.number}　{word}　{one.sentence}（{one.model}）")
        for citation in one.quotes:
            click.echo(f"    “{' '.join(citation.quote.split())}” —— {cited(citation)}")
    click.echo(f"共 {len(found)} 条。")


@propose.command("confirm", help="确认一条建议：佐证和数据由此写进记录；要点评定只记下同意，得分仍由专家自己打。")
@click.argument("number", metavar="编号", type=int)
@of_district(required=True)
@click.option("--by", required=True, help="谁确认的。")
@click.option("--reason", default="", help="理由。")
@click.pass_obj
def confirm(state: State, number: int, district: str, cycle: int | None, by: str, reason: str) -> None:
    """Confirm a proposal."""
    from review.proposal_settling import confirm_proposal

    district, cycle = state.workspace.locate(district, cycle)
    done = confirm_proposal(state.workspace, district, cycle, number, by, reason=reason)
    click.echo(f"已确认（{done.settled_by}）：{done.sentence}。")


@propose.command("reject", help="否定一条建议：撤回，不再显示，同样的也不再提。")
@click.argument("number", metavar="编号", type=int)
@of_district(required=True)
@click.option("--by", required=True, help="谁否定的。")
@click.option("--reason", required=True, help="理由。")
@click.pass_obj
def reject(state: State, number: int, district: str, cycle: int | None, by: str, reason: str) -> None:
    """Reject a proposal."""
    from review.proposal_settling import reject_proposal

    district, cycle = state.workspace.locate(district, cycle)
    done = reject_proposal(state.workspace, district, cycle, number, by, reason=reason)
    click.echo(f"已否定并撤回（{done.settled_by}）：{done.sentence}。")
