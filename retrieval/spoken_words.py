"""How people say what the papers write: 老师有证的比例 for 教师持证上岗率 (`corpus/questions/spoken.yaml`)."""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files

from retrieval.errors import RetrievalError
from retrieval.numbers import chinese_integer
from scoring_rules.yaml_source import Faults, parse_yaml

_SPOKEN_YEAR = re.compile(
    r"(?<![零〇一二三四五六七八九十百千万两\d])(?:二[零〇])?(一[零〇一二三四五六七八九])(?=年(?!级|制|龄))"
)


class SpokenWordsError(RetrievalError):
    """The file of spoken words is wrong.  faults : every fault, one Chinese sentence each."""

    def __init__(self, faults: tuple[str, ...]) -> None:
        self.faults = faults
        super().__init__("口头说法文件有错，请逐处改正：\n" + "\n".join(faults))


@cache
def load_spoken_words() -> tuple[tuple[str, str], ...]:
    """(said, written), in the order of the file. Raises SpokenWordsError with every fault."""
    return read_spoken_words((files("corpus") / "questions" / "spoken.yaml").read_text(encoding="utf-8"))


def read_spoken_words(text: str) -> tuple[tuple[str, str], ...]:
    """The pairs in YAML text. Raises SpokenWordsError with every fault."""
    faults = Faults("spoken.yaml")
    pairs: dict[str, str] = {}
    for node in parse_yaml(text, faults).mapping(["words"])["words"].sequence():
        part = node.mapping(["said", "written"])
        said, written = part["said"].text(), part["written"].text()
        if said in pairs or said == written:
            node.fault(f"“{said}”写了两次，或与写法相同。")
        pairs[said] = written
    if faults:
        raise SpokenWordsError(tuple(faults.sentences))
    return tuple(pairs.items())


def as_written(text: str) -> str:
    """The text in the words of the papers."""
    for said, written in load_spoken_words():
        if written not in text:
            text = text.replace(said, written)
    return text


def years_in_digits(text: str) -> str:
    """The text with years as people say them in digits: 一五年 is 2015年."""
    return _SPOKEN_YEAR.sub(lambda match: str(2000 + chinese_integer(match[1])), text)
