"""Commands of a district: the scoring sheet, its self points, the check before handing in, handing in; and reopening by the office."""

from __future__ import annotations

from pathlib import Path

import click

from review.commands.base import State, as_json, of_district, print_json
from review.commands.cycle import by_whom, year_meant

LEFT_ASIDE = 3  # exit code when something of a file was not taken over, like `ingest`


@click.group("template", help="可下载填写的模板。")
def template() -> None:
    """The group of templates."""


@template.command("self-points", help="《自评得分表》：每个指标和要点一行，只有得分和说明可填；已存的自评分一并填入。")
@of_district(required=True)
@click.option("-o", "output", required=True, type=click.Path(dir_okay=False, path_type=Path), help="写到哪里，如 自评得分表.xlsx。")  # fmt: skip
@click.pass_obj
def self_points_template(state: State, district: str, cycle: int | None, output: Path) -> None:
    """Write the scoring sheet."""
    from review.self_template import write_template

    year = year_meant(state, district, cycle)
    write_template(state.workspace, district, year, output)
    click.echo(f"已写入 {output}（{district} {year} 年度）。")


@click.group("self-points", help="自评得分：查看、填写、从《自评得分表》或自评报告导入、历次版本。")
def self_points() -> None:
    """The group of self points."""


@self_points.command("show", help="现在的自评得分；--version 看以前的一版。")
@of_district(required=True)
@click.option("--version", type=int, help="第几版。")
@as_json
@click.pass_obj
def show(state: State, district: str, cycle: int | None, version: int | None, json_: bool) -> None:
    """Show the sheet."""
    from review.self_points import sheet
    from scoring_rules.rounding import exact_text

    found = sheet(state.workspace, district, year_meant(state, district, cycle), version=version)
    if json_:
        print_json(found.to_json())
        return
    for key, entry in found.entries.items():
        click.echo(f"{key}　{entry.words}　{entry.reason}".rstrip())
    source = f"，来自《{found.source}》" if found.source else ""
    told = f"第 {found.version} 版（{found.by}，{found.saved_at[:16].replace('T', ' ')} UTC{source}）" if found.version else "还没有填写"  # fmt: skip
    click.echo(
        f"{district} {found.cycle} 年度自评得分{told}，合计 {exact_text(found.total(state.workspace.scheme))} 分（不含加分）。"
    )


@self_points.command("set", help="填写一项：B5 38.5；写“不适用”要有 --reason；写 - 删去。")
@click.argument("entry", metavar="ID")
@click.argument("points", metavar="POINTS")
@of_district(required=True)
@click.option("--reason", default="", help="得失分说明。")
@click.option("--base", type=int, help="您看到的是第几版；写了就查有没有别人改过同一项。")
@by_whom
@click.pass_obj
def set_(
    state: State, entry: str, points: str, district: str, cycle: int | None, reason: str, base: int | None, by: str
) -> None:
    """Enter the points of one criterion or item."""
    from review.self_points import read_entry, save_points, sheet

    workspace, year, key = state.workspace, year_meant(state, district, cycle), entry.strip().upper()
    seen = sheet(workspace, district, year).version if base is None else base
    value = None if points == "-" else read_entry(key, points, reason, workspace.scheme)
    saved = save_points(workspace, district, year, {key: value}, base=seen, by=by)
    click.echo(
        f"已保存 {district} {year} 年度自评得分第 {saved.version} 版：{key} {'删去' if value is None else value.words}。"
    )


@self_points.command(
    "import", help="从《自评得分表》（XLSX）或自评报告（DOCX）导入；与已有不同的列出并保留原值，--replace 才代替；看不懂的列出。有未采用的内容时退出码为 3。"
)  # fmt: skip
@click.argument("file", type=click.Path(path_type=Path))
@of_district(required=True)
@click.option("--replace", is_flag=True, help="与已有不同的用文件里的代替（原值留在以前的版本里）。")
@click.option("--dry-run", is_flag=True, help="只列出会怎样，不保存。")
@by_whom
@as_json
@click.pass_obj
def import_(
    state: State, file: Path, district: str, cycle: int | None, replace: bool, dry_run: bool, by: str, json_: bool
) -> int:
    """Import self points."""
    from review.self_import import import_points

    year = year_meant(state, district, cycle)
    done = import_points(state.workspace, district, year, file, by, replace=replace, dry=dry_run)
    code = 0 if done.is_whole else LEFT_ASIDE
    if json_:
        print_json(done.to_json())
        return code
    for one in done.unread:
        click.echo(f"没有采用　{one.place}　“{one.text}”　{one.why}")
    for conflict in done.conflicts:
        click.echo(f"{'已代替' if replace else '与已有的不同，保留原值'}　{conflict.sentence}")
    for note in done.notes:
        click.echo(f"提醒　{note}")
    verb = "将采用" if dry_run else "采用"
    click.echo(
        f"《{done.file}》：{verb} {len(done.taken)} 项，已有相同 {len(done.same)} 项，不同 {len(done.conflicts)} 个指标，"
        f"没有采用 {len(done.unread)} 处；现为第 {done.sheet.version} 版。"
    )
    return code


@self_points.command("history", help="历次保存的版本：谁、何时、来自哪个文件。")
@of_district(required=True)
@as_json
@click.pass_obj
def history(state: State, district: str, cycle: int | None, json_: bool) -> None:
    """List the versions."""
    from review.self_points import versions
    from scoring_rules.rounding import exact_text

    found = versions(state.workspace, district, year_meant(state, district, cycle))
    if json_:
        print_json([one.to_json() for one in found])
        return
    for one in found:
        source = f"　《{one.source}》" if one.source else ""
        total = exact_text(one.total(state.workspace.scheme))
        click.echo(
            f"第 {one.version} 版　{one.saved_at[:16].replace('T', ' ')}　{one.by}　{len(one.entries)} 项，合计 {total} 分{source}"
        )
    click.echo(f"共 {len(found)} 版。")


@click.group("submission", help="提交：现在的状态、提交前检查、提交（锁定并留下清单）、核对、重新开放。")
def submission() -> None:
    """The group of the submission."""


@submission.command("status", help="现在的状态、期限、历次提交与重新开放；--json 带提交清单。")
@of_district(required=True)
@as_json
@click.pass_obj
def status(state: State, district: str, cycle: int | None, json_: bool) -> None:
    """Show the state."""
    from review.submission import STATE_WORDS, submission_acts, submission_status

    year = year_meant(state, district, cycle)
    found = submission_status(state.workspace, district, year)
    if json_:
        print_json(found.to_json())
        return
    until = f"，提交期限 {found.deadline.isoformat()}" if found.deadline else ""
    click.echo(
        f"{district} {year} 年度：{STATE_WORDS[found.state]}；材料 {found.documents} 份，自评得分第 {found.sheet_version} 版{until}。"
    )
    for act in submission_acts(state.workspace, district, year):
        what = f"提交　清单 SHA-256 {act['sha256']}" if act["kind"] == "submit" else f"重新开放　{act['reason']}"
        click.echo(f"  {act['number']}. {act['at'][:16].replace('T', ' ')}　{act['by']}　{what}")


@submission.command("check", help="提交前检查：必须先解决的，和评审时会被问到的。有必须解决的时退出码为 1。")
@of_district(required=True)
@as_json
@click.pass_obj
def check(state: State, district: str, cycle: int | None, json_: bool) -> int:
    """Check before handing in."""
    from review.submission import check_submission

    year = year_meant(state, district, cycle)
    found = check_submission(state.workspace, district, year)
    if json_:
        print_json(found.to_json())
        return 1 if found.faults else 0
    click.echo(found.coverage)
    for fault in found.faults:
        click.echo(f"必须解决　{fault}")
    for warning in found.warnings:
        click.echo(f"提醒　{warning}")
    click.echo(
        "还不能提交。"
        if found.faults
        else f"可以提交：edureview submission submit --district {district} --cycle {year}"
    )
    return 1 if found.faults else 0


@submission.command("submit", help="提交：留下每份材料的 SHA-256、自评得分、方案和参数的清单，此后不能导入和更改。")
@of_district(required=True)
@by_whom
@as_json
@click.pass_obj
def submit_(state: State, district: str, cycle: int | None, by: str, json_: bool) -> None:
    """Hand in."""
    from review.submission import submit

    year = year_meant(state, district, cycle)
    done = submit(state.workspace, district, year, by)
    if json_:
        print_json(done.to_json())
        return
    manifest = done.manifest or {}
    late = "（逾期）" if manifest.get("late") else ""
    click.echo(
        f"{district} {year} 年度已提交{late}：材料 {len(manifest['documents'])} 份，{manifest['passages']} 段，"
        f"自评 {manifest['self_points']['total']} 分。清单 SHA-256 {done.last.sha256 if done.last else ''}"
    )
    for warning in manifest["warnings"]:
        click.echo(f"已记入清单的提醒　{warning}")


@submission.command(
    "verify", help="逐份核对：现在的材料、原件、自评得分、方案和参数与提交时是否一致。不一致时退出码为 1。"
)
@of_district(required=True)
@as_json
@click.pass_obj
def verify(state: State, district: str, cycle: int | None, json_: bool) -> int:
    """Compare with the manifest."""
    from review.submission import submission_changes

    found = submission_changes(state.workspace, district, year_meant(state, district, cycle))
    if json_:
        print_json([change.to_json() for change in found])
    else:
        for change in found:
            click.echo(change.sentence)
        click.echo(f"共 {len(found)} 处不一致。" if found else "与提交时一致。")
    return 1 if found else 0


@submission.command("reopen", help="市教育督导办重新开放一个区县的提交（登记理由；原来的清单保留）。")
@of_district(required=True)
@click.option("--reason", required=True, help="理由。")
@by_whom
@click.pass_obj
def reopen_(state: State, district: str, cycle: int | None, reason: str, by: str) -> None:
    """Open a submission again."""
    from review.submission import reopen

    year = year_meant(state, district, cycle)
    reopen(state.workspace, district, year, reason, by)
    click.echo(f"{district} {year} 年度已重新开放，可以补充和更改；改好后要再次提交。")


@submission.command("case", help="由提交的自评得分和上年整改复查生成案卷（YAML），核查分、加分、附件 1 留空。")
@of_district(required=True)
@click.option("-o", "output", type=click.Path(dir_okay=False, path_type=Path), help="写到哪里；不写则输出到屏幕。")
@click.pass_obj
def case(state: State, district: str, cycle: int | None, output: Path | None) -> None:
    """Write the case file."""
    from review.submission_case import case_text

    text = case_text(state.workspace, district, year_meant(state, district, cycle))
    if output is None:
        click.echo(text, nl=False)
        return
    output.write_text(text, encoding="utf-8")
    click.echo(f"已写入 {output}。")
