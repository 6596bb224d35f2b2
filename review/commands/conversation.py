"""Asking, and the conversations that questions are kept in."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from review.commands.base import State, as_json, of_district, print_json
from review.commands.evidence import cited

if TYPE_CHECKING:
    from retrieval.answer import Answer
    from review.composition import Composition
    from review.language_model import LanguageModel

NEW = "new"
VERDICTS = ("right", "wrong", "missing")


@click.command("ask", help="提问：得到材料中的原句和出处；关于方案本身的问题由方案回答；没有就说未找到。")
@click.argument("question", metavar="TEXT")
@of_district(required=False)
@click.option(
    "--model/--no-model",
    "with_model",
    default=None,
    help="是否请本单位的语言模型把检索到的原句改写成回答（每句都核对引文）；默认：设置了就用。",
)
@click.option(
    "--conversation",
    "number",
    metavar="编号",
    help="接着这次对话问（可以说“那去年呢？”）；写 new 另开一次。不写则不留记录。",
)
@as_json
@click.pass_obj
def ask(
    state: State, question: str, district: str | None, cycle: int | None, with_model: bool | None, number: str | None, json_: bool
) -> None:  # fmt: skip
    """Answer a question with citations."""
    from review.composition import ask_composed

    model = chosen_model(state, with_model)
    kept: dict[str, int] = {}
    if number is None:
        found = ask_composed(state.workspace, question, model, district=district, cycle=cycle)
    else:
        from review.conversations import ask_in_conversation

        going_on = None if number == NEW else _number(number)
        conversation_number, turn = ask_in_conversation(
            state.workspace, question, model, number=going_on, district=district, cycle=cycle
        )
        found, kept = turn.found, {"conversation": conversation_number, "turn": turn.number}
    if json_:
        print_json((found.to_json() if found.model or found.notice else found.answer.to_json()) | kept)
        return
    _print(found)
    if kept:
        click.echo(f"（对话 {kept['conversation']} 第 {kept['turn']} 问）")


def chosen_model(state: State, wanted: bool | None) -> LanguageModel | None:
    """The model to be used. Raises ModelError when one is asked for and none is set."""
    settings = state.settings.language_model
    if wanted is False or (wanted is None and settings is None):
        return None
    from review.errors import ModelError
    from review.language_model import LanguageModel

    if settings is None:
        raise ModelError("没有设置 EDUREVIEW_LLM_BASE_URL 和 EDUREVIEW_LLM_MODEL", retryable=False)
    return LanguageModel(settings)


def _number(text: str) -> int:
    if not text.isdecimal():
        raise click.BadParameter("要写对话的编号或 new", param_hint="--conversation")
    return int(text)


def _print(found: Composition) -> None:
    if found.notice:
        click.echo(found.notice)
    _print_answer(found.answer, found.whys)
    if found.extractive is not found.answer:
        click.echo("摘录的原句：")
        _print_answer(found.extractive, ())


def _print_answer(answer: Answer, whys: tuple[str, ...]) -> None:
    for place, sentence in enumerate(answer.sentences):
        why = whys[place] if place < len(whys) else ""
        mark = "" if sentence.supported else f"【无依据{f'：{why}' if why else ''}】"
        click.echo(f"{mark}{' '.join(sentence.sentence.split())}")
        for citation in sentence.citations:
            click.echo(f"    —— {cited(citation)}")
    if answer.table:
        for cells in (answer.table.header, *(row.cells for row in answer.table.rows)):
            click.echo("　".join(cells))
    for note in answer.notes:
        click.echo(f"请注意：{note}")
    if answer.choices:
        click.echo(answer.searched)
        for number, choice in enumerate(answer.choices, 1):
            click.echo(f"  {number}. {choice}")
        return
    click.echo(answer.searched if answer.found else f"未找到。{answer.searched}")


@click.group("conversation", help="自己的对话：列出、查看、导出，评议回答；市督导办可取走评议作评测数据。")
def conversation() -> None:
    """The group."""


@conversation.command("list", help="自己的对话，最近的在前。")
@of_district(required=False)
@as_json
@click.pass_obj
def list_(state: State, district: str | None, cycle: int | None, json_: bool) -> None:
    """List the conversations of who asks."""
    from review.conversations import conversations

    found = conversations(state.workspace, district=district, cycle=cycle)
    if json_:
        print_json([heading.to_json() for heading in found])
        return
    for heading in found:
        where = f"{heading.district} {heading.cycle}" if heading.district else "全部区县"
        click.echo(
            f"{heading.number}　{heading.asked_at[:16].replace('T', ' ')}　{where}　{heading.turns} 问　{heading.title}"
        )
    click.echo(f"共 {len(found)} 次对话。")


@conversation.command("show", help="一次对话的问题、回答和出处；引文重新核对过。")
@click.argument("number", metavar="编号", type=int)
@as_json
@click.pass_obj
def show(state: State, number: int, json_: bool) -> None:
    """Print a conversation."""
    from review.conversations import conversation as read

    talk = read(state.workspace, number)
    if json_:
        print_json(talk.to_json())
        return
    for turn in talk.turns:
        click.echo(f"问 {turn.number}：{turn.question}")
        _print(turn.found)
        if turn.gone:
            click.echo(f"有 {turn.gone} 处出处的原文在提问之后变了或不在库中。")


@conversation.command("export", help="把一次对话连同出处存成 Word（.docx）或 JSON 文件。")
@click.argument("number", metavar="编号", type=int)
@click.option("-o", "--output", required=True, type=click.Path(dir_okay=False, path_type=Path), help="文件名")
@click.pass_obj
def export(state: State, number: int, output: Path) -> None:
    """Write a conversation to a file."""
    from review.conversation_export import conversation_docx
    from review.conversations import conversation as read

    talk = read(state.workspace, number)
    if output.suffix.lower() == ".json":
        output.write_text(json.dumps(talk.to_json(), ensure_ascii=False, indent=2), encoding="utf-8")
    else:
        output.write_bytes(conversation_docx(talk))
    click.echo(f"已保存《{output.name}》。")


@conversation.command(
    "judge", help="评议一次回答：引用正确（right）、引用不对（wrong）、漏了材料（missing，用 --note 写明哪一份）。"
)
@click.argument("number", metavar="编号", type=int)
@click.argument("turn", metavar="第几问", type=int)
@click.argument("verdict", type=click.Choice(VERDICTS))
@click.option("--sentence", type=click.IntRange(1), help="第几句，从 1 数起")
@click.option("--citation", type=click.IntRange(1), help="该句的第几处出处，从 1 数起")
@click.option("--note", default="", help="说明")
@click.pass_obj
def judge(
    state: State, number: int, turn: int, verdict: str, sentence: int | None, citation: int | None, note: str
) -> None:
    """Keep what the person says of an answer."""
    from review.judgements import VERDICT_WORDS, judge_answer

    done = judge_answer(
        state.workspace, number, turn, verdict, note=note,
        sentence=None if sentence is None else sentence - 1, citation=None if citation is None else citation - 1,
    )  # fmt: skip
    click.echo(f"已记下：{VERDICT_WORDS[done.verdict]}。")


@conversation.command("judgements", help="全部评议（每行一个 JSON），作评测数据用；只有市督导办能取。")
@click.option("--cycle", type=int, help="只要这个评价年度的")
@click.option("-o", "--output", type=click.Path(dir_okay=False, path_type=Path), help="文件名；默认打印")
@click.pass_obj
def judgements(state: State, cycle: int | None, output: Path | None) -> None:
    """Hand out the judgements as evaluation data."""
    from review.judgements import judgements as read

    lines = [json.dumps(one, ensure_ascii=False) for one in read(state.workspace, cycle)]
    if output is None:
        click.echo("\n".join(lines), nl=bool(lines))
        return
    output.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    click.echo(f"已保存 {len(lines)} 条评议。")
