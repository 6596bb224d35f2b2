"""One question, one answer: from the scheme, or from the evidence, or handed on to whoever keeps the record."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from retrieval.answer import Answer
from retrieval.evidence_answer import answer_evidence
from retrieval.index import EvidenceIndex
from retrieval.indicator_answer import answer_indicator
from retrieval.metrics import load_metrics
from retrieval.question import Question, parse_question
from scoring_rules.catalogue import Catalogue
from scoring_rules.scheme import Scheme

_NOT_HERE = {
    "missing": "材料是否齐全由完整性检查回答（每个评价要点逐份核对），不由检索回答。",
    "ledger": "得分、可信度、等级和名次由计分账本回答，不由检索回答。",
}


def ask(
    index: EvidenceIndex | None,
    scheme: Scheme,
    catalogue: Catalogue,
    asked: str | Question,
    *,
    district: str | None,
    cycle: int | None,
    only: Sequence[str] = (),
) -> Answer:
    """The answer to a question about the scheme or about the evidence of one district and cycle (None = all).

    Questions of the kinds missing and ledger come back with found False and no sentences: the caller answers them from the record;
    only what a district reports of itself (自评得分, 申请加分) is shown from its papers.
    only : kinds of documents, or words of their names, to which the evidence is kept; () = all.
    asked : what was typed, or how the caller has understood it.
    index : None when nothing was ingested yet; the scheme can still be asked.
    """
    question = asked if isinstance(asked, Question) else parse_question(asked, scheme, catalogue, district=district)
    if question.kind == "indicator":
        answer = answer_indicator(question, scheme, catalogue)
        if answer.found:
            return replace(answer, about=question.about)
    # 自评得分 and 申请加分 stand in the district's own report; every other number of points comes from the ledger alone.
    reported = question.kind == "ledger" and question.claims and "扣" not in question.text
    if question.kind in _NOT_HERE and not reported:
        return Answer(question.kind, False, (), _NOT_HERE[question.kind], about=question.about)
    if index is None:
        nothing = "还没有读入任何材料。请先用 `edureview ingest` 读入区县材料。"
        return Answer(question.kind, False, (), nothing, about=question.about)
    answer = answer_evidence(
        index, scheme, catalogue, load_metrics(), question, district=district, cycle=cycle, only=only
    )
    if answer.found and answer.kind == "unknown":
        # Nothing in the question spoke of education, and yet the evidence speaks of it.
        return replace(answer, kind="evidence", about="figure" if question.wants_figure else "evidence")
    return replace(answer, about=question.about)
