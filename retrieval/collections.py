"""The parts evidence is kept apart in: one full-text table and one vector collection per district and cycle."""

from __future__ import annotations

import hashlib
import unicodedata
from dataclasses import dataclass
from typing import Final

TABLE_PREFIX: Final = "fts_"
COLLECTION_PREFIX: Final = "evidence_"


@dataclass(frozen=True, slots=True, order=True)
class Partition:
    """The evidence of one district in one cycle (the evaluation year)."""

    district: str
    cycle: int

    @property
    def name(self) -> str:
        """Letters, digits and underscore only, the same on every machine: the district's name itself is Chinese."""
        digest = hashlib.sha256(unicodedata.normalize("NFC", self.district).encode()).hexdigest()
        return f"{self.cycle}_{digest[:16]}"

    @property
    def table(self) -> str:
        """The full-text table."""
        return TABLE_PREFIX + self.name

    @property
    def collection(self) -> str:
        """The vector collection."""
        return COLLECTION_PREFIX + self.name
