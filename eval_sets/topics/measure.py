"""Search and question answering on the demo evidence: `edureview eval topics`. The record is made anew from corpus/demo."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from pathlib import Path

from retrieval.embedder import load_embedder
from review.assistant import ask
from review.demo import load_demo
from review.evaluation_answers import JudgedQuestion, Judgement, answer_figures, ask_all, load_questions
from review.evaluation_record import JudgedRecord, judged_record
from review.evaluation_runs import Table, measure_run, table_of
from review.evaluation_systems import all_runs
from review.workspace import Settings, Workspace

TOPICS = Path(__file__).with_name("demo.yaml")
_told: list[str] = []


def measure() -> dict[str, float]:
    """All systems over the same passages (titles and headings included for all), the application's own search, and its answers."""
    district, cycle, questions = load_questions(TOPICS)
    _told.clear()
    with tempfile.TemporaryDirectory(prefix="edureview-eval-", ignore_cleanup_errors=True) as folder:
        workspace = Workspace(Settings(Path(folder)))
        try:
            load_demo(workspace, lambda line: None)
            with workspace.store.session() as session:
                record = judged_record(session, district, cycle, questions)
            judgements = ask_all(questions, lambda text: ask(workspace, text, district=district, cycle=cycle))
            application = _application(workspace, district, cycle, questions, record)
        finally:
            workspace.store.engine.dispose()
    table = compare_systems(questions, record)
    _told.extend([*table.lines(), *wrong_answers(halves(questions)["dev"], judgements)])
    return (
        table.figures()
        | {f"application.{name}": value for name, value in application.items()}
        | {
            f"{part}.{name}": value
            for part, some in halves(questions).items()
            for name, value in answer_figures(some, judgements).items()
        }
        | {"unplaced": float(len(record.unplaced))}
    )


def details() -> list[str]:
    """The table of systems, and the questions of the dev half that were not answered as judged, of the last `measure`."""
    return list(_told)


def halves(questions: Sequence[JudgedQuestion]) -> dict[str, list[JudgedQuestion]]:
    """Odd numbers may be looked at while answering is improved; of even ones only the figures are told."""
    odd = [question for question in questions if int(question.id[1:]) % 2]
    return {"dev": odd, "held_out": [question for question in questions if question not in odd]}


def compare_systems(questions: list[JudgedQuestion], record: JudgedRecord) -> Table:
    """The answerable questions asked of every system."""
    topics = {question.id: question.text for question in questions if question.found}
    runs, notes = all_runs(record.passages, topics, load_embedder())
    return table_of(runs, {topic: record.qrels[topic] for topic in topics}, len(record.passages), notes)


def _application(
    workspace: Workspace, district: str, cycle: int, questions: list[JudgedQuestion], record: JudgedRecord
) -> dict[str, float]:
    """The four measures of the search as the pages and the command line use it: in the record, filtered to the district."""
    found = {
        question.id: {
            record.keys[hit.passage_id]: hit.score
            for hit in workspace.index.search(question.text, district=district, cycle=cycle, k=100)
        }
        for question in questions
        if question.found
    }
    measured = measure_run("application", found, {topic: record.qrels[topic] for topic in found})
    return {name: measured.mean(name) for name in measured.topics}


def wrong_answers(questions: list[JudgedQuestion], judgements: dict[str, Judgement]) -> list[str]:
    """A line for each question that was not answered as judged."""
    told = []
    for question in questions:
        judgement = judgements[question.id]
        faults = [] if judgement.right_found else ["应答而未答" if question.found else "应说未找到而答了"]
        if judgement.found:
            faults += ["数不对"] if judgement.figure is False else []
            faults += ["出处不对"] if judgement.cited is False else []
        if faults:
            told.append(f"{question.id} {'、'.join(faults)}：{question.text}（{question.figure}）")
    return told
