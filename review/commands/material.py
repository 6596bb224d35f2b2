"""What a person has to look at in the material itself, and what was handed in twice."""

from __future__ import annotations

import click

from review.commands.base import State, as_json, of_district, print_json


@click.command(
    "findings",
    help="材料里需要人看的事：隐藏文字、合计不符、年度不符、重复使用等。市督导办可用 --all-districts 查跨区县的重复。",
)
@of_district(required=False)
@click.option("--all-districts", is_flag=True, help="在所有区县之间查重复（仅限市督导办使用）。")
@as_json
@click.pass_obj
def findings(state: State, district: str | None, cycle: int | None, all_districts: bool, json_: bool) -> None:
    """List findings of the material and groups of copies."""
    from review.copies import find_copies
    from review.material import material_findings

    workspace = state.workspace
    if district is None and not all_districts:
        raise click.UsageError("缺少 --district 或 --all-districts")
    if district is not None:
        district, cycle = workspace.locate(district, cycle)
        found = material_findings(workspace, district, cycle)
    else:
        found = []
    copies = find_copies(workspace, None if all_districts else district)
    if json_:
        print_json({"findings": [entry.to_json() for entry in found], "copies": [group.to_json() for group in copies]})
        return
    for entry in found:
        click.echo(f"{entry.kind}　{entry.file}　{entry.place}　{entry.sentence}")
    for group in copies:
        click.echo(f"重复　{group.sentence}")
    click.echo(f"共 {len(found)} 条，重复 {len(copies)} 组。")
