"""A conversation as a Word file: questions, answers sentence by sentence, and below each answer the sources with their exact words."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any

from docx import Document
from docx.oxml.ns import qn
from docx.shared import Pt, RGBColor

from retrieval.answer import Answer, SchemeCitation
from retrieval.cite import Citation
from review.conversation_state import Judged, Talk, Turn
from review.judgements import VERDICT_WORDS
from review.places import place

AnyCitation = Citation | SchemeCitation
_GREY, _RED = RGBColor(0x59, 0x59, 0x59), RGBColor(0xB0, 0x1E, 0x1E)


def conversation_docx(talk: Talk) -> bytes:
    """The DOCX file."""
    paper: Any = Document()
    style = paper.styles["Normal"]
    style.font.name, style.font.size = "宋体", Pt(11)
    style.element.rPr.rFonts.set(qn("w:eastAsia"), "宋体")
    heading = talk.heading
    paper.add_heading("问答记录", level=1)
    where = f"{heading.district} {heading.cycle} 年度" if heading.district else "全部区县"
    _line(paper, f"{where}　对话 {heading.number}　最后提问 {_time(heading.asked_at)}", _GREY)
    _line(paper, "引文均为导出时与库中原文逐字核对的结果。回答供查阅材料之用，不是得分、等级或认定。", _GREY)
    for turn in talk.turns:
        _turn(paper, turn)
    buffer = io.BytesIO()
    paper.save(buffer)
    return buffer.getvalue()


def _turn(paper: Any, turn: Turn) -> None:
    paper.add_heading(_storable(f"{turn.number}. {turn.question}"), level=2)
    _line(paper, _time(turn.asked_at), _GREY)
    numbers: list[AnyCitation] = []
    if turn.found.notice:
        _line(paper, turn.found.notice, _GREY)
    _answer(paper, turn.found.answer, numbers)
    if turn.found.extractive is not turn.found.answer:
        _line(paper, "摘录的原句：", _GREY)
        _answer(paper, turn.found.extractive, numbers)
    if turn.gone:
        _line(paper, f"有 {turn.gone} 处出处的原文在提问之后变了或不在库中，所在的句子已标为无依据。", _RED)
    if numbers:
        _line(paper, "出处：", _GREY)
    for number, citation in enumerate(numbers, 1):
        source = f"［{number}］《{citation.file}》{place(citation)}：“{' '.join(citation.quote.split())}”（文件 {citation.document[:12]}）"
        _line(paper, source, None, size=9.5)
    for judged in turn.judged:
        _line(paper, f"评议：{_judged(judged)}", _GREY)


def _answer(paper: Any, answer: Answer, numbers: list[AnyCitation]) -> None:
    if not answer.found:
        _line(paper, "未找到。" if not answer.choices else "问题有几种读法：")
    for choice in answer.choices:
        _line(paper, f"· {choice}")
    for sentence in answer.sentences:
        mark = "" if sentence.supported or not answer.found else "【无依据】"
        _line(paper, f"{mark}{' '.join(sentence.sentence.split())}{_marks(sentence.citations, numbers)}", _RED if mark else None)  # fmt: skip
    if answer.table:
        table = paper.add_table(rows=1, cols=len(answer.table.header), style="Table Grid")
        for cell, word in zip(table.rows[0].cells, answer.table.header, strict=True):
            cell.text = _storable(word)
        for row in answer.table.rows:
            cells = table.add_row().cells
            for cell, word in zip(cells, row.cells, strict=True):
                cell.text = _storable(word)
            cells[-1].text += _marks(row.citations, numbers)
    for note in answer.notes:
        _line(paper, f"请注意：{note}")
    if answer.searched:
        _line(paper, answer.searched, _GREY)


def _marks(citations: Sequence[AnyCitation], numbers: list[AnyCitation]) -> str:
    found = []
    for citation in citations:
        if citation not in numbers:
            numbers.append(citation)
        found.append(numbers.index(citation) + 1)
    return "".join(f"［{number}］" for number in dict.fromkeys(found))


def _judged(judged: Judged) -> str:
    where = "" if judged.sentence is None else f"第 {judged.sentence + 1} 句"
    where += "" if judged.citation is None else f"第 {judged.citation + 1} 处出处"
    parts = [where, VERDICT_WORDS[judged.verdict], judged.note, judged.by]
    return "　".join(part for part in parts if part)


def _time(iso: str) -> str:
    return f"{iso[:16].replace('T', ' ')}（UTC）"


def _line(paper: Any, text: str, colour: RGBColor | None = None, *, size: float | None = None) -> None:
    run = paper.add_paragraph().add_run(_storable(text))
    if colour is not None:
        run.font.color.rgb = colour
    if size is not None:
        run.font.size = Pt(size)


def _storable(text: str) -> str:
    """Without the control characters that XML cannot hold; they come from file names and recognised text."""
    return "".join(c for c in text if c >= " " or c == "\t")
