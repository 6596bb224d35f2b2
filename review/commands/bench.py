"""`edureview bench`: what the rules cost on this machine."""

from __future__ import annotations

import click

from review.commands.base import as_json, print_json


@click.command("bench", help="测速：10、1,000、10,000 个虚构区县在一个进程内计分并排名的时间与内存。")
@as_json
def bench(json_: bool) -> None:
    """Measure scoring and ranking."""
    from review.bench import bench as measure

    measured = measure(say=lambda line: click.echo(line, err=True))
    if json_:
        print_json(measured.to_json())
        return
    click.echo("区县数　　计分(秒)　排名(秒)　每区县处理器时间(毫秒)　内存峰值(MB)")
    for row in measured.rows:
        click.echo(
            f"{row.districts:>6}　{row.score_seconds:>9.3f}　{row.rank_seconds:>8.4f}　{row.per_district:>11.3f}　{row.peak_bytes / 1e6:>11.1f}"
        )
    printed = measured.to_json()
    verdict = "达到" if printed["goal_met"] else "未达到"
    click.echo(f"每区县耗时：最大规模÷最小规模 = {measured.ratio:.2f}；目标 1 毫秒以内：{verdict}。")
