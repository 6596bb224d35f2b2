"""Commands on the stored evidence: take in, list, read, search, map, figures, rebuild."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from review.commands.base import State, as_json, of_district, print_json

if TYPE_CHECKING:
    from retrieval.answer import SchemeCitation
    from retrieval.cite import Citation

# Passages mapped at a time: bounds memory while a large file streams through.
MAP_BATCH = 256


@click.command(
    "ingest", help="导入文件或文件夹（可重复运行，也可随时中断：已读的页不会重读）。有文件不能读取时退出码为 3。"
)
@click.argument("paths", metavar="PATH...", nargs=-1, required=True, type=click.Path(path_type=Path))
@of_district(required=True)
@click.pass_obj
def ingest(state: State, paths: tuple[Path, ...], district: str, cycle: int | None) -> int:
    """Take in files and folders with a progress bar on stderr."""
    from review.commands.progress import progress_bar
    from review.documents import STATE_WORDS
    from review.intake import take_in

    year = state.workspace.newest_cycle() if cycle is None else cycle
    click.echo(f"导入到 {district} {year} 年度（数据年度 {year - 1}）。", err=True)
    with progress_bar() as tell:
        result = take_in(state.workspace, paths, district=district, cycle=year, on_progress=tell)
    for outcome in result.files:
        if outcome.reason:
            click.echo(f"{STATE_WORDS[outcome.state]}：{outcome.file} —— {outcome.reason}")
    click.echo(
        f"共 {len(result.files)} 个文件，新增 {len(result.new)} 个，不能读取 {len(result.refused)} 个，新建索引 {result.indexed} 段。"
    )
    return 3 if result.refused else 0


@click.command("documents", help="已导入的材料：每份、每页的状态与原因。")
@of_district(required=False)
@as_json
@click.pass_obj
def documents(state: State, district: str | None, cycle: int | None, json_: bool) -> None:
    """List stored documents."""
    from review.documents import PAGE_STATE_WORDS, STATE_WORDS, list_documents

    if district is not None:
        district, cycle = state.workspace.locate(district, cycle)
    listed = list_documents(state.workspace, district, cycle)
    if json_:
        print_json([document.to_json() for document in listed])
        return
    for document in listed:
        year = f"，{document.data_year} 年" if document.data_year else ""
        newer = f"，第 {document.version} 版" if document.version > 1 else ""
        click.echo(
            f"{document.district} {document.cycle}　{STATE_WORDS[document.state]}　{document.file}（{len(document.pages)} 页{year}{newer}）　{document.reason}".rstrip()
        )
        for page in document.pages:
            if page.reason:
                click.echo(f"    {page.label}　{PAGE_STATE_WORDS[page.state]}　{page.reason}")
    old = sum(document.superseded_by is not None for document in listed)
    click.echo(f"共 {len(listed) - old} 份{f'，另有旧版 {old} 份' if old else ''}。")


@click.command("text", help="一份材料存下来的文字（按文件名，或 SHA-256 的前几位）。")
@click.argument("document", metavar="DOCUMENT")
@click.option("--district", help="区县名称。")
@as_json
@click.pass_obj
def text(state: State, document: str, district: str | None, json_: bool) -> None:
    """Print the stored text of a document."""
    from review.documents import stored_text

    found = stored_text(state.workspace, document, district)
    if json_:
        pages = [{"page": number, "text": body} for _, listed in found for number, body in listed]
        print_json(pages)
        return
    for summary, listed in found:
        for number, body in listed:
            click.echo(f"== {summary.file} 第 {number} 页\n{body}\n")


@click.command("search", help="按词义和字面同时检索材料；内容相同的段落合并为一条，列出各处出处。")
@click.argument("query", metavar="TEXT")
@of_district(required=False)
@click.option("--item", help="只看某个评价要点的材料，如 B5-5。")
@click.option("--type", "type_code", help="只看某类材料，如 F（正式文件）、T（统计报表）、M（会议纪要）。")
@click.option("--year", type=int, help="只看材料所述年份（数据年度）为这一年的。")
@click.option("--document", help="只看某一份材料：文件名，或 SHA-256 的前几位（至少 6 位）。")
@click.option("-k", "count", default=10, show_default=True, type=click.IntRange(1, 200), help="给出多少条。")
@click.option("--around", is_flag=True, help="同时给出每条前后相邻的段落。")
@as_json
@click.pass_obj
def search(
    state: State, query: str, district: str | None, cycle: int | None, item: str | None, type_code: str | None, year: int | None,
    document: str | None, count: int, around: bool, json_: bool,
) -> None:  # fmt: skip
    """Search the evidence."""
    from review.places import place_of
    from review.searching import search as find

    found = find(
        state.workspace, query, district=district, cycle=cycle, item=item, type_code=type_code, year=year, document=document, count=count,
        around=around,
    )  # fmt: skip
    if json_:
        keys = (
            "rank",
            "score",
            "passage",
            "text",
            "items",
            "citation",
            "copies",
            *(("before", "after") if around else ()),
        )
        print_json([{key: hit[key] for key in keys} for hit in found])
        return
    for hit in found:
        where = f"《{hit['file']}》{place_of(hit['citation']['locator'])}"
        click.echo(f"{hit['rank']}. {where}　{'、'.join(name for name, _ in hit['items'])}")
        for part in ("before", "text", "after"):
            if part == "text" or hit[part]:
                click.echo(f"   {'' if part == 'text' else '……'}{' '.join(hit[part].split())}")
        if hit["copies"]:
            places = "；".join(f"《{copy['file']}》{place_of(copy['locator'])}" for copy in hit["copies"])
            click.echo(f"   另有 {len(hit['copies'])} 处内容相同：{places}")
    if not found:
        click.echo("未找到。")


def cited(citation: Citation | SchemeCitation) -> str:
    """The short form of a citation for people."""
    from review.places import place

    return f"《{citation.file}》{place(citation)}"


@click.command("map", help="把每段文字（JSONL，每行 id 与 text）对应到评价要点；每行输出一个 JSON。")
@click.argument("passages", metavar="PASSAGES.jsonl", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.pass_obj
def map_passages(state: State, passages: Path) -> None:
    """Map passages to items, one JSON line each."""
    from retrieval.embedder import load_embedder
    from retrieval.itemmap import ItemMapper
    from review.passages_file import read_passages

    workspace = state.workspace
    mapper = ItemMapper(
        workspace.scheme, workspace.catalogue, load_embedder(workspace.settings.embedding_model), cache=workspace.cache
    )
    for batch in read_passages(passages, MAP_BATCH):
        for (identifier, _), mapped in zip(batch, mapper.map([body for _, body in batch]), strict=True):
            ranking = [[item, round(confidence, 4)] for item, confidence in mapped.ranking]
            click.echo(json.dumps({"id": identifier, "ranking": ranking, "none": mapped.none}, ensure_ascii=False))


@click.command("facts", help="从材料中读出的数据：指标、数值、年份、口径、出处，以及相互矛盾之处。")
@of_district(required=True)
@as_json
@click.pass_obj
def facts(state: State, district: str, cycle: int | None, json_: bool) -> None:
    """List figures and conflicts."""
    from review.figures import figures

    district, cycle = state.workspace.locate(district, cycle)
    found = figures(state.workspace, district, cycle)
    if json_:
        print_json(found.to_json())
        return
    for fact in found.facts:
        stated = fact.fact
        slip = "" if stated.plausible else "　超出合理范围，请核对原件"
        click.echo(
            f"{fact.name} {stated.shown}　{stated.year or '年份不明'}　{stated.scope}　{cited(fact.citation)}{slip}"
        )
    for conflict in found.conflicts:
        click.echo(f"矛盾：{conflict.sentence}")
    for difference in found.differences:
        click.echo(f"说明：{difference.sentence}")
    click.echo(f"共 {len(found.facts)} 个数据，{len(found.conflicts)} 处矛盾。均为程序读出，须经人确认。")


@click.command("rebuild-index", help="由数据库重建全文索引和向量索引。")
@click.pass_obj
def rebuild_index(state: State) -> None:
    """Rebuild full text and vectors from the record."""
    from review.intake import rebuild_indexes

    click.echo(f"已重建索引：{rebuild_indexes(state.workspace)} 段。")
