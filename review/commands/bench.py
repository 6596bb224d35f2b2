"""`edureview bench`: what each stage costs on this machine, and beside the pipeline that tutorials build."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import click

from review.commands.base import as_json, print_json

STAGES = ("scoring", "reading", "ocr", "memory")
Shown = tuple[dict[str, Any], list[str]]


def _say(line: str) -> None:
    click.echo(line, err=True)


@click.command(
    "bench",
    help="测速：scoring 计分排名；reading 有文字层的 PDF 从文件到索引，与 LangChain 对照流程比；ocr 扫描件识别，与逐页循环比；memory 导入 1,000 页 PDF 的内存。",
)
@click.option("--stage", "stages", type=click.Choice(STAGES), multiple=True, help="测哪个阶段，可给多个；默认 scoring")
@click.option(
    "--against",
    type=click.Choice(["langchain"]),
    help="与对照流程并排测 reading 与 ocr（需要 pip install 'edureview[bench]'）",
)
@click.option("--pages", type=click.IntRange(2, 5000), help="reading 每份、ocr 与 memory 共多少页；默认 20、8、1,000")
@as_json
def bench(stages: tuple[str, ...], against: str | None, pages: int | None, json_: bool) -> None:
    """Measure the stages asked for, one after the other."""
    chosen = stages or (("reading", "ocr") if against else ("scoring",))
    printed: dict[str, Any] = {}
    for stage in chosen:
        data, lines = _RUN[stage](pages)
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


_RUN: dict[str, Callable[[int | None], Shown]] = {
    "scoring": _scoring,
    "reading": _reading,
    "ocr": _ocr,
    "memory": _memory,
}
