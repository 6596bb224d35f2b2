"""Commands that back up the whole record into one file and put it back."""

from __future__ import annotations

from pathlib import Path

import click

from review.commands.base import State, as_json, print_json

_FILE = click.argument("file", metavar="FILE", type=click.Path(dir_okay=False, path_type=Path))


@click.command(
    "backup",
    help="备份：数据库（别人正在使用也行）、原件、改写的句子、训练的对应模型、操作记录链头，写进一个 ZIP 文件，写完从头核对一遍。",
)
@_FILE
@as_json
@click.pass_obj
def backup(state: State, file: Path, json_: bool) -> None:
    """Make a backup."""
    from review.backup import make_backup
    from review.backup_file import sha256_of

    made = make_backup(state.workspace, file)
    sha256 = sha256_of(file)
    if json_:
        print_json(made.to_json() | {"sha256": sha256})
        return
    click.echo(
        f"已备份到 {file}：{len(made.files)} 个文件，材料 {made.rows['documents']} 份，操作记录 {made.head[0]} 步。"
    )
    for name in made.damaged:
        click.echo(f"原件已损坏（内容与散列不符）：{name[:16]}", err=True)
    click.echo(f"SHA-256：{sha256}")


@click.command(
    "restore",
    help="由备份恢复：先把备份从头核对，再放回；已有数据时拒绝，--replace 把现有的移到一边（不删除）。请先关闭程序。",
)
@_FILE
@click.option("--replace", is_flag=True, help="把现有的数据移到 before-restore-… 文件夹，再恢复。")
@click.option("--check", "only_check", is_flag=True, help="只核对备份是否完好，什么也不动。")
@click.option("--no-index", is_flag=True, help="暂不重建向量（以后用 edureview doctor）。")
@as_json
@click.pass_obj
def restore(state: State, file: Path, replace: bool, only_check: bool, no_index: bool, json_: bool) -> int:
    """Restore a backup."""
    from review.backup_file import check_backup
    from review.restore import restore_backup

    if only_check:
        manifest = check_backup(file)
        if json_:
            print_json(manifest.to_json())
        else:
            click.echo(
                f"备份完好：{manifest.made_at[:19]} 由{manifest.by}备份，{len(manifest.files)} 个文件，操作记录 {manifest.head[0]} 步。"
            )
        return 0
    done = restore_backup(
        state.workspace, file, replace=replace, index=not no_index, say=lambda line: click.echo(line, err=True)
    )
    if json_:
        aside = None if done.put_aside is None else str(done.put_aside)
        print_json(
            {
                "manifest": done.manifest.to_json(),
                "put_aside": aside,
                "indexed": done.indexed,
                "faults": list(done.faults),
            }
        )
    else:
        click.echo(
            f"已恢复：材料 {done.manifest.rows['documents']} 份，操作记录 {done.manifest.head[0]} 步，重建向量 {done.indexed} 段。所有登录已失效。"
        )
        if done.put_aside is not None:
            click.echo(f"原来的数据在 {done.put_aside}，确认无误后可以自行删除。")
        for fault in done.faults:
            click.echo(f"操作记录：{fault}")
    return 1 if done.faults else 0
