"""Words that tell whether a sentence says that something is done, lacking, planned or demanded (`corpus/verdicts/words.yaml`)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from retrieval.errors import RetrievalError
from scoring_rules.yaml_source import Faults, Node, parse_yaml

# What a section is about, in the order in which it is asked; one that is about good and bad (效果与不足) says nothing by itself.
_HEADINGS = ("mixed", "plan", "demand", "lacking")


class VerdictWordsError(RetrievalError):
    """The file of words is wrong.  faults : every fault, one Chinese sentence each."""

    def __init__(self, faults: tuple[str, ...]) -> None:
        self.faults = faults
        super().__init__("判断用词文件有错，请逐处改正：\n" + "\n".join(faults))


@dataclass(frozen=True, slots=True)
class VerdictWords:
    """One pattern for each kind of words, for text without spaces; what each is for stands in the file.

    headings : (mood, words) in the order in which they are asked for.
    """

    lacking: re.Pattern[str]
    not_lacking: re.Pattern[str]
    denied_lack: re.Pattern[str]
    bad: re.Pattern[str]
    denied_before: re.Pattern[str]
    denied_after: re.Pattern[str]
    asserted: re.Pattern[str]
    settled: re.Pattern[str]
    persists: re.Pattern[str]
    countered: re.Pattern[str]
    plan: re.Pattern[str]
    not_plan: re.Pattern[str]
    demand: re.Pattern[str]
    not_demand: re.Pattern[str]
    done: re.Pattern[str]
    higher_is_bad: re.Pattern[str]
    headings: tuple[tuple[str, tuple[str, ...]], ...]


_PATTERNS = tuple(name for name in VerdictWords.__slots__ if name != "headings")


@cache
def load_verdict_words() -> VerdictWords:
    """The shipped words.  Raises VerdictWordsError with every fault."""
    source = files("corpus") / "verdicts" / "words.yaml"
    return read_verdict_words(source.read_text(encoding="utf-8"))


def read_verdict_words(text: str) -> VerdictWords:
    """The words in YAML text.  Raises VerdictWordsError with every fault."""
    faults = Faults("words.yaml")
    root = parse_yaml(text, faults).mapping([*_PATTERNS, "headings"])
    patterns = {name: _pattern(root[name]) for name in _PATTERNS}
    moods = root["headings"].mapping(_HEADINGS)
    headings = tuple((mood, moods[mood].texts()) for mood in _HEADINGS)
    if faults:
        raise VerdictWordsError(tuple(faults.sentences))
    return VerdictWords(headings=headings, **patterns)


def _pattern(node: Node) -> re.Pattern[str]:
    """All the fragments as one alternative; a fragment that is no regular expression is a fault of its own."""
    sound = []
    for fragment in node.sequence():
        words = fragment.text()
        try:
            re.compile(words)
        except re.error as exc:
            fragment.fault(f"“{words}”不是正确的正则表达式（{exc}），请改正。")
            continue
        sound.append(words)
    return re.compile("|".join(sound))
