"""What an examination of a document rests on, and which passage of it comes nearest to each item."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable

# Raised when the code that maps or judges changes what it proposes, so that documents are examined again.
RULES = "3"
_DATA = {"目录": "evidence", "联想词": "mapping", "指标": "metrics", "判断用词": "verdicts"}


def looked_with(scheme: str, more: Mapping[str, str]) -> dict[str, str]:
    """The versions of all that the outcome depends on besides the documents, by Chinese name.

    scheme : its id. more : what is not shipped data, such as the version of the mapper.
    """
    found = {"方案": f"{scheme} {_digest(f'schemes/{scheme}')}"}
    found |= {name: _digest(folder) for name, folder in _DATA.items()}
    return {**found, "规则": RULES, **more}


def fingerprint(looked: Mapping[str, str]) -> str:
    """Two examinations with the same fingerprint would propose the same."""
    told = "\n".join(f"{name}={version}" for name, version in sorted(looked.items()))
    return hashlib.sha256(told.encode()).hexdigest()


@cache
def _digest(folder: str) -> str:
    """Of all YAML and text files below a folder of the shipped data, 12 hex."""
    root = files("corpus")
    for part in folder.split("/"):
        root = root / part
    made = hashlib.sha256()
    for name, content in sorted(_contents(root, "")):
        made.update(name.encode() + b"\0" + hashlib.sha256(content).digest())
    return made.hexdigest()[:12]


def _contents(folder: Traversable, prefix: str) -> list[tuple[str, bytes]]:
    found: list[tuple[str, bytes]] = []
    for entry in folder.iterdir():
        name = f"{prefix}/{entry.name}"
        if entry.is_dir():
            found += _contents(entry, name)
        elif entry.name.endswith((".yaml", ".txt", ".json")):
            found.append((name, entry.read_bytes()))
    return found


@dataclass(slots=True)
class Nearest:
    """The passages of one document looked at so far, and for each item the one that comes closest, linked or not."""

    seen: set[int] = field(default_factory=set)
    best: dict[str, tuple[float, str]] = field(default_factory=dict)

    def add(self, passage_id: int, key: str, ranking: Sequence[tuple[str, float]]) -> None:
        """Adds a passage with the confidence of every item."""
        self.seen.add(passage_id)
        for item, confidence in ranking:
            if item not in self.best or confidence > self.best[item][0]:
                self.best[item] = (confidence, key)

    def stored(self) -> dict[str, list[object]]:
        """As the record keeps it: {"B5-5": ["key", 0.83], ...}."""
        return {item: [key, round(confidence, 4)] for item, (confidence, key) in sorted(self.best.items())}
