"""Every number of a finished paper walked back, sentence by sentence and cell by cell, to what it rests on.

The Word file is read as whoever receives it reads it; nothing is taken from the values it was filled with. For each place the
caller's `SourcesOf` says what may stand there: a row of the points table has its own line of the ledger, a sentence with
evidence numbers has the figures of exactly these places. A number that is right elsewhere in the record is wrong here.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from fractions import Fraction

from lxml import etree

from review.papers.numbers import without_round_sizes
from scoring_rules.rounding import half_up

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
NUMBER = re.compile(r"\d+(?:\.\d+)?")
_AMOUNT = re.compile(rf"({NUMBER.pattern})(?:\s?([万亿])(?=元))?")
_SCALES = {"": 1, "万": 10**4, "亿": 10**8}
# 〔2019〕 is the year of a document's number, not a mark.
MARK = re.compile(r"〔(?!(?:19|20)\d\d〕)(\d+)〕")
_HASH = re.compile(r"\b[0-9a-f]{64}\b")
_ID = re.compile(r"(?<![A-Za-z0-9])[AB]\d+(?:-\d+)?")
_LEVEL_ONE = re.compile(r"^(?:[一二三四五六七八九十]+、|附件\d?　|附表\d　)")
# The numbering of paragraphs, annexes, tables and charts is the paper's own.
_FORM = re.compile(r"^\s*\d+\. |(?:附件：|附件|附表|图)\s?\d+(?:\. )?|SHA-256")
# The least that has to be left of a text that was cut (……) to be known by its beginning.
_LEAST = 6
CUT = "……"


@dataclass(frozen=True, slots=True)
class Place:
    """A paragraph, or a cell with its column's heading and its row by heading. section : the last heading before it."""

    section: str
    text: str
    column: str = ""
    row: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Source:
    """What may stand at a place. words : what it is; phrases : stand there whole; numbers : stand there alone."""

    words: str
    phrases: tuple[str, ...] = ()
    numbers: frozenset[Decimal] = frozenset()


@dataclass(frozen=True, slots=True)
class Traced:
    """A number (or a whole phrase with numbers) and the source it was found in."""

    number: str
    source: str
    place: Place


@dataclass(frozen=True, slots=True)
class Fault:
    """What cannot be traced, and where."""

    what: str
    place: Place

    @property
    def sentence(self) -> str:
        """For people."""
        where = f"{self.place.section}{'　' + self.place.column if self.place.column else ''}".strip()
        return f"{self.what}（{where or '文首'}：{self.place.text[:60]}）"


@dataclass(frozen=True, slots=True)
class Trace:
    """The numbers that were traced and the faults."""

    traced: tuple[Traced, ...]
    faults: tuple[Fault, ...]


SourcesOf = Callable[[Place], Sequence[Source]]


def trace(
    paper: bytes, sources_of: SourcesOf, ids: Iterable[str], *, read_as: Mapping[str, str] | None = None
) -> Trace:
    """The trace of a paper. ids : of the scheme's indicators, criteria and items; any other id is a fault.

    read_as : paragraphs that stand in other words with the same numbers, by those words: the first ones are traced.
    """
    known, found = frozenset(ids), []
    for place in places(paper):
        if read_as and not place.row:
            place = replace(place, text=read_as.get(place.text, place.text))
        found.append(trace_place(place, sources_of(place), known))
    return Trace(tuple(t for one in found for t in one.traced), tuple(f for one in found for f in one.faults))


def trace_place(place: Place, sources: Sequence[Source], ids: frozenset[str]) -> Trace:
    """The trace of one paragraph or cell."""
    text, traced = place.text, list[Traced]()
    # The longest first: a year inside the name of a file is the file's.
    phrases = {phrase: source.words for source in sources for phrase in source.phrases if _is_told(phrase)}
    for phrase in sorted(phrases, key=len, reverse=True):
        text, stood_there = _without(text, phrase)
        if stood_there:
            traced.append(Traced(phrase, phrases[phrase], place))
    faults = [Fault(f"校验码 {found} 不是记录里的", place) for found in _HASH.findall(text)]
    text = _FORM.sub(" ", MARK.sub(" ", _HASH.sub(" ", without_round_sizes(text))))
    faults += [Fault(f"方案里没有 {name}", place) for name in _ID.findall(text) if name not in ids]
    for found in _AMOUNT.finditer(_ID.sub(" ", text)):
        number = found[1]
        # 18.264亿元 is told of a source that says 1826400000.
        same = {Decimal(number), Decimal(number) * _SCALES[found[2] or ""]}
        words = next((source.words for source in sources if same & source.numbers), None)
        if words is None:
            faults.append(Fault(f"数 {number} 在记录中没有出处", place))
        else:
            traced.append(Traced(number, words, place))
    return Trace(tuple(traced), tuple(faults))


def _is_told(phrase: str) -> bool:
    """Whether there is a number to trace in it; an id alone is looked up in the scheme."""
    return NUMBER.search(phrase) is not None and _ID.fullmatch(phrase) is None


def _without(text: str, phrase: str) -> tuple[str, bool]:
    """The text without the phrase, or without its beginning where the text was cut; and whether it stood there."""
    if phrase in text:
        before = r"(?<![A-Za-z0-9.])" if phrase[0].isascii() else ""
        shorter, count = re.subn(
            f"{before}{re.escape(phrase)}" + (r"(?!\d)" if phrase[-1].isdigit() else ""), " ", text
        )
        return shorter, bool(count)
    place = text.find(CUT)
    while place >= 0:
        for length in range(min(len(phrase), place), _LEAST - 1, -1):
            if text.endswith(phrase[:length], 0, place):
                return text[: place - length] + " " + text[place + len(CUT) :], True
        place = text.find(CUT, place + 1)
    return text, False


def marks(text: str) -> tuple[int, ...]:
    """The evidence numbers of a sentence or cell: 〔3〕〔8〕 → (3, 8)."""
    return tuple(int(number) for number in MARK.findall(text))


def places(paper: bytes) -> Iterator[Place]:
    """The paragraphs and cells of the body in their order; the head row of a table is left out."""
    with zipfile.ZipFile(io.BytesIO(paper)) as archive:
        body = etree.fromstring(archive.read("word/document.xml")).find(f"{_W}body")
    section = ""
    for block in () if body is None else body:
        if block.tag == f"{_W}tbl":
            rows = [[_text(cell) for cell in row.iter(f"{_W}tc")] for row in block.iter(f"{_W}tr")]
            head = rows[0]
            for number, cells in enumerate(rows[1:], 1):
                row = dict(zip(head, cells, strict=False)) | {"#": str(number)}
                for column, text in zip(head, cells, strict=False):
                    # A running number is numbering.
                    if not (column == "序号" and text == str(number)):
                        yield Place(section, text, column, row)
        else:
            text = _text(block)
            if _LEVEL_ONE.match(text):
                section = text
            yield Place(section, text)


def _text(element: etree._Element) -> str:
    """The words; a line break only stands in titles, where it parts nothing."""
    return "".join(found.text or "" for found in element.iter(f"{_W}t"))


def decimals(value: Fraction | None) -> frozenset[Decimal]:
    """A number as papers print it, without its sign: with two and with four decimals."""
    if value is None:
        return frozenset()
    return frozenset(exact(half_up(abs(value), places)) for places in (2, 4))


def exact(value: Fraction | Decimal | int) -> Decimal:
    """The same number as a decimal."""
    if isinstance(value, Fraction):
        return Decimal(value.numerator) / Decimal(value.denominator)
    return Decimal(value)


def numbers_in(text: str) -> frozenset[Decimal]:
    """Every number that stands in the text."""
    return frozenset(Decimal(number) for number in NUMBER.findall(text))
