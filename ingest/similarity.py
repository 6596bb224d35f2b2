"""How alike two documents' words are, without keeping or comparing the words themselves: MinHash over runs of characters.

A copy scanned again, a paper with another title, last year's report with a new year: bytes differ, words hardly do.
"""

from __future__ import annotations

import base64
import hashlib
import re
import unicodedata
from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np

PERMUTATIONS = 128  # the estimate of a share is then right to about ± 0.05
RUN = 5  # characters; shorter runs are common to all official Chinese
LEAST = 80  # characters without spaces: below that, alike says nothing
_LEFT_OUT = re.compile(r"[\s\W_]+")
_SEED, _SCHEME = 2019, "affine32"  # another one makes stored sketches worthless


def text_facts(text: str) -> dict[str, str] | None:
    """{"sha256": of the words alone, "minhash": base64} as kept with a document; None for too few words to compare."""
    words = _words(text)
    if len(words) < LEAST:
        return None
    from datasketch import MinHash  # brings scipy: loaded when a file is read, never for a question

    sketch = MinHash(num_perm=PERMUTATIONS, seed=_SEED, hashfunc=_hash, scheme=_SCHEME)
    sketch.update_batch(sorted({words[at : at + RUN].encode() for at in range(len(words) - RUN + 1)}))
    values = np.asarray(sketch.hashvalues, dtype="<u4")
    return {
        "sha256": hashlib.sha256(words.encode()).hexdigest(),
        "minhash": base64.b64encode(values.tobytes()).decode("ascii"),
    }


def likeness(one: str, other: str) -> float:
    """Estimated share (0–1) of common runs of characters, from two "minhash" texts."""
    return float((_values(one) == _values(other)).mean())


def alike(sketches: Mapping[int, str], least: float) -> Iterable[tuple[int, int, float]]:
    """Pairs (smaller id, larger id, likeness) of at least `least`, by id. Locality-sensitive hashing finds the candidates."""
    from datasketch import MinHash, MinHashLSH

    # Asked for pairs well below the limit, so that hardly any pair above it is missed.
    table = MinHashLSH(threshold=least * 0.85, num_perm=PERMUTATIONS, weights=(0.2, 0.8))
    pairs: set[tuple[int, int]] = set()
    for id_ in sorted(sketches):
        sketch = MinHash(num_perm=PERMUTATIONS, seed=_SEED, hashvalues=_values(sketches[id_]), scheme=_SCHEME)
        pairs.update((other, id_) for other in table.query(sketch))
        table.insert(id_, sketch)
    for one, other in sorted(pairs):
        share = likeness(sketches[one], sketches[other])
        if share >= least:
            yield one, other, share


def groups(pairs: Iterable[tuple[int, int, float]]) -> list[list[int]]:
    """Ids that hang together through pairs, each group and the groups in ascending order."""
    leader: dict[int, int] = {}

    def find(id_: int) -> int:
        while leader.setdefault(id_, id_) != id_:
            id_ = leader[id_]
        return id_

    for one, other, _ in pairs:
        first, second = sorted((find(one), find(other)))
        leader[second] = first
    found: dict[int, list[int]] = {}
    for id_ in sorted(leader):
        found.setdefault(find(id_), []).append(id_)
    return [found[key] for key in sorted(found)]


def common_facts(facts: Mapping[str, Any]) -> Mapping[str, str] | None:
    """What `text_facts` left with a document, from its stored facts."""
    kept = facts.get("text")
    return kept if isinstance(kept, Mapping) else None


def _words(text: str) -> str:
    """Letters, characters and figures alone: spaces, punctuation and full-width forms differ between programs."""
    return _LEFT_OUT.sub("", unicodedata.normalize("NFKC", text)).lower()


def _hash(data: bytes) -> int:
    return int.from_bytes(hashlib.blake2b(data, digest_size=4).digest(), "little")


def _values(minhash: str) -> np.ndarray[Any, np.dtype[np.uint32]]:
    return np.frombuffer(base64.b64decode(minhash), dtype="<u4")
