"""The assistant on the questions of three kinds of people: `edureview eval assistant`. Definitions are in README.md."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from sqlalchemy import select

import corpus
from eval_sets.assistant.judging import AnyCitation, Marks, Stored, judge
from eval_sets.assistant.questions import (
    HALVES,
    LOOKED_AT,
    NO_MATERIAL,
    Asked,
    build_record,
    questions,
    second_district,
)
from ingest.tables import Document, Page
from retrieval.answer import Answer
from retrieval.cite import Citation
from review.assistant import ask
from review.demo import CYCLE, DISTRICT
from review.errors import ReviewError
from review.workspace import Settings, Workspace

AROUND = 200
_told: list[str] = []


@dataclass(frozen=True, slots=True)
class Result:
    """A question, what came of it, and whether a district without material gets the same refusal (None = not tried)."""

    asked: Asked
    marks: Marks
    same: bool | None


def measure() -> dict[str, float]:
    """The figures of every half on a record made anew."""
    _told.clear()
    figures: dict[str, float] = {}
    with fresh_workspace() as workspace:
        for half in HALVES:
            results = measure_half(workspace, half)
            figures |= {f"{half}_{name}": value for name, value in summary(results).items()}
            if half in LOOKED_AT:
                _told.extend(
                    f"{r.asked.id} {r.asked.question}：{'；'.join(r.marks.problems)}"
                    for r in results
                    if r.marks.problems
                )
    return figures


def details() -> list[str]:
    """What went wrong in the practice halves at the last `measure`; the held-out halves are not told one by one."""
    return list(_told)


@contextmanager
def fresh_workspace() -> Iterator[Workspace]:
    """A record of its own, thrown away afterwards."""
    with tempfile.TemporaryDirectory(prefix="edureview-eval-", ignore_cleanup_errors=True) as folder:
        workspace = Workspace(Settings(Path(folder) / "home"))
        try:
            build_record(workspace, Path(folder))
            yield workspace
        finally:
            workspace.store.engine.dispose()


def measure_half(workspace: Workspace, half: str, only: Callable[[Asked], bool] = lambda asked: True) -> list[Result]:
    """Every question of a half (or those that `only` keeps) asked and judged."""
    files, stored = _files(workspace), stored_words(workspace)
    return [_result(workspace, asked, files, stored) for asked in questions(half) if only(asked)]


def _result(workspace: Workspace, asked: Asked, files: dict[str, set[str]], stored: Stored) -> Result:
    person = asked.person
    # Whatever is a file of his own district too gives nothing away.
    own = set().union(*(names for district, names in files.items() if person.sees(district)))
    foreign = sorted(set().union(*files.values()) - own)
    answer = answer_to(workspace, asked, asked.question)
    return Result(asked, judge(asked, answer, stored, foreign), _same_refusal(workspace, asked, answer))


def answer_to(workspace: Workspace, asked: Asked, text: str) -> Answer | str:
    """The answer, or the words of the refusal that was raised."""
    acting = workspace.acting_as(asked.person)
    try:
        return ask(acting, text, district=asked.district, cycle=CYCLE, earlier=asked.earlier)
    except ReviewError as error:
        return str(error)


def _same_refusal(workspace: Workspace, asked: Asked, answer: Answer | str) -> bool | None:
    """Whether nobody can tell from the refusal that the district named has material: asked once more of one that has none."""
    named = next(
        (n for n in (DISTRICT, second_district()["district"]) if n != asked.district and n in asked.question), None
    )
    if not asked.refuse or named is None:
        return None
    again = answer_to(workspace, asked, asked.question.replace(named, NO_MATERIAL))
    return _plain(answer).replace(named, NO_MATERIAL) == _plain(again)


def _plain(answer: Answer | str) -> str:
    return answer if isinstance(answer, str) else json.dumps(answer.to_json(), ensure_ascii=False)


def summary(results: Iterable[Result]) -> dict[str, float]:
    """The figures of README.md; shares of nothing are left out."""
    results = list(results)
    marks = [result.marks for result in results]
    shares = {
        "kind": [m.kind for m in marks], "about": [m.about for m in marks], "answered": [m.answered for m in marks],
        "figure": [m.figure for m in marks], "refusals": [m.refused for m in marks],
        "same_refusal": [result.same for result in results],
    }  # fmt: skip
    figures = {"n": float(len(marks)), "leaks": float(sum(m.leaked for m in marks))}
    for name, values in shares.items():
        judged = [value for value in values if value is not None]
        if judged:
            figures |= {name: sum(judged) / len(judged), f"n_{name}": float(len(judged))}
    cited, needed = sum(m.citations for m in marks), sum(m.sentences for m in marks)
    if cited:
        figures["citation_precision"] = sum(m.right_citations for m in marks) / cited
        figures["quotes_verified"] = sum(m.verified for m in marks) / cited
    if needed:
        figures["citation_recall"] = sum(m.founded for m in marks) / needed
    return figures | {
        "n_citations": float(cited), "n_sentences": float(needed), "uncited": float(sum(m.uncited for m in marks)),
    }  # fmt: skip


def _files(workspace: Workspace) -> dict[str, set[str]]:
    """District → names of its files."""
    found: dict[str, set[str]] = {}
    with workspace.store.session() as session:
        for district, file in session.execute(select(Document.district, Document.file)):
            found.setdefault(district, set()).add(file)
    return found


def stored_words(workspace: Workspace) -> Stored:
    """Looks up what stands where a citation says, in the stored pages and in the data files of corpus/."""
    root = Path(corpus.__file__ or "").parent
    data = [path.read_bytes() for path in sorted(root.glob("schemes/*/*")) + sorted(root.glob("[!d]*/*.yaml"))]
    texts = {sha256(one).hexdigest(): one.decode("utf-8") for one in data}

    pages: dict[tuple[str, int, int], str | None] = {}

    def text_of(citation: AnyCitation) -> str | None:
        if not isinstance(citation, Citation):
            return texts.get(citation.document)
        place = citation.document, citation.document_id, citation.page
        if place not in pages:
            query = select(Page.text).join(Page.document)
            query = query.where(Document.sha256 == place[0], Document.id == place[1], Page.number == place[2])
            with workspace.store.session() as session:
                pages[place] = session.scalar(query)
        return pages[place]

    def words(citation: AnyCitation) -> tuple[str, str] | None:
        text = text_of(citation)
        if text is None:
            return None
        start, end = citation.start, citation.end
        return text[start:end], text[max(0, start - AROUND) : end + AROUND]

    return words
