"""`edureview bench`: what each stage costs on this machine, and beside the pipeline that tutorials build."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import click

from review.commands.base import as_json, print_json

STAGES = ("scoring", "reading", "ocr", "memory", "embedding", "query", "papers", "ask")
QUERY_SIZES = (10_000, 100_000)
Shown = tuple[dict[str, Any], list[str]]


def _say(line: str) -> None:
    click.echo(line, err=True)


@click.command(
    "bench",
    help="测速：scoring 计分排名；reading 有文字层的 PDF 从文件到索引，与 LangChain 对照流程比；ocr 扫描件识别，与逐页循环比；memory 导入 1,000 页 PDF 的内存；embedding 段落变成向量，与 sentence-transformers 全精度比；query 一次检索，限定在十二个区县之一；papers 十二个区县的全部文书与年度报告；ask 十二个区县各 3,000 段里提问。",
)
@click.option("--stage", "stages", type=click.Choice(STAGES), multiple=True, help="测哪个阶段，可给多个；默认 scoring")
@click.option(
    "--against",
    type=click.Choice(["langchain"]),
    help="与对照流程并排测 reading、ocr、query（需要 pip install 'edureview[bench]'）",
)
@click.option("--pages", type=click.IntRange(2, 5000), help="reading 每份、ocr 与 memory 共多少页；默认 20、8、1,000")
@click.option(
    "--passages",
    "sizes",
    type=click.IntRange(1_200, 2_000_000),
    multiple=True,
    help="query 在多少段里检索，可给多个；默认 10,000 与 100,000",
)
@as_json
def bench(stages: tuple[str, ...], against: str | None, pages: int | None, sizes: tuple[int, ...], json_: bool) -> None:
    """Measure the stages asked for, one after the other."""
    chosen = stages or (("reading", "ocr") if against else ("scoring",))
    printed: dict[str, Any] = {}
    for stage in chosen:
        data, lines = _query(sizes, against is not None) if stage == "query" else _RUN[stage](pages)
        printed |= data
        if not json_:
            click.echo("\n".join(lines))
    if json_:
        print_json(printed)


def _verdict(met: bool) -> str:
    return "达到" if met else "未达到"


def _scoring(pages: int | None) -> Shown:
    from review.bench import bench as measure

    measured = measure(say=_say)
    lines = ["区县数　　计分(秒)　排名(秒)　每区县处理器时间(毫秒)　内存峰值(MB)"]
    lines += [
        f"{row.districts:>6}　{row.score_seconds:>9.3f}　{row.rank_seconds:>8.4f}　{row.per_district:>11.3f}　{row.peak_bytes / 1e6:>11.1f}"
        for row in measured.rows
    ]
    data = measured.to_json()
    lines.append(
        f"每区县耗时：最大规模÷最小规模 = {measured.ratio:.2f}；目标 1 毫秒以内：{_verdict(data['goal_met'])}。"
    )
    return data, lines


def _reading(pages: int | None) -> Shown:
    from review.bench_reading import PAGES, bench_reading

    data = bench_reading(pages=pages or PAGES, say=_say).to_json()
    text, whole = data["extraction"], data["end_to_end"]
    lines = [
        f"文本提取（{text['pages']} 页次，本程序含逐字位置）：{text['ours_cpu_ms_per_page']} 毫秒/页，PyPDFLoader {text['reference_cpu_ms_per_page']} 毫秒/页，"
        f"{text['ratio']} 倍；目标 {text['goal']:g} 倍：{_verdict(text['goal_met'])}。",
        "从文件到索引：　本程序 字/秒　对照流程 字/秒",
    ]
    lines += [
        f"第 {number} 轮　{row['ours']['characters_per_second']:>10}　{row['reference']['characters_per_second']:>10}"
        for number, row in enumerate(whole["rounds"], 1)
    ]
    lines.append(
        f"合计 {whole['ratio_wall']} 倍（处理器时间 {whole['ratio_cpu']} 倍），索引字数相差 {whole['characters_differ_by']:.1%}；"
        f"目标 {whole['goal']:g} 倍：{_verdict(whole['goal_met'])}。"
    )
    return data, lines


def _ocr(pages: int | None) -> Shown:
    from review.bench_ocr import PAGES, bench_ocr

    data = bench_ocr(pages or PAGES, say=_say).to_json()
    row = data["ocr"]
    line = (
        f"扫描件识别（{row['pages']} 页，{row['processes']} 个进程）：{row['ours_seconds_per_page']} 秒/页、错误率 {row['ours_cer']:.2%}；"
        f"逐页循环 {row['loop_seconds_per_page']} 秒/页、错误率 {row['loop_cer']:.2%}；{row['ratio']} 倍；"
        f"目标 {row['goal']:g} 倍且错误率不高：{_verdict(row['goal_met'])}。"
    )
    return data, [line]


def _memory(pages: int | None) -> Shown:
    from review.bench_memory import PAGES, bench_memory

    data = bench_memory(pages or PAGES, say=_say).to_json()
    row = data["memory"]
    line = (
        f"导入 {row['pages']} 页 PDF（{row['passages']} 段）：所有进程合计内存峰值 {row['peak_megabytes']} MB，单个进程 {row['peak_megabytes_of_one_process']} MB，"
        f"用时 {row['wall_seconds']} 秒；目标 {row['goal_megabytes']} MB 以内：{_verdict(row['goal_met'])}。"
    )
    return data, [line]


def _embedding(pages: int | None) -> Shown:
    from review.bench_embedding import bench_embedding

    data = bench_embedding(say=_say).to_json()
    row = data["embedding"]
    line = (
        f"嵌入（{row['passages']} 段 × {row['rounds']} 轮，平均 {row['characters_per_passage']} 字）：{row['ours_passages_per_second']} 段/秒，"
        f"sentence-transformers 全精度 {row['reference_passages_per_second']} 段/秒，{row['ratio_wall']} 倍（处理器时间 {row['ratio_cpu']} 倍）；"
        f"两者最小余弦 {row['least_cosine']}，最近十段相同 {row['same_nearest_ten']:.1%}；目标 {row['goal_ratio']:g} 倍：{_verdict(row['goal_met'])}。"
    )
    return data, [line]


def _query(sizes: tuple[int, ...], against: bool) -> Shown:
    from review.bench_query import bench_query

    data = bench_query(sizes or QUERY_SIZES, against=against, say=_say)
    found = data["query"]
    lines = ["段数　　　一方　　冷启动(毫秒)　中位(毫秒)　95%(毫秒)　处理器(毫秒)　内存峰值(MB)　最近十段找全"]
    for row in found["rows"]:
        for side, name in (("ours", "本程序"), ("reference", "对照　")):
            if side in row:
                measured = row[side]
                lines.append(
                    f"{row['passages']:>8}　{name}　{measured['cold_milliseconds']:>9}　{measured['p50_milliseconds']:>9}　{measured['p95_milliseconds']:>8}　{measured['cpu_milliseconds']:>9}　"
                    f"{measured['peak_megabytes'] or '不明':>9}　{measured['recall_of_nearest']:>10.1%}"
                )
        if "ratio_p50" in row:
            lines.append(
                f"　　　　　对照÷本程序：中位 {row['ratio_p50']} 倍，95% {row['ratio_p95']} 倍，处理器时间 {row['ratio_cpu']} 倍"
            )
    lines.append(f"10 万段以内 95% 不超过 {found['goal_p95_milliseconds']:g} 毫秒：{_verdict(found['goal_p95_met'])}。")
    if found["goal_ratio_met"] is not None:
        lines.append(f"快 {found['goal_ratio']:g} 倍且找得不少：{_verdict(found['goal_ratio_met'])}。")
    if found["growth_p50"] is not None:
        lines.append(
            f"最大规模÷最小规模 {found['growth_p50']}，目标 {found['goal_growth']:g} 以内：{_verdict(found['goal_growth_met'])}。"
        )
    return data, lines


def _papers(pages: int | None) -> Shown:
    from review.bench_papers import bench_papers

    data = bench_papers(say=_say).to_json()
    row = data["papers"]
    line = (
        f"{row['districts']} 个区县的文书与年度报告（{row['papers']} 份 Word）：读记录 {row['read_seconds']} 秒，写文书 {row['write_seconds']} 秒，"
        f"写年度报告 {row['report_seconds']} 秒，合计 {row['seconds']} 秒（处理器时间 {row['cpu_seconds']} 秒）；目标 {row['goal_seconds']:g} 秒以内：{_verdict(row['goal_met'])}。"
    )
    return data, [line]


def _ask(pages: int | None) -> Shown:
    from review.bench_ask import bench_ask

    data = bench_ask(say=_say).to_json()
    row = data["ask"]
    lines = [
        f"提问（{row['districts']} 个区县 {row['passages']} 段，{row['questions']} 问）：冷启动 {row['cold_milliseconds']} 毫秒，目标 {row['goal_cold_milliseconds']:g}：{_verdict(row['goal_cold_met'])}；"
        f"热 中位 {row['warm_p50_milliseconds']}、95% {row['warm_p95_milliseconds']} 毫秒（处理器时间 {row['warm_p95_cpu_milliseconds']}），目标 {row['goal_warm_p95_milliseconds']:g}：{_verdict(row['goal_warm_p95_met'])}。",
        f"语言模型每秒 {row['tokens_per_second']:g} 个词元：95% 在 {row['first_words_p95_milliseconds']} 毫秒内出现第一个词，目标 {row['goal_first_words_milliseconds']:g}：{_verdict(row['goal_first_words_met'])}；"
        f"整个回答核对完 {row['whole_answer_milliseconds']} 毫秒。",
        "最慢的：" + "、".join(f"{question}（{spent} 毫秒，处理器 {cpu}）" for question, spent, cpu in row["slowest"]),
    ]
    return data, lines


_RUN: dict[str, Callable[[int | None], Shown]] = {
    "scoring": _scoring,
    "reading": _reading,
    "ocr": _ocr,
    "memory": _memory,
    "embedding": _embedding,
    "papers": _papers,
    "ask": _ask,
}
