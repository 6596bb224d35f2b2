"""Which conditions of 附件 1 a question names: by their number (第四条), or by words that only one of them has (乡镇补贴那条)."""

from __future__ import annotations

import re
from collections import Counter

from scoring_rules.scheme import Scheme

_DIGITS = {word: str(number) for number, word in enumerate("一二三四五六七八九", 1)}
_NUMBERED = re.compile(r"第\s*([一二三四五六七八九\d])\s*[条项个款种]")
_NO_WORD = re.compile(r"[^\u4e00-\u9fff]")
# A single pair of characters may stand there by chance: 学校 is said of everything.
_LEAST = 2


def named_conditions(text: str, scheme: Scheme) -> list[str]:
    """Ids of the conditions, by number where numbers are given; [] when none is named."""
    if numbered := numbers_named(text):
        return numbered
    pairs = {condition.id: _pairs(condition.text) for condition in scheme.conditions}
    common = Counter(pair for some in pairs.values() for pair in some)
    said = _pairs(text)
    own = {id_: sum(common[pair] == 1 for pair in some & said) for id_, some in pairs.items()}
    return [id_ for id_, count in own.items() if count >= _LEAST]


def numbers_named(text: str) -> list[str]:
    """The numbers of the conditions or entries a question names: 第四条 → "4"."""
    return [_DIGITS.get(word, word) for word in _NUMBERED.findall(text)]


def _pairs(text: str) -> set[str]:
    plain = _NO_WORD.sub("", text)
    return {plain[at : at + 2] for at in range(len(plain) - 1)}
