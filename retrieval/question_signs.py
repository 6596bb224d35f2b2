"""What the wording of a question shows of its kind: runs of one to three characters, and which sorts of names stand in it.

Names are put aside for signs (a metric, an item, a district …), so that 普惠率是多少 and 近视率是多少 are the same wording. Training
(`retrieval.question_training`) and reading (`retrieval.question_kinds`) both see a question through this module.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache

from retrieval.district_names import asks_of_others, district_names
from retrieval.metrics import Metrics
from retrieval.numbers import find_years
from retrieval.tokens import normalise
from scoring_rules.catalogue import Catalogue

ID_PATTERN = re.compile(r"(?<![A-Za-z0-9])([ABab])\s?(\d{1,2})(?:\s*[-－—–‐]\s*(\d))?(?![0-9%])")
# Asks for a number, a share, or a day.
FIGURE = re.compile(
    r"多少|(?<![这那哪近好前后第])几(?:所|个|人|次|名|起|元|分|成|间|条|项|年|套|处|回|家|块|岁|门|份|栋|件|天|万|张|台|本|班|位|场|期|批|倍)|(?:有|怎么|为什么|哪)两个数|比例|占比|百分|数量|人数|金额|率(?:是|为|达|有|怎|如|$|？|\?)|何时|哪年|哪一年|平均|总数"
)
ITEM, CRITERION, INDICATOR, OWN, OTHER, YEAR, METRIC, NAME, NUMBER = "①②③④⑤⑥⑦⑧⑨"
LONGEST = 3
_MARKS = re.compile(r"[\s?？!！。；;，,、:：“”\"（）()]+")
_NUMBERS = re.compile(r"\d+(?:\.\d+)?")
_ANNEX = re.compile(r"附件\s*[1一]")
_OURS = re.compile(r"我们|该区|区里|县里")
# Other ways to say the same word of a question; applied in this order.
_SAME = (
    ("为啥", "为什么"), ("为何", "为什么"), ("凭啥", "凭什么"), ("啥", "什么"), ("咋样", "怎么样"), ("咋", "怎么"), ("如何", "怎么"), ("怎样", "怎么"),
    ("是否", "是不是"), ("有无", "有没有"), ("咱们", "我们"), ("咱", "我们"), ("俺", "我们"), ("我区", "我们区"), ("本区", "我们区"), ("佐证材料", "材料"),
    ("佐证", "材料"), ("证据", "材料"), ("去年", "上年"), ("上一年度", "上年"), ("上年度", "上年"), ("上一年", "上年"),
)  # fmt: skip
_STEP = 5  # characters by which lengths of questions are told apart
_LONG = 4


def signs(
    text: str, catalogue: Catalogue, metrics: Metrics, *, district: str | None = None, districts: Sequence[str] = ()
) -> frozenset[str]:
    """The signs of a question.  district : the one the asker is in; of the others named, the first stands for it where it is None."""
    plain = _without_places(text, district, districts)
    named = _without_names(plain, catalogue, metrics)
    plain, named = (_NUMBERS.sub(NUMBER, words) for words in (plain, named))
    found = _runs(_same(plain)) | _runs(_same(named))
    found |= {f"has {sign}" for sign in (*"①②③④⑤⑥⑦⑧⑨",) if sign in named}
    found.add(f"length {min(_LONG, len(plain) // _STEP)}")
    for name, pattern in (("figure", FIGURE), ("own", _OURS)):
        if pattern.search(_same(plain)):
            found.add(f"asks {name}")
    if asks_of_others(plain):
        found.add("asks others")
    return frozenset(found)


def names_of(catalogue: Catalogue) -> tuple[re.Pattern[str], dict[str, str]]:
    """A pattern of all titles and aliases of items, normalised, the longest first, and the item each belongs to."""
    pairs = tuple(
        (normalise(word), item_id)
        for item_id, expectation in catalogue.expectations.items()
        for word in (expectation.title, *expectation.aliases)
    )
    return _pattern(pairs)


@lru_cache(maxsize=4)
def _pattern(pairs: tuple[tuple[str, str], ...]) -> tuple[re.Pattern[str], dict[str, str]]:
    owners = dict(pairs)
    return re.compile("|".join(re.escape(word) for word in sorted(owners, key=len, reverse=True))), owners


def _without_places(text: str, district: str | None, districts: Sequence[str]) -> str:
    """Ids, districts and years put aside."""
    bare = _ANNEX.sub("附件", unicodedata.normalize("NFKC", text).strip())
    bare = ID_PATTERN.sub(lambda m: ITEM if m[3] else CRITERION if m[1] in "Bb" else INDICATOR, bare)
    own = district
    for name in district_names(bare, [*([district] if district else []), *districts]):
        own = own or name
        sign = OWN if name == own else OTHER
        bare = bare.replace(name, sign) if name in bare else bare.replace(name[:-1], sign)
    for year in reversed(find_years(bare)):
        bare = bare[: year.start] + YEAR + bare[year.end :]
    return re.sub(f"{YEAR}年?度?", YEAR, bare)


def _without_names(text: str, catalogue: Catalogue, metrics: Metrics) -> str:
    """Metrics and items put aside."""
    for mention in reversed(metrics.mentions(text)):
        text = text[: mention.start] + METRIC + text[mention.end :]
    return names_of(catalogue)[0].sub(NAME, text)


def _same(text: str) -> str:
    for said, word in _SAME:
        text = text.replace(said, word)
    return _MARKS.sub(" ", text).strip().lower()


def _runs(text: str) -> set[str]:
    framed = f"^{text}$"
    runs = {framed[at : at + size] for size in range(1, LONGEST + 1) for at in range(len(framed) - size + 1)}
    return runs - {"^", "$", " "}
