"""What a text asks of the evidence: its words, other words for them, and the figures and numbers that must be met exactly."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from retrieval.synonyms import Synonyms, load_synonyms
from retrieval.tokens import normalise, tokens

# Words of a question that name nothing. They stay in its pairs of characters; alone they would match everything.
_ASKING = re.compile(
    r"是多少|有多少|多少|是否|有没有|有无|什么时候|什么|哪一?[些个家所年份天条项座]|哪里|哪儿|怎么样|怎么|如何|为什么|几[个次所人家名项年月]"
    r"|是不是|能不能|请问|[谁吗呢的了地得和与及或在是把被都也就还有对为从到按以]"
)
_CHINESE = re.compile("[\u3400-\u9fff]")
# Single characters carry a question; in a paragraph every one of them is met everywhere.
_SHORT, _LONG = 40, 70

_FIGURE = re.compile(
    r"(?<![0-9a-z.\-])(?P<number>\d+(?:,\d{3})*(?:\.\d+)?)(?P<unit>%|个百分点|亿元|万元|元|万人|平方米|人次|课时|学时|[人名所个份件次项期班栋册张台间])?"
)
_DOCUMENT_NUMBER = re.compile(r"[\[(](\d{4})[\])]第?(\d+)号")
_ITEM = re.compile(r"(?<![0-9a-z])b\d{1,2}(?:-\d{1,2})?(?![0-9a-z])")
_YEAR = re.compile(r"(?:19|20)\d\d")
DASH: Final = "[-‐‑‒–—―−－]"  # pattern of what people write in item ids
_LEAST_DIGITS = 3  # a bare number below is a count of anything


@dataclass(frozen=True, slots=True)
class ExactMark:
    """A figure, document number or item id of the question. token : of full-text search. pattern : finds it in normalised text."""

    token: str
    pattern: re.Pattern[str]


@dataclass(frozen=True, slots=True)
class SearchText:
    """A question, or any other text that evidence is wanted for.

    words : tokens of full-text search, each once. characters : single Chinese characters, without those that only ask.
    character_weight : 1 for a question, falling to 0 for a paragraph. others : normalised words that may stand for some of it.
    exact : what must be met to the letter.
    """

    text: str
    words: tuple[str, ...]
    characters: tuple[str, ...]
    character_weight: float
    others: tuple[str, ...]
    exact: tuple[ExactMark, ...]


def search_text(text: str, synonyms: Synonyms | None = None) -> SearchText:
    """The text taken apart. synonyms : by default the shipped ones."""
    folded = normalise(text)
    weight = min(max((_LONG - len(folded)) / (_LONG - _SHORT), 0.0), 1.0)
    return SearchText(
        text,
        tuple(dict.fromkeys(tokens(text))),
        tuple(dict.fromkeys(_CHINESE.findall(_ASKING.sub("，", folded)))) if weight else (),
        weight,
        (synonyms or load_synonyms()).expand(text),
        exact_marks(folded),
    )


def exact_marks(folded: str) -> tuple[ExactMark, ...]:
    """Document numbers, item ids, and figures with a unit, a decimal part or at least three digits; years are none of them.

    folded : normalised text. 8,000元 and 8000 元 are the same mark.
    """
    marks: dict[str, ExactMark] = {}
    for match in _DOCUMENT_NUMBER.finditer(folded):
        year, serial = match.groups()
        token = f"[{year}]{serial}号"
        marks[token] = ExactMark(token, re.compile(rf"[\[(〔【]{year}[\])〕】]第?{serial}号"))
    rest = _DOCUMENT_NUMBER.sub("，", folded)
    for match in _ITEM.finditer(rest):
        marks[match.group()] = ExactMark(match.group(), _item(match.group()))
    for match in _FIGURE.finditer(_ITEM.sub("，", rest)):
        number, unit = match["number"].replace(",", ""), match["unit"] or ""
        if _YEAR.fullmatch(number) and (not unit or rest[match.end("number") :].startswith("年")):
            continue
        if not unit and "." not in number and len(number) < _LEAST_DIGITS:
            continue
        if unit and unit != "%" and len(number) < 2:
            continue  # 3个 is said of anything
        token = f"{number}%" if unit == "%" else number
        marks[token + unit] = ExactMark(
            token, re.compile(_grouped(number) + re.escape(unit) + ("" if unit else r"(?![0-9.,%]\d?)"))
        )
    return tuple(marks.values())


def _grouped(number: str) -> str:
    """A pattern of the number with or without thousands marks, not inside a longer one."""
    whole, point, part = number.partition(".")
    digits = ",?".join(whole)
    return rf"(?<![0-9.])(?<![0-9],){digits}" + (rf"\.{part}" if point else "")


def _item(id_: str) -> re.Pattern[str]:
    return re.compile(rf"(?<![0-9a-z]){id_.replace('-', DASH)}(?![0-9a-z])(?!{DASH}\d)")
