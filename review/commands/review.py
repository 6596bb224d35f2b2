"""The command of the exhaustive pass: every item against every document."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from review.commands.base import State, as_json, of_district, print_json
from review.commands.evidence import cited

if TYPE_CHECKING:
    from review.review_pass import ReviewedItem


@click.command(
    "review", help="逐项逐份检查：每个评价要点对每份材料，哪些段落支撑、相反、仅提及、年度不符，附理由和覆盖说明。"
)
@of_district(required=True)
@click.option("--item", "items", multiple=True, help="只看这个评价要点，如 B5-5；可写多次。")
@click.option("--again", is_flag=True, help="全部重查，而不是只查还没有查过的。")
@as_json
@click.pass_obj
def review(state: State, district: str, cycle: int | None, items: tuple[str, ...], again: bool, json_: bool) -> None:
    """Examine what is to be examined, then show what the pass has found."""
    from review.errors import BusyError, NotAllowedError
    from review.examination import PassRun, examine, to_examine
    from review.review_pass import review_district

    workspace = state.workspace
    district, cycle = workspace.locate(district, cycle)
    wanted = [workspace.check_item(item) for item in items]
    run = PassRun(0, 0, 0.0)
    if to_examine(workspace, district, cycle, again=again):
        try:
            run = examine(workspace, district, cycle, again=again, on_document=_tell)
        except (BusyError, NotAllowedError) as refused:
            # What has been examined can be shown all the same; the coverage says what has not.
            click.echo(str(refused), err=True)
    found = review_district(workspace, district, cycle, wanted)
    if json_:
        print_json({**found.to_json(), "run": run.to_json()})
        return
    click.echo(f"{district} {cycle} 年度：{found.coverage.sentence}")
    if run.documents:
        click.echo(
            f"本次查了 {run.documents} 份 {run.passages} 段，用时 {run.seconds:.1f} 秒，每秒 {run.documents_per_second:.1f} 份。"
        )
    for file, reason in found.coverage.unreadable:
        click.echo(f"  不可读　{file} —— {reason}")
    for one in found.items:
        click.echo(f"{one.item:<6} {one.title}　{one.sentence}")
        if wanted:
            _show(one)
    click.echo("以上判断均为程序的建议，须由人确认。")


def _show(one: ReviewedItem) -> None:
    """The passages of one item with their reasons, then the documents that say nothing of it."""
    from review.review_pass import STANDING_WORDS

    words = {str(standing): word for standing, word in STANDING_WORDS.items()}
    for document in one.documents:
        for passage in document.passages:
            mark = "（已确认）" if passage.state == "confirmed" else ""
            click.echo(f"    {words[passage.verdict]}{mark}　{cited(passage.citation)}　[{passage.passage}]")
            for reason in passage.reasons:
                click.echo(f"        {reason.sentence}")
    rest = [document for document in one.documents if not document.passages]
    for document in rest:
        near = f"　最接近的段落 {document.nearest[0]}，置信度 {document.nearest[1]:.2f}" if document.nearest else ""
        click.echo(f"    {words[document.standing]}　{document.file}{near}")


def _tell(done: int, documents: int) -> None:
    """A line now and then on standard error."""
    if done == documents or done % 20 == 0:
        click.echo(f"逐项检查　{done}/{documents} 份", err=True)
