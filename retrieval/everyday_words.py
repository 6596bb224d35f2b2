"""Everyday words that carry a question without being what it asks about (`corpus/questions/everyday.yaml`)."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from retrieval.errors import RetrievalError
from retrieval.tokens import normalise
from scoring_rules.yaml_source import Faults, parse_yaml


class EverydayWordsError(RetrievalError):
    """The file of everyday words is wrong.  faults : every fault, one Chinese sentence each."""

    def __init__(self, faults: tuple[str, ...]) -> None:
        self.faults = faults
        super().__init__("日常用语文件有错，请逐处改正：\n" + "\n".join(faults))


@dataclass(frozen=True, slots=True)
class EverydayWords:
    """words : normalised, of two characters or more. particles : single characters that divide what stands beside them."""

    words: frozenset[str]
    particles: frozenset[str]


@cache
def load_everyday_words() -> EverydayWords:
    """The shipped words. Raises EverydayWordsError with every fault."""
    source = files("corpus") / "questions" / "everyday.yaml"
    return read_everyday_words(source.read_text(encoding="utf-8"))


def read_everyday_words(text: str) -> EverydayWords:
    """The words in YAML text. Raises EverydayWordsError with every fault."""
    faults = Faults("everyday.yaml")
    root = parse_yaml(text, faults).mapping(["asking", "time", "doing", "pointing", "particles"])
    words: set[str] = set()
    for key in ("asking", "time", "doing", "pointing"):
        for group in root[key].sequence():
            for word in group.texts():
                folded = normalise(word)
                if len(folded) < 2:
                    group.fault(f"“{word}”太短，单个字请写进 particles。")
                words.add(folded)
    particles = root["particles"].text()
    if faults:
        raise EverydayWordsError(tuple(faults.sentences))
    return EverydayWords(frozenset(words), frozenset(particles))
