"""`edureview paper`, `report`, `wording`, `issue`, `issued`: papers as Word files, the office's wording, letters that leave the house."""

from __future__ import annotations

from pathlib import Path

import click

from review.commands.base import State, as_json, of_district, print_json

OUTPUT = click.Path(dir_okay=False, path_type=Path)
EXISTING = click.Path(dir_okay=False, exists=True, path_type=Path)


@click.command(
    "paper",
    help="一种文书（Word）。KIND：反馈意见、整改通知、完整性检查清单、专家评审表、实地督导抽样表、评分依据，或 全部（-o 写文件夹）。",
)
@click.argument("kind", metavar="KIND")
@of_district(required=True)
@click.option(
    "-o", "output", required=True, type=click.Path(path_type=Path), help="写到哪个文件；KIND 为 全部 时写到哪个文件夹。"
)
@click.option("--template", type=EXISTING, help="用市教育督导办自己改过的 Word 模板。")
@click.pass_obj
def paper(state: State, kind: str, district: str, cycle: int | None, output: Path, template: Path | None) -> None:
    """Write one paper of a district, or all of them."""
    from review.papers.kinds import kind_of, paper_of, papers
    from review.papers.record import read_record

    district, cycle = state.workspace.locate(district, cycle)
    if kind == "全部":
        output.mkdir(parents=True, exist_ok=True)
        for words, data in papers(state.workspace, district, cycle).items():
            (output / f"{district}{cycle}年度{words}.docx").write_bytes(data)
            click.echo(f"已写入 {output / f'{district}{cycle}年度{words}.docx'}")
        return
    chosen = kind_of(kind)
    record = read_record(state.workspace, district, cycle)
    output.write_bytes(paper_of(record, chosen, template=template.read_bytes() if template else None))
    click.echo(f"已写入 {output}：{chosen.words}。")


@click.command(
    "report", help="年度评价报告（Word）：排名表、A1—A5 分项表、图、降级说明；登记市政府审定之前标“拟定稿”。"
)
@click.option("-o", "output", required=True, type=OUTPUT, help="写到哪个文件，如 评价报告.docx。")
@click.option("--cycle", type=int, help="评价年度；默认最新的年度。")
@click.option("--grades-only", is_flag=True, help="只列等级，不列得分与名次。")
@click.option("--xlsx", type=OUTPUT, help="另存排名表与分项表为 Excel（数为数值）。")
@click.option("--template", type=EXISTING, help="用市教育督导办自己改过的 Word 模板。")
@click.pass_obj
def report(
    state: State, output: Path, cycle: int | None, grades_only: bool, xlsx: Path | None, template: Path | None
) -> None:
    """Write the annual report."""
    from review.papers.annual import annual_values
    from review.papers.render import render
    from review.papers.spreadsheets import ranking_xlsx
    from review.papers.year_record import read_year

    chosen = state.workspace.newest_cycle() if cycle is None else cycle
    told = read_year(state.workspace, chosen, say=lambda line: click.echo(line, err=True))
    values = annual_values(told, grades_only=grades_only)
    output.write_bytes(render("annual", values, template=template.read_bytes() if template else None))
    if xlsx is not None:
        xlsx.write_bytes(ranking_xlsx(told))
    state_words = "经市政府审定" if told.approval is not None else "拟定稿（尚未登记市政府审定）"
    click.echo(f"已写入 {output}：{len(told.districts)} 个区县，{len(told.scores)} 个有得分，{state_words}。")


@click.command(
    "wording",
    help="改写反馈意见里的句子（--report：年度评价报告里的一行）：原句、新句、署名；数和名称不能变，各版本都留着。不给原句时列出已有的改写。",
)
@of_district(required=False)
@click.option("--report", "of_report", is_flag=True, help="年度评价报告里的一行，不写区县。")
@click.option("--from", "before", help="草稿里的原句（不含要点编号和佐证编号）。")
@click.option("--to", "after", help="新句。")
@click.option("--by", default="", help="由谁改写。")
@click.pass_obj
def wording(
    state: State,
    district: str | None,
    cycle: int | None,
    of_report: bool,
    before: str | None,
    after: str | None,
    by: str,
) -> None:
    """Add a version of a sentence, or list the versions."""
    from review.papers.wording import WHOLE_YEAR, revise, revisions

    district, cycle = _letter_or_report(state, district, cycle, WHOLE_YEAR if of_report else None)
    if before is not None or after is not None:
        revise(state.workspace, district, cycle, before or "", after or "", by)
    for one in revisions(state.workspace, district, cycle):
        click.echo(f"{one.at[:16]}　{one.by}\n  原：{one.before}\n  新：{one.after}")


def _letter_or_report(state: State, district: str | None, cycle: int | None, of_year: str | None) -> tuple[str, int]:
    """District and year of a letter; of the annual report (of_year given) that word and the year."""
    if (district is None) is (of_year is None):
        raise click.UsageError("文书要写 --district，年度评价报告不写")
    if district is None:
        return of_year or "", state.workspace.newest_cycle() if cycle is None else cycle
    return state.workspace.locate(district, cycle)


@click.command(
    "issue",
    help="签发反馈意见、整改通知或年度评价报告（KIND）：逐数核对出处，只写经人确认的内容，连同校验码冻结，写进操作记录。",
)
@click.argument("kind", metavar="KIND")
@of_district(required=False)
@click.option("--grades-only", is_flag=True, help="年度评价报告只列等级，不列得分与名次。")
@click.option("--on", required=True, help="签发日期，如 2019-06-10。")
@click.option("--document", required=True, help="发文字号。")
@click.option("--by", default="", help="由谁签发。")
@click.option("--reason", default="", help="再次签发的理由。")
@click.option("--template", type=EXISTING, help="用市教育督导办自己改过的 Word 模板。")
@click.option("-o", "output", type=OUTPUT, help="另存签发的文件。")
@click.pass_obj
def issue(
    state: State, kind: str, district: str | None, cycle: int | None, grades_only: bool, on: str, document: str, by: str,
    reason: str, template: Path | None, output: Path | None,
) -> None:  # fmt: skip
    """Issue a letter, or the annual report."""
    from review.papers.issuing import issue as issue_paper
    from review.papers.issuing import issued_file
    from review.papers.kinds import ANNUAL
    from review.papers.year_issuing import issue_report, issued_report_file

    of_year = kind.strip() in (ANNUAL.id, ANNUAL.words)
    place, cycle = _letter_or_report(state, district, cycle, "" if of_year else None)
    own = template.read_bytes() if template else None
    if of_year:
        done = issue_report(
            state.workspace, cycle, on, document, by, grades_only=grades_only, reason=reason, template=own
        )
    else:
        done = issue_paper(state.workspace, place, cycle, kind, on, document, by, reason=reason, template=own)
    left_out = f"，未经确认没有写入的意见 {done.left_out} 条" if done.left_out else ""
    click.echo(f"已签发{done.kind.words}第 {done.number} 次（{done.document}），SHA-256 {done.sha256}{left_out}。")
    if output is not None and of_year:
        output.write_bytes(issued_report_file(state.workspace, cycle, done.number))
    elif output is not None:
        output.write_bytes(issued_file(state.workspace, place, cycle, kind, done.number))


@click.command("issued", help="已签发的文书；-o 另存其中一份（核对校验码）。")
@of_district(required=False)
@click.option("--kind", default="反馈意见", show_default=True, help="另存哪一种；年度评价报告 列出并另存整个年度的。")
@click.option("--number", type=int, help="另存第几次签发的；默认最新。")
@click.option("-o", "output", type=OUTPUT, help="写到哪个文件。")
@as_json
@click.pass_obj
def issued(
    state: State,
    district: str | None,
    cycle: int | None,
    kind: str,
    number: int | None,
    output: Path | None,
    json_: bool,
) -> None:
    """List the papers that were issued, or write one of them."""
    from review.papers.issuing import issued as issued_papers
    from review.papers.issuing import issued_file
    from review.papers.kinds import ANNUAL
    from review.papers.year_issuing import issued_report_file, issued_reports

    of_year = kind.strip() in (ANNUAL.id, ANNUAL.words)
    place, cycle = _letter_or_report(state, district, cycle, "" if of_year else None)
    found = issued_reports(state.workspace, cycle) if of_year else issued_papers(state.workspace, place, cycle)
    if output is not None and of_year:
        output.write_bytes(issued_report_file(state.workspace, cycle, number))
    elif output is not None:
        output.write_bytes(issued_file(state.workspace, place, cycle, kind, number))
    if json_:
        print_json([one.to_json() for one in found])
        return
    for one in found:
        click.echo(
            f"{one.on}　{one.kind.words}第 {one.number} 次　{one.document}　{one.by}　SHA-256 {one.sha256[:16]}…　{one.reason}".rstrip(
                "　"
            )
        )
    if not found:
        click.echo("还没有签发过文书。")
