"""Training of the mapping from passages to items."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import click

from review.commands.base import State, as_json, print_json

_FIGURES = {
    "item_top1": "要点首位正确", "item_top3": "要点在前三", "calibration_error": "把握的误差",
    "none_precision": "“无对应”查准", "none_recall": "“无对应”查全",
}  # fmt: skip


@click.command(
    "map-train",
    help="用人的判断重新训练段落对应：已确认、已否定的对应关系，另可加一个标注文件。只改变以后的建议，不改变任何得分。",
)
@click.option(
    "--passages",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help='标注的段落，每行 {"id","text","items":["B5-5"]}，没有对应的写 []；同一份材料的 id 写成 材料#段。',
)
@click.option("--dry-run", is_flag=True, help="只看交叉验证的结果，不保存。")
@click.option("--reset", is_flag=True, help="删去训练结果，回到自带的模型。")
@as_json
@click.pass_obj
def map_train(state: State, passages: Path | None, dry_run: bool, reset: bool, json_: bool) -> None:
    """Train, show what it brings, keep."""
    from review.mapping_decisions import forget_training, read_decided, train_mapping

    workspace = state.workspace
    if reset:
        if passages or dry_run:
            raise click.UsageError("--reset 不和别的选项一起用")
        click.echo("已回到自带的模型。" if forget_training(workspace) else "本来就用自带的模型。")
        return
    labelled = read_decided(passages, workspace.scheme) if passages else []
    result = train_mapping(workspace, labelled, keep=not dry_run)
    if json_:
        print_json(result.to_json())
        return
    click.echo(
        f"人的判断 {result.from_record} 段，标注文件 {result.from_file} 段，去掉重复后 {result.trained.decided} 段。"
    )
    for line in _lines(result.trained.before, result.trained.after):
        click.echo(line)
    if not result.trained.decided:
        click.echo("还没有人的判断，模型与自带的相同。请先确认或否定一些对应关系。")
    click.echo("没有保存。" if dry_run else "已保存，以后的建议用这个模型；已有材料的建议在下次逐项检查时更新。")


def _lines(before: Mapping[str, float], after: Mapping[str, float]) -> list[str]:
    shown = [name for name in _FIGURES if name in before and name in after]
    if not shown:
        return []
    heading = f"交叉验证（按材料分 5 份，{int(after['n'])} 段有对应，{int(after['n_none'])} 段无对应）：训练前 → 训练后"
    return [heading, *(f"  {_FIGURES[name]}　{before[name]:.3f} → {after[name]:.3f}" for name in shown)]
