"""Words of a question that were typed with another character of the same sound: 体质建康 for 体质健康."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files

from retrieval.errors import RetrievalError
from scoring_rules.yaml_source import Faults, parse_yaml

# A short word has too many others of the same sound.
_LEAST = 3


class SoundAlikesError(RetrievalError):
    """The file of characters that sound alike is wrong.  faults : every fault, one Chinese sentence each."""

    def __init__(self, faults: tuple[str, ...]) -> None:
        self.faults = faults
        super().__init__("同音字文件有错，请逐处改正：\n" + "\n".join(faults))


@dataclass(frozen=True, slots=True)
class Correction:
    """typed : as it stands in the question; meant : the known word."""

    typed: str
    meant: str


@cache
def load_sound_alikes() -> Mapping[str, frozenset[str]]:
    """Character → the characters that sound like it, itself among them. Raises SoundAlikesError with every fault."""
    return read_sound_alikes((files("corpus") / "questions" / "sound_alikes.yaml").read_text(encoding="utf-8"))


def read_sound_alikes(text: str) -> Mapping[str, frozenset[str]]:
    """The characters in YAML text. Raises SoundAlikesError with every fault."""
    faults = Faults("sound_alikes.yaml")
    alike: dict[str, frozenset[str]] = {}
    for node in parse_yaml(text, faults).mapping(["groups"])["groups"].sequence():
        group = node.text()
        if len(group) < 2 or len(set(group)) < len(group):
            node.fault(f"“{group}”至少要有两个不同的字，每个字只写一次。")
        for character in group:
            alike[character] = alike.get(character, frozenset()) | frozenset(group)
    if faults:
        raise SoundAlikesError(tuple(faults.sentences))
    return alike


def mend(text: str, words: Iterable[str]) -> tuple[str, tuple[Correction, ...]]:
    """The text with stretches that only sound like one of the words replaced by it, and what was replaced.

    A stretch that belongs to a word as it stands is left alone. words : known ones; those of less than three characters are not looked for.
    """
    known = _by_length(frozenset(words))
    alike = load_sound_alikes()
    mended: list[Correction] = []
    for size in sorted(known, reverse=True):
        at = 0
        while at + size <= len(text):
            typed = text[at : at + size]
            if any(word in typed for length in known if length <= size for word in _whole(typed, length, known)):
                at += 1
                continue
            meant = [word for word in _perhaps(typed, known[size], alike) if _sounds(typed, word, alike)]
            if len(meant) == 1:
                text = text[:at] + meant[0] + text[at + size :]
                mended.append(Correction(typed, meant[0]))
                at += size
            else:
                at += 1
    return text, tuple(mended)


def _whole(typed: str, length: int, known: Mapping[int, Mapping[str, frozenset[str]]]) -> list[str]:
    """Known words of that length that stand in the stretch as they are written."""
    return [
        typed[at : at + length]
        for at in range(len(typed) - length + 1)
        if typed[at : at + length] in known[length].get("", frozenset())
    ]


def _perhaps(typed: str, words: Mapping[str, frozenset[str]], alike: Mapping[str, frozenset[str]]) -> list[str]:
    """Words that share the first or the last character: one wrong character leaves one of them."""
    return sorted(words.get(f"{typed[0]}…", frozenset()) | words.get(f"…{typed[-1]}", frozenset()))


def _sounds(typed: str, word: str, alike: Mapping[str, frozenset[str]]) -> bool:
    wrong = [(a, b) for a, b in zip(typed, word, strict=True) if a != b]
    return len(wrong) == 1 and all(b in alike.get(a, ()) for a, b in wrong)


@lru_cache(maxsize=4)
def _by_length(words: frozenset[str]) -> Mapping[int, Mapping[str, frozenset[str]]]:
    """Length → all words of it ("") and those that begin ("普…") or end ("…率") with a character."""
    found: dict[int, dict[str, set[str]]] = {}
    for word in words:
        if len(word) >= _LEAST:
            group = found.setdefault(len(word), {})
            for key in ("", f"{word[0]}…", f"…{word[-1]}"):
                group.setdefault(key, set()).add(word)
    return {size: {key: frozenset(members) for key, members in group.items()} for size, group in sorted(found.items())}
