"""Measuring retrieval: any collection of passages and topics becomes a TREC run."""

from __future__ import annotations

from pathlib import Path

import click

from review.commands.base import State

_READABLE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command("eval", help='评测检索。`eval run` 对任何 {"id","text"} 集合按题目排序，写出六列 TREC 结果。')
@click.argument("what", metavar="run")
@click.option("--passages", type=_READABLE, required=True, help='段落，每行 {"id","text"}。')
@click.option("--topics", type=_READABLE, required=True, help='题目，每行 {"id","text"}。')
@click.option(
    "--run", "output", type=click.Path(dir_okay=False, path_type=Path), required=True, help="结果文件，如 run.trec。"
)
@click.option(
    "--system", type=click.Choice(["hybrid", "dense", "bm25"]), default="hybrid", show_default=True, help="排序方法。"
)
@click.pass_obj
def evaluate(state: State, what: str, passages: Path, topics: Path, output: Path, system: str) -> None:
    """Write a run."""
    from retrieval.collection_run import TAG, rank_collection, read_collection, trec_lines
    from retrieval.embedder import load_embedder

    if what != "run":
        raise click.UsageError(f"没有“{what}”这项评测，目前只有 run")
    texts, questions = read_collection(passages), read_collection(topics)
    embedder = load_embedder(state.settings.embedding_model)
    ranked = rank_collection(texts, questions, embedder, system=system)  # type: ignore[arg-type]
    lines = list(trec_lines(ranked, f"{TAG}-{system}"))
    output.write_text("".join(line + "\n" for line in lines), encoding="utf-8")
    click.echo(f"{len(texts)} 段、{len(questions)} 题，写入 {len(lines)} 行：{output}", err=True)
