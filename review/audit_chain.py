"""The arithmetic of the log of acts: what is hashed, and how one row is chained to the one before it. Pure functions.

Each row has two hashes. `entry` covers the row's content and the entry before it of the same district, so that the rows of one
district form a chain that can be handed out and checked without any other district's. `chain` covers the number, the chain
of the row before it in the whole log, and `entry`, so that no row of any district can be altered, taken out or moved unseen.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

from scoring_rules.ledger import canonical_json

# What stands for "the row before" at the first row.
START = "0" * 64
# The columns that are the content of a row, in the words of the export.
CONTENT = ("place", "at", "person", "role", "session", "act", "district", "cycle", "subject", "before", "after")


def entry_hash(content: Mapping[str, Any], previous: str) -> str:
    """SHA-256 of a row's content after the entry before it. content : has at least the keys of CONTENT."""
    kept = {name: content[name] for name in CONTENT}
    return hashlib.sha256(canonical_json({**kept, "previous": previous})).hexdigest()


def chain_hash(number: int, previous: str, entry: str) -> str:
    """SHA-256 that fixes the place of an entry in the whole log."""
    return hashlib.sha256(canonical_json({"number": number, "previous": previous, "entry": entry})).hexdigest()
