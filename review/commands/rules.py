"""Commands that need no database: the scheme, one case, the ranking of several."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from review.commands.base import State, as_json, print_json
from scoring_rules.case import Case, load_case_file
from scoring_rules.scheme import Scheme
from scoring_rules.scheme_loader import load_scheme

CASE_PATH = click.Path(exists=False, dir_okay=False, path_type=Path)


@click.command("scheme", help="整个方案：一级指标、二级指标与分值、评价要点原文、等级、附件 1。")
@click.option("--year", default="2019", show_default=True, help="方案的年份。")
@as_json
def scheme(year: str, json_: bool) -> None:
    """Print the scheme."""
    from review.scheme_json import scheme_json

    loaded = load_scheme(year)
    if json_:
        print_json(scheme_json(loaded))
    else:
        _print_scheme(loaded)


def _print_scheme(loaded: Scheme) -> None:
    from scoring_rules.rounding import exact_text

    click.echo(f"{loaded.title}（{loaded.document_number}）")
    click.echo(
        f"二级指标 {len(loaded.criteria)} 个，评价要点 {len(loaded.items)} 个，满分 {exact_text(loaded.full_points)} 分，加分不超过 {exact_text(loaded.bonus_cap)} 分。"
    )
    for indicator in loaded.indicators:
        click.echo(
            f"\n{indicator.id} {indicator.name}"
            + (f"（{exact_text(indicator.points)} 分）" if indicator.points else "")
        )
        for criterion in indicator.criteria:
            limit = "加分，不超过 " if criterion.is_bonus else ""
            click.echo(f"  {criterion.id} {criterion.name}（{limit}{exact_text(criterion.points)} 分）")
            for item in criterion.items:
                click.echo(f"    {item.id} {item.text}")
    click.echo("\n等级：" + "；".join(f"{grade.name}——{grade.text}" for grade in loaded.grades))
    click.echo("\n附件 1　评价结果降低等级的情形：")
    for condition in loaded.conditions:
        click.echo(f"  {condition.id}. {condition.text}")


@click.command("score", help="按规则计算一份案卷（CASE.yaml）的得分与等级，不需要数据库。")
@click.argument("case_file", metavar="CASE.yaml", type=CASE_PATH)
@click.option("--record", is_flag=True, help="同时把案卷记入该区县，并按已登记的决定（term、parameter）计算。")
@as_json
@click.pass_obj
def score(state: State, case_file: Path, record: bool, json_: bool) -> None:
    """Score one case file."""
    from scoring_rules.item_display import shown_points
    from scoring_rules.rounding import exact_text
    from scoring_rules.scoring import score_case
    from scoring_rules.sensitivity import sensitivity

    parameters = None
    if record:
        from review.acts import office_rules
        from review.cases import record_case
        from scoring_rules.case import read_case_text

        case = record_case(state.workspace, read_case_text(case_file), case_file.name)
        parameters = office_rules(state.workspace, case.cycle, case.scheme).parameters
    else:
        case = load_case_file(case_file)
    used = load_scheme(case.scheme)
    result = score_case(used, case, parameters)
    changes = sensitivity(used, case, parameters)
    if json_:
        rows = [row.to_json() for row in shown_points(used, case, result)]
        print_json({**result.to_json(), "shown_points": rows, "what_would_change": changes.to_json()})
        return
    printed = result.to_json()
    click.echo(f"{printed['district']}　{case.cycle} 年度")
    click.echo(
        f"自评得分 {printed['self_points']}　自评可信度 {printed['credibility'] or '待抽样核查'}　{'已按可信度调整' if printed['adjusted'] else '未调整'}"
    )
    click.echo(
        f"基础分 {printed['base_points'] or '待定'}　加分 {printed['bonus_points'] or '待定'}　总分 {printed['total_points'] or '待定'}"
    )
    if printed["total_points"] is None:
        click.echo("总分暂估区间 {} 至 {}".format(*printed["total_interval"]))
    click.echo(f"得分等级 {printed['points_grade'] or '待定'}　认定等级 {printed['grade']}")
    for sentence in printed["open"]:
        click.echo(f"未决：{sentence}")
    for sentence in printed["notes"]:
        click.echo(f"提示：{sentence}")
    for row in shown_points(used, case, result):
        if row.verified is not None:
            ratio = "" if row.ratio is None else f"　核查÷自评 {float(row.ratio):.3f}"
            click.echo(f"抽样核查：{row.id} 自评 {exact_text(row.self_points)}　核查 {exact_text(row.verified)}{ratio}")
    for sentence in changes.sentences():
        click.echo(f"什么会改变等级：{sentence}")
    click.echo("\n评分依据：")
    for number, step in enumerate(printed["ledger"], 1):
        click.echo(f"  {number:>2}. {shown(step['result'])}\n      [{step['rule']}] {step['basis']}")
    click.echo(f"\n台账 SHA-256：{printed['sha256']}")


def shown(result: Any) -> str:
    """The result of a ledger step on one line: both ends of an interval, a parameter with its source."""
    if result is None:
        return "未定"
    if isinstance(result, list):
        return " 至 ".join(dict.fromkeys(shown(part) for part in result)) or "无"
    if isinstance(result, dict):
        if {"title", "value", "rulings"} <= result.keys():
            value = result["alternatives"].get(result["value"], result["value"]) or "未定"
            return f"{result['title']}——{value}（{'、'.join(result['rulings'])}）"
        if {"title", "value", "reference"} <= result.keys():
            return f"{result['title']} {result['value']}（{result['reference']}）"
        return "；".join(
            shown(part) if isinstance(part, dict) else f"{key} {shown(part)}" for key, part in result.items()
        )
    return str(result)


@click.command("rank", help="几份案卷的排名：按公布的总分，同分同名次、跳号；降级只改等级，不改名次。")
@click.argument("case_files", metavar="CASE.yaml...", nargs=-1, required=True, type=CASE_PATH)
@as_json
def rank(case_files: tuple[Path, ...], json_: bool) -> None:
    """Rank several case files."""
    from review.scoring_run import score_all
    from scoring_rules.ranking import rank as rank_results

    cases: list[Case] = load_all(case_files)
    rows = rank_results(score_all(cases))
    if json_:
        print_json([row.to_json() for row in rows])
        return
    click.echo("名次  区县  总分  得分等级  认定等级  备注")
    for row in rows:
        shown = row.to_json()
        click.echo(
            f"{shown['rank'] or '—':>3}   {shown['district']}  {shown['total_points'] or '待定'}  {shown['points_grade'] or '待定'}  {shown['grade']}  {shown['note']}"
        )


def load_all(case_files: tuple[Path, ...]) -> list[Case]:
    """The cases; the faults of all files are told together."""
    from scoring_rules.case_errors import CaseError

    cases, faults = [], []
    for path in case_files:
        try:
            cases.append(load_case_file(path))
        except CaseError as error:
            faults.append(error)
    if faults:
        raise CaseError.joined(faults) if len(faults) > 1 else faults[0]
    return cases
