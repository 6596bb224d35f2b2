"""Commands on the problems told to a district: registered, planned, proven, rechecked, carried into the next year."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from review.commands.base import Command, State, as_json, of_district, print_json
from review.commands.cycle import by_whom, year_meant

if TYPE_CHECKING:
    from review.rectification_state import Tracked


def _of_problem(command: Command) -> Command:
    """Adds which problem, and how many entries the person saw."""
    command = click.option("--seen", type=int, help="您看到办理过几次；写了就查有没有别人刚办理过。")(command)
    return click.option("--number", required=True, type=int, help="问题的号。")(command)


@click.group("rectification", help="整改：登记问题、措施、证据、复查，带入下一年的 B15-4。--cycle 是指出问题的年度。")
def rectification() -> None:
    """The group of rectification."""


@rectification.command("list", help="问题清单和办理情况。")
@of_district(required=True)
@as_json
@click.pass_obj
def list_(state: State, district: str, cycle: int | None, json_: bool) -> None:
    """List problems."""
    from review.rectification import problems

    found = problems(state.workspace, district, year_meant(state, district, cycle))
    if json_:
        print_json([problem.to_json() for problem in found])
        return
    for problem in found:
        _print(problem)
    click.echo(f"共 {len(found)} 项。")


def _print(problem: Tracked) -> None:
    click.echo(
        f"{problem.number}. {problem.item}　{problem.state_words}　{problem.text}（{problem.origin}；限 {problem.due_on}）"
    )
    for act in problem.acts:
        click.echo(f"    {act.number}) {act.at[:10]}　{act.by}　{_told(act.kind, dict(act.content))}")


def _told(kind: str, content: dict[str, object]) -> str:
    from review.rectification_state import OUTCOMES

    if kind == "plan":
        return f"措施：{content['measure']}；责任人 {content['responsible']}；{content['until']} 前"
    if kind == "evidence":
        names = "、".join(f"《{one['file']}》" for one in _listed(content["files"]))
        return f"证据：{names} {content['note']}".rstrip()
    if kind == "cites":
        return "佐证：" + "、".join(f"《{one['file']}》" for one in _listed(content["cited"]))
    if kind == "due":
        return f"延期到 {content['until']}：{content['reason']}"
    return (
        f"复查：{OUTCOMES[str(content['outcome'])]}（{content['on']}，{content['document']}）{content['note']}".rstrip()
    )


def _listed(value: object) -> list[dict[str, str]]:
    return value if isinstance(value, list) else []


@rectification.command(
    "raise", help="登记问题：一项用 --item、--text；--from-feedback 把反馈意见里的问题逐项登记（已登记的不重复）。"
)
@of_district(required=True)
@click.option("--item", help="评价要点，如 B5-5。")
@click.option("--text", default="", help="问题。")
@click.option("--from-feedback", "from_feedback", is_flag=True, help="登记反馈意见里的问题。")
@click.option("--kind", "kinds", multiple=True, help="只登记这几类，如 未达标（可重复）。")
@click.option("--origin", required=True, help="在哪份文件里指出。")
@click.option("--due", required=True, help="整改期限，如 2019-12-31。")
@click.option(
    "--passage",
    "passages",
    multiple=True,
    help="问题依据的段落编号（edureview search --json），可重复；反馈意见里列为佐证。",
)
@by_whom
@click.pass_obj
def raise_(
    state: State, district: str, cycle: int | None, item: str | None, text: str, from_feedback: bool,
    kinds: tuple[str, ...], origin: str, due: str, passages: tuple[str, ...], by: str,
) -> None:  # fmt: skip
    """Register problems."""
    from review.rectification import raise_from_feedback, raise_problem

    if from_feedback == (item is not None):
        raise click.UsageError("--item 与 --from-feedback 要选一个")
    if from_feedback and passages:
        raise click.UsageError("反馈意见里的问题自带佐证，--passage 只与 --item 一起用")
    year = year_meant(state, district, cycle)
    if item is None:
        found = raise_from_feedback(state.workspace, district, year, origin, due, by, kinds=kinds)
    else:
        found = [raise_problem(state.workspace, district, year, item, text, origin, due, by, passages=passages)]
    for problem in found:
        _print(problem)
    click.echo(f"登记在册 {len(found)} 项。")


@rectification.command("cite", help="给登记的问题补记依据的段落；反馈意见里列为佐证。")
@of_district(required=True)
@_of_problem
@click.option(
    "--passage", "passages", multiple=True, required=True, help="段落编号（edureview search --json），可重复。"
)
@by_whom
@click.pass_obj
def cite(
    state: State, district: str, cycle: int | None, number: int, seen: int | None, passages: tuple[str, ...], by: str
) -> None:
    """Name the passages a problem rests on."""
    from review.rectification import name_evidence

    year = year_meant(state, district, cycle)
    _print(name_evidence(state.workspace, district, year, number, passages, by, seen=seen))


@rectification.command("plan", help="区县填报措施、责任人、时限。")
@of_district(required=True)
@_of_problem
@click.option("--measure", required=True, help="措施。")
@click.option("--responsible", required=True, help="责任人。")
@click.option("--until", required=True, help="完成时限，不晚于要求的期限。")
@by_whom
@click.pass_obj
def plan_(
    state: State, district: str, cycle: int | None, number: int, seen: int | None, measure: str, responsible: str,
    until: str, by: str,
) -> None:  # fmt: skip
    """Enter a measure."""
    from review.rectification import plan

    year = year_meant(state, district, cycle)
    _print(plan(state.workspace, district, year, number, measure, responsible, until, by, seen=seen))


@rectification.command("evidence", help="区县报整改证据：已导入的材料（指出问题的年度或下一年度），按文件名。")
@of_district(required=True)
@_of_problem
@click.option("--file", "files", multiple=True, required=True, help="文件名（可重复）。")
@click.option("--note", default="", help="说明。")
@by_whom
@click.pass_obj
def evidence(
    state: State, district: str, cycle: int | None, number: int, seen: int | None, files: tuple[str, ...], note: str,
    by: str,
) -> None:  # fmt: skip
    """Name the proof."""
    from review.rectification import give_evidence

    year = year_meant(state, district, cycle)
    _print(give_evidence(state.workspace, district, year, number, files, note, by, seen=seen))


@rectification.command("put-off", help="市教育督导办同意延期（要写理由）。")
@of_district(required=True)
@_of_problem
@click.option("--until", required=True, help="新的期限。")
@click.option("--reason", required=True, help="理由。")
@by_whom
@click.pass_obj
def put_off_(
    state: State, district: str, cycle: int | None, number: int, seen: int | None, until: str, reason: str, by: str
) -> None:
    """Set another day."""
    from review.rectification import put_off

    _print(put_off(state.workspace, district, year_meant(state, district, cycle), number, until, reason, by, seen=seen))


@rectification.command("recheck", help="市教育督导办复查：整改到位、部分整改、未整改。")
@of_district(required=True)
@_of_problem
@click.option("--outcome", required=True, help="整改到位、部分整改、未整改。")
@click.option("--on", required=True, help="复查日期。")
@click.option("--document", required=True, help="依据的复查记录。")
@click.option("--note", default="", help="还差什么，或怎样查实的。")
@by_whom
@click.pass_obj
def recheck_(
    state: State, district: str, cycle: int | None, number: int, seen: int | None, outcome: str, on: str, document: str,
    note: str, by: str,
) -> None:  # fmt: skip
    """Record a recheck."""
    from review.rectification import recheck

    year = year_meant(state, district, cycle)
    _print(recheck(state.workspace, district, year, number, outcome, on, document, note, by, seen=seen))


@rectification.command("compare", help="上年问题与两年证据并排，以及带入本年 B15-4 的数；--cycle 是本年。")
@of_district(required=True)
@as_json
@click.pass_obj
def compare(state: State, district: str, cycle: int | None, json_: bool) -> None:
    """Put both years side by side."""
    from review.places import place_of
    from review.rectification import carried, side_by_side

    year = year_meant(state, district, cycle)
    found, brought = side_by_side(state.workspace, district, year), carried(state.workspace, district, year)
    if json_:
        counts = None if brought is None else {
            "due": brought.due, "unrectified": None if brought.unchecked else brought.unrectified, "unchecked": list(brought.unchecked),
        }  # fmt: skip
        print_json({"rectification": counts, "problems": [one.to_json() for one in found]})
        return
    for one in found:
        click.echo(f"{one.problem.number}. {one.problem.item}　{one.problem.state_words}　{one.problem.text}")
        for words, citations in ((f"{year - 1} 年度", one.before), (f"{year} 年度", one.now)):
            for citation in citations:
                quote = " ".join(citation.quote.split())[:80]
                click.echo(f"    {words}　《{citation.file}》{place_of(citation.locator)}　{quote}")
            if not citations:
                click.echo(f"    {words}　没有找到佐证")
        for file, sha256 in one.handed_in:
            click.echo(f"    区县所报证据　《{file}》（SHA-256 {sha256[:12]}…）")
    if brought is None:
        click.echo(f"{year - 1} 年度没有登记问题，B15-4 不扣分。")
    elif brought.unchecked:
        listed = "、".join(str(number) for number in brought.unchecked)
        click.echo(f"应整改 {brought.due} 项；第 {listed} 号还没有复查，带入 {year} 年度 B15-4 的数未定。")
    else:
        click.echo(f"带入 {year} 年度 B15-4：应整改 {brought.due} 项，未到位 {brought.unrectified} 项。")
