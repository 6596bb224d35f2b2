"""Answers from the evidence: the passages' own sentences, each an exact slice of a stored page with its place - or 未找到.

Three ways lead to a sentence: a fact of the metric asked for, a link to the item asked for, and search. Nothing is rephrased.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from ingest.tables import Document, EvidenceLink, Passage
from retrieval.answer import Answer, AnswerSentence, Stance
from retrieval.cite import cite, verify
from retrieval.claims import is_claim
from retrieval.conflicts import find_conflicts
from retrieval.demands import Demands, places_named
from retrieval.evidence_search import search_sentences
from retrieval.evidence_terms import evidence_terms
from retrieval.found_sentences import Found, answering_places, one_per_document, place_around
from retrieval.index import EvidenceIndex
from retrieval.item_words import grams
from retrieval.meant_documents import documents_meant
from retrieval.metrics import Metrics
from retrieval.question import Question
from retrieval.scopes import GROUPS, WHOLE_DISTRICT
from retrieval.searched import searched, within
from retrieval.sentences import is_row
from retrieval.stored_facts import StoredFact, stored_facts
from scoring_rules.catalogue import Catalogue
from scoring_rules.scheme import Scheme

LIMIT = 6
_FIRST: tuple[Stance, ...] = ("contradicts", "supports", "out_of_period", "mentions")
# Words beside a metric that ask nothing more of it, and how many characters do.
_BESIDE = re.compile(
    r"学前教育|义务教育|实际|目前|达到|到没到|已经|分别|年度?|比例|占比|不是|都|全|各|和|跟|与|的|是|\d+(?:\.\d+)?%?|\s"
)
_MORE_ASKED = 3
_EXTREME = re.compile(r"最(?P<least>低|少|差|小|短)|最(?:高|多|好|大|长)|垫底")
_LINK_CONFIDENCE = 0.35
_TOWN = ("街道", "镇", "乡")


def answer_evidence(
    index: EvidenceIndex, scheme: Scheme, catalogue: Catalogue, metrics: Metrics, question: Question, *, district: str | None,
    cycle: int | None, only: Sequence[str] = (),
) -> Answer:  # fmt: skip
    """The best sentences for the question; found False, with what was searched, when none fits.

    only : kinds of documents, or words of their names, to which the answer is kept; () = all.
    """
    with index.store.session() as session:
        asked = question.metrics or _metrics_of_items(question, metrics)
        kept = documents_meant(session, catalogue, only, district, cycle) if only else None
        facts = stored_facts(session, district=district, cycle=cycle, metrics=asked) if asked else []
        chosen = _kept(_from_facts(session, question, asked, facts), kept)
        # A figure that only the district's own assessment states still wants evidence.
        proven = any(not is_claim(one.passage.document.file) for one in chosen)
        if not question.subject:
            chosen = _merged(chosen, _kept(_from_links(session, scheme, catalogue, question, district, cycle), kept))
        elif not (proven and _all_asked(question, metrics)) and not (chosen and question.kind == "comparison"):
            terms = evidence_terms(session, scheme, catalogue, metrics, question, district, cycle)
            demands = Demands.of(question, terms)
            chosen = search_sentences(
                index, session, question, terms, demands, district, cycle, chosen, kept, most=LIMIT
            )
            chosen = _each_metric(session, question, asked, facts, chosen)
            if question.wants_material:
                links = _kept(_from_links(session, scheme, catalogue, question, district, cycle), kept)
                chosen = _merged(chosen, links)
        chosen = _grouped(chosen[:LIMIT]) if question.about == "evidence" else chosen[:LIMIT]
        sentences = _sentences(session, question, scheme, chosen)
        notes = _notes(question, facts, metrics) + _out_of_period(question, chosen)
        return Answer(question.kind, bool(sentences), sentences, searched(session, question, district, cycle), notes)


def _each_metric(
    session: Session, question: Question, asked: Sequence[str], facts: Sequence[StoredFact], chosen: Sequence[Found]
) -> list[Found]:
    """With a sentence of each of several metrics asked for near the front: 升学率、普职比各是多少 wants both."""
    found = list(chosen)
    for metric in asked if found and len(asked) > 1 else ():
        stating = _from_facts(session, question, asked, [fact for fact in facts if fact.metric == metric])
        places = {(one.passage.page_id, one.start) for one in stating}
        if stating and not any((one.passage.page_id, one.start) in places for one in found[: len(asked)]):
            found.insert(1, stating[0])
    return found


def _grouped(found: Sequence[Found]) -> list[Found]:
    """The sentences of a document together, documents in the order of their best."""
    order = list(dict.fromkeys(one.passage.document_id for one in found))
    return sorted(found, key=lambda one: order.index(one.passage.document_id))


def _metrics_of_items(question: Question, metrics: Metrics) -> tuple[str, ...]:
    """For a bare item (B5-5 达标了吗？) the metrics that belong to it."""
    return () if question.subject else tuple(m.id for m in metrics.by_id.values() if m.item in question.items)


def _all_asked(question: Question, metrics: Metrics) -> bool:
    """Whether the question asks for its metrics' figures and nothing else: then no search can add to what states them."""
    if question.wants_material or question.about != "figure":
        return False
    left = question.subject
    for mention in reversed(metrics.mentions(left)):
        left = left[: mention.start] + left[mention.end :]
    return len(_BESIDE.sub("", left)) < _MORE_ASKED


def _merged(first: Sequence[Found], second: Sequence[Found]) -> list[Found]:
    """Both, a sentence once; documents not yet heard come before more of the same."""
    found = {(f.passage.page_id, f.start): f for f in first}
    for sentence in one_per_document(second, {f.passage.document_id for f in first}):
        found.setdefault((sentence.passage.page_id, sentence.start), sentence)
    return list(found.values())


def _from_facts(session: Session, question: Question, asked: Sequence[str], facts: Sequence[StoredFact]) -> list[Found]:
    """The sentences that state the figure, the asked year and scope first; one of each value before a second of any."""
    years = set(question.years)
    if extreme := _EXTREME.search(question.text):
        facts = _extreme(facts, least=extreme["least"] is not None or extreme[0] == "垫底", years=years)
    elif places := places_named(question.text) or _towns_meant(question.text, facts):
        # What is said of the whole district is no answer for one town.
        facts = [fact for fact in facts if any(place in fact.scope or place[:2] in fact.scope for place in places)]
    wanted = [fact for fact in facts if fact.scope != WHOLE_DISTRICT and fact.scope.split("/")[0] in question.text]
    wanted = (
        (list(facts) if extreme else wanted) or [fact for fact in facts if fact.scope == WHOLE_DISTRICT] or list(facts)
    )
    if question.kind != "comparison":
        wanted = [fact for fact in wanted if (fact.year in years if years else fact.year in (None, fact.cycle - 1))]
    found: dict[tuple[int, int], Found] = {}
    firsts: set[tuple[str, str, str, int | None]] = set()
    ranked = []
    for fact in wanted:
        passage = session.get_one(Passage, fact.passage_id)
        start, end = place_around(passage, fact.start, fact.end)
        row = is_row(passage.page.text[start:end])
        ranked.append(
            (
                asked.index(fact.metric),
                fact.district,
                fact.year or 0,
                is_claim(fact.file),
                row,
                end - start,
                fact.row_id,
                Found(passage, start, end, 1.0),
                fact,
            )
        )
    ranked.sort(key=lambda entry: entry[:7])
    later = []
    for entry in ranked:
        sentence, fact = entry[7], entry[8]
        value = (fact.metric, fact.district, str(fact.value), fact.year)
        if value in firsts:
            later.append(sentence)
        else:
            firsts.add(value)
            found.setdefault((sentence.passage.page_id, sentence.start), sentence)
    for sentence in one_per_document(later, {f.passage.document_id for f in found.values()}):
        found.setdefault((sentence.passage.page_id, sentence.start), sentence)
    return list(found.values())


def _towns_meant(text: str, facts: Sequence[StoredFact]) -> list[str]:
    """Towns that the question calls by their short name: 东湖 for 东湖街道."""
    towns = {fact.scope for fact in facts if fact.scope.endswith(_TOWN)}
    short = {town: re.sub("|".join(_TOWN) + "$", "", town) for town in towns}
    return sorted(town for town, name in short.items() if len(name) > 1 and name in text)


def _extreme(facts: Sequence[StoredFact], *, least: bool, years: set[int]) -> list[StoredFact]:
    """Of the figures of single towns or schools the smallest or the largest; all figures where there are not two."""
    single = [
        fact
        for fact in facts
        if fact.scope not in (WHOLE_DISTRICT, *GROUPS)
        and (fact.year in years if years else fact.year in (None, fact.cycle - 1))
    ]
    if len({fact.scope for fact in single}) < 2:
        return list(facts)
    values = [fact.value for fact in single]
    best = min(values) if least else max(values)
    return [fact for fact in single if fact.value == best]


def _from_links(
    session: Session, scheme: Scheme, catalogue: Catalogue, question: Question, district: str | None, cycle: int | None
) -> list[Found]:
    """For a bare item (B5-5 有哪些材料？): the best sentence of each passage proposed for it, one document after another."""
    items = list(question.items)
    for criterion_id in question.criteria:
        items += [item.id for item in scheme.criterion(criterion_id).items]
    query = (
        select(Passage, EvidenceLink)
        .join(EvidenceLink, EvidenceLink.passage_id == Passage.id)
        .where(EvidenceLink.item.in_(items), EvidenceLink.state != "rejected", EvidenceLink.verdict != "mentions")
        .where(or_(EvidenceLink.rank == 1, EvidenceLink.confidence >= _LINK_CONFIDENCE, EvidenceLink.method == "fact"))
    )
    found = []
    for passage, link in session.execute(
        within(query.join(Document, Passage.document_id == Document.id), district, cycle)
    ):
        expectation = catalogue.expectations[link.item]
        wanted = set(grams("".join([scheme.item(link.item).text, expectation.title, *expectation.aliases])))
        best = max(
            answering_places(passage),
            key=lambda place: _likeness(passage.page.text[place[0] : place[1]], wanted),
            default=None,
        )
        if best:
            score = link.confidence + _likeness(passage.page.text[best[0] : best[1]], wanted) / 10
            found.append(Found(passage, *best, score - (0.5 if link.verdict == "out_of_period" else 0.0)))
    found.sort(key=lambda sentence: (-sentence.score, sentence.passage.id))
    return one_per_document(found, set())


def _kept(found: list[Found], documents: frozenset[int] | None) -> list[Found]:
    return found if documents is None else [one for one in found if one.passage.document_id in documents]


def _sentences(
    session: Session, question: Question, scheme: Scheme, found: Sequence[Found]
) -> tuple[AnswerSentence, ...]:
    stances = _stances(session, question, scheme, [sentence.passage.id for sentence in found])
    made = []
    for sentence in found:
        citation = cite(session, sentence.passage, sentence.start, sentence.end)
        stance = stances.get(sentence.passage.id, "")
        made.append(AnswerSentence(citation.quote, (citation,), verify(session, citation), stance))
    return tuple(made)


def _stances(session: Session, question: Question, scheme: Scheme, passages: Sequence[int]) -> Mapping[int, Stance]:
    """What the passages are for the items asked about; of several the first of `_FIRST`. The district's own word only mentions."""
    items = [*question.items, *(i.id for c in question.criteria for i in scheme.criterion(c).items)]
    query = (
        select(EvidenceLink.passage_id, EvidenceLink.verdict, Document.file)
        .join(Passage, Passage.id == EvidenceLink.passage_id)
        .join(Document, Document.id == Passage.document_id)
        .where(EvidenceLink.passage_id.in_(passages), EvidenceLink.item.in_(items), EvidenceLink.state != "rejected")
    )
    told: dict[int, set[str]] = {}
    for passage, verdict, file in session.execute(query) if items else ():
        told.setdefault(passage, set()).add("mentions" if is_claim(file) and verdict == "supports" else verdict)
    return {passage: next((s for s in _FIRST if s in verdicts), "") for passage, verdicts in told.items()}


def _notes(question: Question, facts: Sequence[StoredFact], metrics: Metrics) -> tuple[str, ...]:
    notes = []
    for conflict in find_conflicts(facts, metrics, lambda fact: fact.file):
        whole = conflict.kind == "true_conflict" and conflict.facts[0].scope == WHOLE_DISTRICT
        if whole and (not question.years or conflict.year in question.years):
            metric = metrics.by_id[conflict.metric]
            values = "、".join(dict.fromkeys(f"{fact.shown}（《{fact.file}》）" for fact in conflict.facts))
            notes.append(
                f"口径矛盾：{conflict.year} 年全区“{metric.name}”在材料中有不同的数：{values}。请核实后确认一个。"
            )
    return tuple(notes)


def _out_of_period(question: Question, found: Iterable[Found]) -> tuple[str, ...]:
    """Which documents shown speak of another year than the one evaluated, unless that year was asked for."""
    documents = {f.passage.document.file: f.passage.document for f in found}.values()
    other = [d for d in documents if d.data_year not in (None, d.cycle - 1, *question.years)]
    return tuple(f"年度不符：《{d.file}》是 {d.data_year} 年的材料，评价用的是 {d.cycle - 1} 年的数据。" for d in other)


def _likeness(text: str, wanted: set[str]) -> float:
    mine = [gram for gram in grams(text) if len(gram) > 1]
    return sum(gram in wanted for gram in mine) / (len(mine) + 12) if mine else 0.0
