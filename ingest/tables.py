"""The SQL record: documents, pages, passages, and what is proposed about them. One truth for every other part."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, LargeBinary, String, Text, UniqueConstraint, false
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship


class Base(DeclarativeBase):
    """Base of all tables."""


class Document(Base):
    """An uploaded file of one district and cycle; one row per file name and content.

    file : label shown to people: path below the ingested folder, or the file's own name. Never used as a path.
    state : "indexed" (all pages read), "partly" (some pages failed), "failed" (nothing read), "reading" (being read).
    reason : Chinese sentence unless everything was read.
    kind : media kind found from the content: pdf, docx, xlsx, txt; "" when unknown.
    type_code : evidence type of domain catalogue (M F R Y T Z …), None when not recognised.
    data_year : the year the material speaks of, None when not recognised. `facts` says how each was found.
    findings : about the file as a whole: list of [kind, sentence, excerpt].
    duplicate_of : the earlier document of the same district and cycle with the same bytes; it has the pages.
    superseded_by : the document that was handed in later under the same label and counts instead of this one, which keeps its
        pages to be read but has no passages any more; None = this one counts.
    indexed_at : set once its passages are in full text, vectors, links and facts; None = still to be indexed.
    """

    __tablename__ = "documents"
    __table_args__ = (
        UniqueConstraint("district", "cycle", "file", "sha256"),
        Index("ix_documents_district_cycle", "district", "cycle"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    district: Mapped[str] = mapped_column(String(60))
    cycle: Mapped[int]
    file: Mapped[str] = mapped_column(String(500))
    sha256: Mapped[str] = mapped_column(String(64), index=True)
    size: Mapped[int]
    kind: Mapped[str] = mapped_column(String(10), default="")
    state: Mapped[str] = mapped_column(String(10))
    reason: Mapped[str] = mapped_column(Text, default="")
    title: Mapped[str] = mapped_column(String(300), default="")
    type_code: Mapped[str | None] = mapped_column(String(2))
    data_year: Mapped[int | None]
    facts: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    findings: Mapped[list[list[str]]] = mapped_column(JSON, default=list, server_default="[]")
    duplicate_of: Mapped[int | None] = mapped_column(ForeignKey("documents.id"))
    superseded_by: Mapped[int | None]
    ingested_at: Mapped[datetime]
    indexed_at: Mapped[datetime | None]

    pages: Mapped[list[Page]] = relationship(
        back_populates="document", order_by="Page.number", cascade="all, delete-orphan"
    )
    passages: Mapped[list[Passage]] = relationship(
        back_populates="document", order_by="Passage.page_id, Passage.start", cascade="all, delete-orphan"
    )


class Page(Base):
    """A page, sheet or body as stored (see ingest.pages.ParsedPage).

    spans : list of [start, end, kind, group, locator].
    char_boxes : zlib-compressed float32 array of shape (len(text), 4), or None.
    source : where the picture of a waiting page is. findings : list of [kind, sentence, excerpt].
    """

    __tablename__ = "pages"
    __table_args__ = (
        UniqueConstraint("document_id", "number"),
        Index("ix_pages_progress", "document_id", "state", "source"),  # asked every second while files are read
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    document_id: Mapped[int] = mapped_column(ForeignKey("documents.id"), index=True)
    number: Mapped[int]
    label: Mapped[str] = mapped_column(String(120))
    state: Mapped[str] = mapped_column(String(10))
    reason: Mapped[str] = mapped_column(Text, default="")
    text: Mapped[str] = mapped_column(Text)
    spans: Mapped[list[list[Any]]] = mapped_column(JSON, default=list)
    width: Mapped[float] = mapped_column(default=0.0)
    height: Mapped[float] = mapped_column(default=0.0)
    char_boxes: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)
    source: Mapped[str] = mapped_column(String(300), default="", server_default="")
    findings: Mapped[list[list[str]]] = mapped_column(JSON, default=list, server_default="[]")

    document: Mapped[Document] = relationship(back_populates="pages")


class Passage(Base):
    """The span that is indexed and cited: `page.text[start:end] == text`, never crossing a page.

    key : deterministic: first 16 hex of the document's SHA-256, page number, start and end, joined by "-".
    context : document title and section path, embedded together with the text but never cited.
    indexed : it is in full text and vectors and can be found, even while the rest of its document is still being read.
    """

    __tablename__ = "passages"
    __table_args__ = (UniqueConstraint("document_id", "key"), Index("ix_passages_key", "key"))

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(60))
    document_id: Mapped[int] = mapped_column(ForeignKey("documents.id"), index=True)
    page_id: Mapped[int] = mapped_column(ForeignKey("pages.id"), index=True)
    start: Mapped[int]
    end: Mapped[int]
    text: Mapped[str] = mapped_column(Text)
    context: Mapped[str] = mapped_column(Text, default="")
    indexed: Mapped[bool] = mapped_column(default=False, server_default=false())

    document: Mapped[Document] = relationship(back_populates="passages")
    page: Mapped[Page] = relationship()
    links: Mapped[list[EvidenceLink]] = relationship(
        back_populates="passage", cascade="all, delete-orphan", order_by="EvidenceLink.rank"
    )
    facts: Mapped[list[FactRow]] = relationship(back_populates="passage", cascade="all, delete-orphan")


class Job(Base):
    """What is still to do for a document: the row is there from the moment a file is handed in until the last index is written.

    stage : "read" (the reader has more pages), "recognise" (pages wait for text recognition), "index" (its passages are final and
        go into the index). pages : how many the reader announced, 0 = not known yet.
    title, defects : what the file says about itself, kept until the document is described.
    stops : how often a page ended the reading process; too often, and the rest of the file is given up.
    begin : the page the reader has to begin with: the first, or the one behind the last that ended it.
    refusal : why nothing, or nothing more, can be read; "" = none.
    published : pages whose passages can be found already. orphans : vectors of passages that are no more, to be forgotten.
    """

    __tablename__ = "jobs"

    document_id: Mapped[int] = mapped_column(ForeignKey("documents.id", ondelete="CASCADE"), primary_key=True)
    stage: Mapped[str] = mapped_column(String(10), default="read")
    pages: Mapped[int] = mapped_column(default=0)
    title: Mapped[str] = mapped_column(Text, default="")
    defects: Mapped[list[str]] = mapped_column(JSON, default=list)
    stops: Mapped[int] = mapped_column(default=0)
    begin: Mapped[int] = mapped_column(default=1)
    refusal: Mapped[str] = mapped_column(Text, default="")
    published: Mapped[int] = mapped_column(default=0)
    orphans: Mapped[list[str]] = mapped_column(JSON, default=list)
    queued_at: Mapped[datetime]

    document: Mapped[Document] = relationship()


class EvidenceLink(Base):
    """A passage proposed (or confirmed by a person) as evidence for an item.

    rank : 1 = the item the passage fits best. confidence : 0..1, for ranking only.
    verdict : supports / contradicts / mentions / out_of_period, from the passage and its document alone; what other documents or
        a limit say against it is found when it is read. state : proposed / confirmed / rejected.
    reasons : why the verdict: list of [rule, Chinese sentence, start, end], the words it rests on in the page's text (0, 0: none).
    """

    __tablename__ = "evidence_links"
    __table_args__ = (UniqueConstraint("passage_id", "item"), Index("ix_links_item", "item"))

    id: Mapped[int] = mapped_column(primary_key=True)
    passage_id: Mapped[int] = mapped_column(ForeignKey("passages.id"), index=True)
    item: Mapped[str] = mapped_column(String(8))
    rank: Mapped[int]
    confidence: Mapped[float]
    verdict: Mapped[str] = mapped_column(String(16))
    state: Mapped[str] = mapped_column(String(10), default="proposed")
    method: Mapped[str] = mapped_column(String(40))
    reasons: Mapped[list[list[Any]]] = mapped_column(JSON, default=list, server_default="[]")

    passage: Mapped[Passage] = relationship(back_populates="links")


class Examination(Base):
    """A document every passage of which was held against every item; without a row it has not been examined to its end.

    fingerprint : of all that the outcome depends on besides the document; looked_with names it part by part.
    passages : how many it had. nearest : for each item, the passage that comes closest (its key) and the confidence, also where
        that is too little for a link: {"B5-5": ["key", 0.83], ...}.
    """

    __tablename__ = "examinations"

    document_id: Mapped[int] = mapped_column(ForeignKey("documents.id", ondelete="CASCADE"), primary_key=True)
    fingerprint: Mapped[str] = mapped_column(String(64))
    looked_with: Mapped[dict[str, Any]] = mapped_column(JSON)
    passages: Mapped[int]
    nearest: Mapped[dict[str, Any]] = mapped_column(JSON)
    examined_at: Mapped[datetime]

    document: Mapped[Document] = relationship()


class FactRow(Base):
    """A figure read from a passage: metric, exact decimal as text, unit, year, scope; `start`/`end` in the page's text."""

    __tablename__ = "facts"
    __table_args__ = (Index("ix_facts_metric", "metric"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    passage_id: Mapped[int] = mapped_column(ForeignKey("passages.id"), index=True)
    metric: Mapped[str] = mapped_column(String(60))
    value: Mapped[str] = mapped_column(String(40))
    unit: Mapped[str] = mapped_column(String(12))
    year: Mapped[int | None]
    scope: Mapped[str] = mapped_column(String(60))
    start: Mapped[int]
    end: Mapped[int]
    state: Mapped[str] = mapped_column(String(10), default="proposed")

    passage: Mapped[Passage] = relationship(back_populates="facts")


class CaseRow(Base):
    """The case file of a district and cycle as recorded (its YAML text, unchanged); the newest row counts."""

    __tablename__ = "cases"
    __table_args__ = (Index("ix_cases_district_cycle", "district", "cycle"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    district: Mapped[str] = mapped_column(String(60))
    cycle: Mapped[int]
    text: Mapped[str] = mapped_column(Text)
    sha256: Mapped[str] = mapped_column(String(64))
    recorded_at: Mapped[datetime]


class SampleRow(Base):
    """A drawn sample of a district and cycle, as the canonical JSON of `scoring_rules.sampling.draw`; the newest row counts.

    Rows are frozen: the database refuses to change or delete them, so that a draw nobody liked stays visible.
    """

    __tablename__ = "samples"
    __table_args__ = (Index("ix_samples_district_cycle", "district", "cycle"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    district: Mapped[str] = mapped_column(String(60))
    cycle: Mapped[int]
    seed: Mapped[str] = mapped_column(String(40))
    frame_sha256: Mapped[str] = mapped_column(String(64))
    document: Mapped[str] = mapped_column(Text)
    drawn_at: Mapped[datetime]


class ExpertPoints(Base):
    """What one expert gives one criterion (exact decimal text) and why; frozen, one row per expert and criterion."""

    __tablename__ = "expert_points"
    __table_args__ = (UniqueConstraint("district", "cycle", "criterion", "expert"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    district: Mapped[str] = mapped_column(String(60))
    cycle: Mapped[int]
    criterion: Mapped[str] = mapped_column(String(8))
    expert: Mapped[str] = mapped_column(String(60))
    points: Mapped[str] = mapped_column(String(40))
    reason: Mapped[str] = mapped_column(Text)
    recorded_at: Mapped[datetime]


class Arbitration(Base):
    """The recorded decision on a criterion the experts differ on; frozen, the newest row counts."""

    __tablename__ = "arbitrations"
    __table_args__ = (Index("ix_arbitrations_district_cycle", "district", "cycle"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    district: Mapped[str] = mapped_column(String(60))
    cycle: Mapped[int]
    criterion: Mapped[str] = mapped_column(String(8))
    arbiter: Mapped[str] = mapped_column(String(60))
    points: Mapped[str] = mapped_column(String(40))
    reason: Mapped[str] = mapped_column(Text)
    recorded_at: Mapped[datetime]


class DecisionRow(Base):
    """A decision: the canonical JSON of `scoring_rules.decision.decide` and its SHA-256. Frozen; a new one is a new row."""

    __tablename__ = "decisions"
    __table_args__ = (Index("ix_decisions_district_cycle", "district", "cycle"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    district: Mapped[str] = mapped_column(String(60))
    cycle: Mapped[int]
    grade: Mapped[str] = mapped_column(String(20))
    document: Mapped[str] = mapped_column(Text)
    sha256: Mapped[str] = mapped_column(String(64), index=True)
    decided_by: Mapped[str] = mapped_column(String(60))
    decided_at: Mapped[datetime]


class OfficeAct(Base):
    """An act of the office: sets an open term or a parameter, or confirms a sourced value. Frozen; a new one is a new row.

    cycle : the evaluation year it is for, None = every year. value : exact text. since : ISO day of the judged period a
    parameter's value holds from, "" = it replaces all. weights : canonical JSON of points by item id, "" = none.
    decided_on : ISO day.
    """

    __tablename__ = "office_acts"
    __table_args__ = (Index("ix_office_acts_target", "target"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    cycle: Mapped[int | None]
    target: Mapped[str] = mapped_column(String(60))
    value: Mapped[str] = mapped_column(String(60))
    since: Mapped[str] = mapped_column(String(10))
    weights: Mapped[str] = mapped_column(Text)
    decided_by: Mapped[str] = mapped_column(String(60))
    decided_on: Mapped[str] = mapped_column(String(10))
    document: Mapped[str] = mapped_column(String(300))
    recorded_at: Mapped[datetime]


class Annex1Record(Base):
    """A person's finding on one condition of 附件 1 for a district and cycle; frozen, the newest row of a condition counts.

    state : triggered / not_triggered / unknown (a finding taken back). document : the paper it rests on;
    document_sha256 : that of the stored file of this name, "" when it is none. proposal : canonical JSON of what the
    figures proposed at that moment, "" without a calculator. citations : JSON list of passage keys.
    """

    __tablename__ = "annex1_records"
    __table_args__ = (Index("ix_annex1_records_district_cycle", "district", "cycle"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    district: Mapped[str] = mapped_column(String(60))
    cycle: Mapped[int]
    condition: Mapped[str] = mapped_column(String(8))
    state: Mapped[str] = mapped_column(String(16))
    found_by: Mapped[str] = mapped_column(String(60))
    found_on: Mapped[str] = mapped_column(String(10))
    document: Mapped[str] = mapped_column(String(300))
    document_sha256: Mapped[str] = mapped_column(String(64))
    reason: Mapped[str] = mapped_column(Text)
    proposal: Mapped[str] = mapped_column(Text)
    citations: Mapped[list[str]] = mapped_column(JSON)
    recorded_at: Mapped[datetime]


class Replacement(Base):
    """A reserve that stood in for a drawn unit of a sample, and why; frozen. kind : criterion or school."""

    __tablename__ = "replacements"
    __table_args__ = (UniqueConstraint("sample_id", "kind", "unit_out"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    sample_id: Mapped[int] = mapped_column(ForeignKey("samples.id"))
    kind: Mapped[str] = mapped_column(String(10))
    unit_out: Mapped[str] = mapped_column(String(120))
    unit_in: Mapped[str] = mapped_column(String(120))
    reason: Mapped[str] = mapped_column(Text)
    approved_by: Mapped[str] = mapped_column(String(60))
    recorded_at: Mapped[datetime]


class Confirmation(Base):
    """A person confirmed or rejected a link or a fact; frozen log, the newest row of a subject counts.

    kind : link or fact. passage : its key. subject : the item, or the metric. detail : JSON data that tells the fact
    ({"value", "unit", "year", "scope"}), {} for a link. state : confirmed / rejected / proposed (taken back).
    """

    __tablename__ = "confirmations"
    __table_args__ = (Index("ix_confirmations_district_cycle", "district", "cycle"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    district: Mapped[str] = mapped_column(String(60))
    cycle: Mapped[int]
    kind: Mapped[str] = mapped_column(String(8))
    passage: Mapped[str] = mapped_column(String(60))
    subject: Mapped[str] = mapped_column(String(60))
    detail: Mapped[dict[str, Any]] = mapped_column(JSON)
    state: Mapped[str] = mapped_column(String(10))
    by: Mapped[str] = mapped_column(String(60))
    reason: Mapped[str] = mapped_column(Text)
    recorded_at: Mapped[datetime]
