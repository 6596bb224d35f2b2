"""Everything a page or a command works with, opened once and passed down: settings, record, scheme, index."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import platformdirs
from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from ingest.store import Store, open_store
from ingest.tables import Document, Passage
from review.errors import UnknownDistrictError, UnknownItemError
from review.model_settings import ModelSettings
from review.people import LOCAL, Person
from scoring_rules.catalogue import Catalogue, load_catalogue
from scoring_rules.scheme import Scheme
from scoring_rules.scheme_loader import load_scheme

if TYPE_CHECKING:
    from retrieval.index import EvidenceIndex

Result = TypeVar("Result")

# The evaluation year taken when nothing is stored yet and none is named: the first year of the scheme.
FIRST_CYCLE = 2019
# How long a person's act waits while another program, a backup or a virus scanner, holds the database.
PATIENCE_SECONDS = 30.0


@dataclass(frozen=True, slots=True)
class Settings:
    """home : the data folder. embedding_model : name or path, None = the default model. chroma_url : None = under `home`.

    language_model : None = the office has none.
    """

    home: Path
    database_url: str | None = None
    embedding_model: str | None = None
    chroma_url: str | None = None
    language_model: ModelSettings | None = None

    @classmethod
    def from_env(cls, environ: Mapping[str, str] | None = None) -> Settings:
        """The settings of the environment (README lists them)."""
        env = os.environ if environ is None else environ
        home = env.get("EDUREVIEW_HOME") or platformdirs.user_data_dir("edureview", appauthor=False)
        return cls(
            Path(home).expanduser().resolve(),
            env.get("EDUREVIEW_DATABASE_URL") or None,
            env.get("EDUREVIEW_EMBEDDING_MODEL") or None,
            env.get("EDUREVIEW_CHROMA_URL") or None,
            ModelSettings.from_env(env),
        )


class Workspace:
    """Opens each part when it is first used, so that a question about the scheme loads neither model nor vectors.

    actor : for whom everything reached through it is done. Made from settings it acts for the local operator; `acting_as`
    gives one that acts for somebody else, over the same opened parts.
    """

    def __init__(self, settings: Settings, actor: Person = LOCAL, *, shared: Workspace | None = None) -> None:
        self.settings, self.actor = settings, actor
        self._shared = shared

    def acting_as(self, person: Person) -> Workspace:
        """A workspace over the same opened parts that acts for this person."""
        return Workspace(self.settings, person, shared=self._shared or self)

    @cached_property
    def store(self) -> Store:
        """The SQL record."""
        if self._shared is not None:
            return self._shared.store
        return open_store(self.settings.home, url=self.settings.database_url)

    def write(self, work: Callable[[Session], Result]) -> Result:
        """Does a person's act in one transaction (see `Store.write`), who is told soon when another program holds the database.

        Raises RecordLockedError after PATIENCE_SECONDS.
        """
        return self.store.write(work, patience=PATIENCE_SECONDS)

    @cached_property
    def scheme(self) -> Scheme:
        """The scheme in force."""
        return load_scheme()

    @property
    def cache(self) -> Path:
        """What may be thrown away at any time and is made again."""
        return self.settings.home / "cache"

    @cached_property
    def catalogue(self) -> Catalogue:
        """What evidence is expected for each item."""
        return load_catalogue()

    @cached_property
    def index(self) -> EvidenceIndex:
        """Full text and vectors over the record."""
        if self._shared is not None:
            return self._shared.index
        from retrieval.embedder import load_embedder
        from retrieval.index import EvidenceIndex

        embedder = load_embedder(self.settings.embedding_model)
        return EvidenceIndex(self.store, self.settings.home, embedder, chroma_url=self.settings.chroma_url)

    def districts(self, cycle: int | None = None) -> list[tuple[str, int]]:
        """(district, cycle) pairs with evidence that the actor may see, newest cycle first."""
        query = select(Document.district, Document.cycle).distinct().order_by(Document.cycle.desc(), Document.district)
        query = query.where(self.actor.visible(Document.district))
        if cycle is not None:
            query = query.where(Document.cycle == cycle)
        with self.store.session() as session:
            return [(district, year) for district, year in session.execute(query)]

    def newest_cycle(self, district: str | None = None) -> int:
        """The newest cycle with evidence that the actor may see (of the district), FIRST_CYCLE when there is none."""
        query = select(func.max(Document.cycle)).where(self.actor.visible(Document.district))
        if district is not None:
            query = query.where(Document.district == district)
        with self.store.session() as session:
            return session.scalar(query) or FIRST_CYCLE

    def locate(self, district: str, cycle: int | None = None) -> tuple[str, int]:
        """The district and the cycle meant (default: its newest); UnknownDistrictError when nothing is stored of it."""
        year = self.newest_cycle(district) if cycle is None else cycle
        if (district, year) not in self.districts():
            raise UnknownDistrictError(district, cycle, sorted({name for name, _ in self.districts()}))
        return district, year

    def check_item(self, item: str) -> str:
        """The item's id in the scheme's spelling; UnknownItemError when the scheme has no such item."""
        wanted = item.strip().upper().replace("—", "-").replace("－", "-")
        if wanted not in {i.id for i in self.scheme.items}:
            raise UnknownItemError(item)
        return wanted

    def has_pending(self) -> bool:
        """Whether a document was read but is not in the index yet."""
        with self.store.session() as session:
            return session.scalar(_pending(select(Document.id)).limit(1)) is not None

    def pending_passages(self) -> int:
        """How many passages are to be indexed."""
        with self.store.session() as session:
            return session.scalar(_pending(select(func.count(Passage.id)).join(Passage.document))) or 0


def _pending(query: Select[Any]) -> Select[Any]:
    return query.where(Document.indexed_at.is_(None), Document.state.in_(("indexed", "partly")))
