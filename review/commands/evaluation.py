"""Measuring: the evaluation sets against their expected figures, systems side by side, and TREC runs of any collection."""

from __future__ import annotations

from pathlib import Path

import click

from review.commands.base import State, as_json, print_json

_READABLE = click.Path(exists=True, dir_okay=False, path_type=Path)
_WHAT = """评测。不写名字：逐套测 eval_sets 并与 expected.yaml 比较（OK / OKish / FAIL，有 FAIL 时退出码 1）；写名字只测这几套。

\b
eval run     --passages P.jsonl --topics T.jsonl --run OUT.trec    任意集合 → 六列 TREC 结果
eval topics  --passages P.jsonl --topics T.jsonl --qrels Q.trec    任意集合上各系统的对照表与显著性
eval dev     PATH.jsonl    带标注的段落（primary、sub、also）：要点 → 段落，段落 → 指标"""


@click.command("eval", help=_WHAT)
@click.argument("what", metavar="[SET…|run|topics|dev PATH]", nargs=-1)
@click.option("--passages", type=_READABLE, help='段落，每行 {"id","text"}。')
@click.option("--topics", type=_READABLE, help='题目，每行 {"id","text"}。')
@click.option("--qrels", type=_READABLE, help="相关性判断，四列：题目 0 段落 等级。")
@click.option("--run", "output", type=click.Path(dir_okay=False, path_type=Path), help="结果文件，如 run.trec。")
@click.option(
    "--system",
    type=click.Choice(["hybrid", "dense", "bm25"]),
    default="hybrid",
    show_default=True,
    help="run 的排序方法。",
)
@click.option("--details", is_flag=True, help="同时打印逐条结果。")
@as_json
@click.pass_context
def evaluate(
    context: click.Context, what: tuple[str, ...], passages: Path | None, topics: Path | None, qrels: Path | None,
    output: Path | None, system: str, details: bool, json_: bool,
) -> None:  # fmt: skip
    """Dispatch by the first word."""
    state: State = context.obj
    first = what[0] if what else ""
    if first == "run":
        if passages is None or topics is None or output is None:
            raise click.UsageError("eval run 要写 --passages、--topics 和 --run")
        _run(state, passages, topics, output, system)
    elif first == "dev":
        if len(what) != 2 or not Path(what[1]).is_file():
            raise click.UsageError("eval dev 后面要写一个段落文件的路径")
        _labelled(state, Path(what[1]), json_)
    elif first == "topics" and (passages or topics or qrels):
        if passages is None or topics is None or qrels is None:
            raise click.UsageError("eval topics 要么什么都不带，要么 --passages、--topics、--qrels 都写")
        _systems(state, passages, topics, qrels, json_)
    elif passages or topics or qrels or output:
        raise click.UsageError("这些选项只用于 eval run 和 eval topics")
    else:
        context.exit(_sets(what, details, json_))


def _run(state: State, passages: Path, topics: Path, output: Path, system: str) -> None:
    from retrieval.collection_run import TAG, rank_collection, read_collection, trec_lines
    from retrieval.embedder import load_embedder

    texts, questions = read_collection(passages), read_collection(topics)
    embedder = load_embedder(state.settings.embedding_model)
    cache = state.settings.home / "cache"
    ranked = rank_collection(texts, questions, embedder, system=system, cache=cache)  # type: ignore[arg-type]
    lines = list(trec_lines(ranked, f"{TAG}-{system}"))
    output.write_text("".join(line + "\n" for line in lines), encoding="utf-8")
    click.echo(f"{len(texts)} 段、{len(questions)} 题，写入 {len(lines)} 行：{output}", err=True)


def _systems(state: State, passages: Path, topics: Path, qrels: Path, json_: bool) -> None:
    from retrieval.collection_run import read_collection
    from retrieval.embedder import load_embedder
    from review.evaluation_runs import answerable, read_qrels, table_of
    from review.evaluation_systems import all_runs

    texts, questions, judged = read_collection(passages), read_collection(topics), read_qrels(qrels)
    asked = {topic: questions[topic] for topic in answerable(judged) if topic in questions}
    if not asked:
        raise click.UsageError("判断文件里没有一道题在题目文件中")
    runs, notes = all_runs(texts, asked, load_embedder(state.settings.embedding_model), say=_progress)
    table = table_of(runs, {topic: judged[topic] for topic in asked}, len(texts), notes)
    if json_:
        print_json(table.to_json())
    else:
        click.echo("\n".join(table.lines()))


def _labelled(state: State, path: Path, json_: bool) -> None:
    from retrieval.embedder import load_embedder
    from review.evaluation_labelled import measure_labelled

    workspace = state.workspace
    embedder = load_embedder(workspace.settings.embedding_model)
    measured = measure_labelled(path, workspace.scheme, workspace.catalogue, embedder, say=_progress)
    if json_:
        print_json(measured.to_json())
    else:
        click.echo("\n".join(measured.lines()))


def _sets(names: tuple[str, ...], details: bool, json_: bool) -> int:
    """Exit code: 1 when a figure fails."""
    from review.evaluation_sets import available, judge, lines, load_set, measured

    infos = [load_set(name) for name in (names or available())]
    left_out = [info.name for info in infos if info.slow and not names]
    failed, shown = False, []
    for info in infos:
        if info.name in left_out:
            continue
        _progress(f"正在测 {info.name}：{info.what}")
        figures, explain = measured(info.name)
        results = judge(info, figures)
        failed |= any(result.outcome == "FAIL" for result in results)
        told = explain() if details and explain else []
        if json_:
            entry = {"set": info.name, "what": info.what, "figures": [result.to_json() for result in results]}
            shown.append(entry | ({"details": told} if details else {}))
        else:
            click.echo("\n".join([f"{info.name}　{info.what}", *lines(results), *told]))
    if left_out:
        _progress(f"略过耗时的：{'、'.join(left_out)}（写上名字就测）")
    if json_:
        print_json(shown)
    return 1 if failed else 0


def _progress(line: str) -> None:
    click.echo(line, err=True)
