"""What counts as the same text when material is matched: folding, and the tokens of full-text search. Never used to store.

PDF makers insert spaces into stretched lines and write 民 as the radical ⺠; Word and Excel mix full and half width. Folding makes these
equal and remembers where each character came from, so that a match can be shown in the text as stored.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import Final

# CJK Radicals Supplement (U+2E80–2EF3) and the ideographs they stand for; NFKC maps only the Kangxi block and two of these.
_RADICALS: Final = dict(
    zip(
        "⺁⺃⺄⺅⺆⺈⺉⺊⺋⺌⺍⺎⺏⺐⺒⺓⺔⺕⺖⺗⺘⺙⺛⺝⺞⺟⺠⺡⺢⺣⺤⺥⺦⺧⺨⺩⺪⺫⺬⺭⺮⺯⺰⺱⺲⺶⺷⺸⺹⺺⺻⺼⺽⺾⺿⻀⻁⻂⻃⻄⻅⻆⻇⻈⻉⻊⻋⻌⻍⻎⻏⻐⻑⻒⻓⻔⻖⻗⻘⻙⻚⻛⻜⻝⻟⻠⻡⻢⻣⻤⻥⻦⻧⻨⻩⻪⻫⻬⻭⻮⻯⻰⻱⻲⻳",
        "厂乚乙亻冂刀刂卜㔾小小兀尣尢巳幺彑彐忄㣺扌攵旡月歺母民氵氺灬爫爫丬牛犭王疋目示礻竹糹纟罓罒羊羊羊耂肀聿肉臼艹艹艹虎衤覀西见角角讠贝足车辶辶辶阝钅長镸长门阝雨青韦页风飞食飠饣首马骨鬼鱼鸟卤麦黄黾斉齐歯齿竜龙龜亀龟",
        strict=True,
    )
)
# The same mark in its many forms: dashes of item ids and page ranges, brackets of document numbers, quotation marks.
_MARKS: Final = (
    dict.fromkeys("‐‑‒–—―−－﹣﹘", "-")
    | dict.fromkeys("〔【［﹝", "[")
    | dict.fromkeys("〕】］﹞", "]")
    | dict.fromkeys("“”„‟«»＂", '"')
    | dict.fromkeys("‘’‚‛＇", "'")
)
_CJK: Final = "㐀-鿿〇豈-﫿\U00020000-\U0003ffff"

_WORD_LENGTH: Final = 40

_TOKEN = re.compile(
    r"(?P<number>[\[(](?P<year>\d{4})[\])]第?(?P<serial>\d+)号)"
    r"|(?P<figure>\d+(?:,\d{3})*(?:\.\d+)?%?)"
    rf"|(?P<cjk>[{_CJK}]+)"
    rf"|(?P<word>(?:(?![{_CJK}])[^\W_])+(?:[-_'](?:(?![{_CJK}])[^\W_])+)*)"
)


@lru_cache(maxsize=16384)
def _fold_character(character: str) -> str:
    """What a character is matched as; "" for white space and for characters without a shape."""
    mapped = _RADICALS.get(character) or _MARKS.get(character)
    if mapped is None:
        mapped = unicodedata.normalize("NFKC", character).lower()
    if mapped.isspace() or unicodedata.category(character) in ("Cc", "Cf", "Zs", "Zl", "Zp"):
        return ""
    return mapped


def fold(text: str) -> tuple[str, list[int]]:
    """The text as it is matched, without any white space, and for each of its characters the index in `text` it comes from."""
    folded: list[str] = []
    origins: list[int] = []
    for index, character in enumerate(text):
        for part in _fold_character(character):
            if not part.isspace():
                folded.append(part)
                origins.append(index)
    return "".join(folded), origins


def normalise(text: str) -> str:
    """The text folded for search: like `fold`, but a space stays between two Latin letters or digits ("ISO 9001", "3 5")."""
    # Names and words come again with every question, thousands of them; passages and pages do not.
    return _normalised_word(text) if len(text) <= _WORD_LENGTH else _normalised(text)


@lru_cache(maxsize=32768)
def _normalised_word(text: str) -> str:
    return _normalised(text)


def _normalised(text: str) -> str:
    folded: list[str] = []
    gap = False
    for character in text:
        mapped = _fold_character(character)
        if not mapped:
            gap = True
            continue
        if gap and folded and _is_word(folded[-1][-1]) and _is_word(mapped[0]):
            folded.append(" ")
        folded.append(mapped.replace(" ", ""))
        gap = False
    return "".join(folded)


def _is_word(character: str) -> bool:
    """Whether two such characters belong together, so that a space between them matters."""
    return character.isalnum() and not "㐀" <= character <= "鿿" and character < "\U00020000"


def tokens(text: str) -> list[str]:
    """The tokens of full-text search, in order and with repeats.

    Chinese: pairs of neighbouring characters (a character alone stays alone, unless it only frames digits: 5人, 第3页).
    Figures: digits without thousands marks, with decimals; a percentage also with its sign. Whole: Latin words, item ids (b5-5), and the
    year and number of a document number ([2019]5号).
    """
    found: list[str] = []
    text = normalise(text)
    for match in _TOKEN.finditer(text):
        kind, word = match.lastgroup, match.group()
        if kind == "cjk":
            found += _pairs(word) if len(word) > 1 else [] if _touches_digit(text, match) else [word]
        elif kind == "figure":
            figure = word.replace(",", "")
            found.append(figure.rstrip("%"))
            if figure.endswith("%"):
                found.append(figure)
        elif kind == "number":
            found.append(f"[{match['year']}]{match['serial']}号")
        else:
            found.append(word)
    return found


def _pairs(run: str) -> list[str]:
    return [run[i : i + 2] for i in range(len(run) - 1)]


def _touches_digit(text: str, match: re.Match[str]) -> bool:
    before, after = text[: match.start()][-1:], text[match.end() : match.end() + 1]
    return before.isdecimal() or before == "%" or after.isdecimal()
