"""Other ways to say what a question says: `corpus/synonyms` and the other names of the metrics. They widen a search, they never score."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Final

from retrieval.errors import RetrievalError
from retrieval.metrics import load_metrics
from retrieval.tokens import normalise
from scoring_rules.yaml_source import Faults, Node, parse_yaml

MOST_OTHERS: Final = 40  # of one text; a whole page would otherwise ask for half the vocabulary
_LEAST_CHARACTERS = 2
_GAP = "…"  # metric names that allow other words between their parts are patterns, not words


class SynonymsError(RetrievalError):
    """The files of synonyms are wrong. faults : every fault, one Chinese sentence each."""

    def __init__(self, faults: tuple[str, ...]) -> None:
        self.faults = faults
        super().__init__("同义说法文件有错，请逐处改正：\n" + "\n".join(faults))


@dataclass(frozen=True, slots=True)
class Synonyms:
    """What else may be written for a word.

    others : normalised word → normalised words that may stand for it. Two-sided groups are entered from every side.
    pattern : finds the keys of `others`, the longest at each place, as its group 1.
    """

    others: Mapping[str, tuple[str, ...]]
    pattern: re.Pattern[str]

    def expand(self, text: str) -> tuple[str, ...]:
        """The other words for what the text says, none that it says itself; in the order in which it says them.

        Of words that begin at the same place the longest counts: 教师培训费 is not also 教师.
        """
        folded = normalise(text)
        found: dict[str, None] = {}
        for match in self.pattern.finditer(folded):
            found |= dict.fromkeys(self.others[match.group(1)])
        return tuple(word for word in found if word not in folded)[:MOST_OTHERS]


def synonyms_of(same: Iterable[Sequence[str]], also: Iterable[tuple[Sequence[str], Sequence[str]]] = ()) -> Synonyms:
    """Synonyms from groups of equals, and from (what is asked, what is written for it) pairs."""
    others: dict[str, dict[str, None]] = {}

    def enter(words: Sequence[str], stand_ins: Sequence[str]) -> None:
        for word in words:
            others.setdefault(word, {}).update((other, None) for other in stand_ins if other != word)

    for group in same:
        words = [normalise(word) for word in group]
        enter(words, words)
    for asked, written in also:
        enter([normalise(word) for word in asked], [normalise(word) for word in written])
    longest_first = sorted(others, key=lambda word: (-len(word), word))
    # Looks ahead, so that a word may begin inside another: 公办园生均公用经费 holds 公办园 and 生均公用经费.
    pattern = re.compile(f"(?=({'|'.join(map(re.escape, longest_first)) or '(?!)'}))")
    return Synonyms({word: tuple(found) for word, found in others.items()}, pattern)


@cache
def load_synonyms() -> Synonyms:
    """The shipped synonyms and the other names of the shipped metrics. Raises SynonymsError with every fault."""
    same, also = read_synonyms(files("corpus") / "synonyms")
    for metric in load_metrics().by_id.values():
        names = dict.fromkeys(name for name in (metric.name, *metric.aliases) if _GAP not in name)
        if len(names) > 1:
            same.append(tuple(names))
    return synonyms_of(same, also)


Pair = tuple[tuple[str, ...], tuple[str, ...]]


def read_synonyms(folder: Traversable) -> tuple[list[tuple[str, ...]], list[Pair]]:
    """(groups, pairs) of every YAML file of the folder. Raises SynonymsError with every fault of every file."""
    same: list[tuple[str, ...]] = []
    also: list[Pair] = []
    sentences: list[str] = []
    for source in sorted((entry for entry in folder.iterdir() if entry.name.endswith(".yaml")), key=lambda e: e.name):
        faults = Faults(source.name)
        root = parse_yaml(source.read_text(encoding="utf-8"), faults).mapping(["same"], ["also"])
        for node in root["same"].sequence():
            same.append(_words(node, least=2))
        for node in root["also"].sequence() if "also" in root else ():
            pair = node.mapping(["asked", "written"])
            # What people ask may be a single character (钱); what is looked for in the evidence may not.
            also.append((pair["asked"].texts(), _words(pair["written"], least=1)))
        sentences += faults.sentences
    if sentences:
        raise SynonymsError(tuple(sentences))
    return same, also


def _words(node: Node, *, least: int) -> tuple[str, ...]:
    words = node.texts()
    if node.raw is not None and len({normalise(word) for word in words}) < max(least, len(words)):
        node.fault(f"一组应有至少 {least} 个不同的说法，请补上或去掉重复的。")
    for word in words:
        if word and len(normalise(word)) < _LEAST_CHARACTERS:
            node.fault(f"“{word}”太短，单个字到处都有，请写至少两个字的说法。")
    return words
