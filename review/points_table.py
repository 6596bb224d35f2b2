"""Self points in a table of an office file: found by the table's header, never guessed. What is not understood is listed.

Works on the cells as the reading process gives them (ingest.pages.Span of kind "cell"), so the file itself is opened in a process
of its own with limits, like every other file a district hands in.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from ingest.pages import ParsedPage
from review.errors import RefusedRecordError
from review.file_tables import Cell, Table, plain_words, tables_of
from review.self_points import Entry, bonus_id, faults_of, owners, read_entry
from review.self_template import MARK
from scoring_rules.quoted import is_decimal
from scoring_rules.rounding import exact_text
from scoring_rules.scheme import Criterion, Scheme

_POINTS = re.compile(
    r"^(?:区县|县区|本级|单位)?自(?:评|查)(?:得分|打分|赋分|评分|分值|分数|分)$|^自查自评(?:得|打)?分$"
)
_REASON = re.compile(
    r"得失分说明|得分说明|失分说明|扣分(?:原因|说明)|自评(?:说明|依据|理由)|得分(?:依据|理由)|^理由$|^说明$|^备注$"
)
_ID = re.compile(r"B(\d{1,2})(?:[-－—–‐.．](\d{1,2}))?(?!\d)", re.IGNORECASE)
_TOTAL = re.compile(r"^(?:合计|总计|总分|总得分|自评总分)")
_BONUS_SAID = re.compile(r"(?:申请|申报)加分[为是共计：:\s]{0,4}(\d+(?:\.\d+)?)\s*分")
_TOTAL_SAID = re.compile(r"自评(?:总得分|总分|得分合计)[为是共计：:\s]{0,4}(\d+(?:\.\d+)?)\s*分")
_LEAST_NAME = 12  # characters of an item's official text that name it
_HEADER_WITHIN = 20


@dataclass(frozen=True, slots=True)
class Found:
    """An entry that was read, and where its points stand."""

    entry: Entry
    place: str


@dataclass(frozen=True, slots=True)
class Unread:
    """Something that was not taken over. why : Chinese, without a full stop."""

    place: str
    text: str
    why: str

    def to_json(self) -> dict[str, str]:
        """The entry as JSON data."""
        return {"place": self.place, "text": self.text, "why": self.why}


@dataclass(slots=True)
class Reading:
    """What a file says. stated : names of a template's head (评价方案, 评价年度, 区县) → values. notes : Chinese sentences."""

    entries: dict[str, Found] = field(default_factory=dict)
    unread: list[Unread] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    stated: dict[str, str] = field(default_factory=dict)
    tables: int = 0


def read_points(pages: Iterable[ParsedPage], scheme: Scheme) -> Reading:
    """The self points in all tables of a file that have a column for them, and the bonus claimed."""
    reading = Reading()
    listed = list(pages)
    places: dict[str, list[Found]] = defaultdict(list)
    totals: list[tuple[Fraction, str]] = []
    for table, is_template in tables_of(listed, MARK):
        _read_table(table, scheme, reading, places, totals, is_template=is_template)
    _take_over(places, reading)
    _read_sentences(listed, scheme, reading, totals)
    _settle(reading, scheme)
    _compare_totals(reading, scheme, totals)
    if any(page.state == "waiting" for page in listed):
        reading.notes.append("文件里有图片，图片中的表格没有读；请以文字表格填写，或用模板填写")
    return reading


def _read_table(
    table: Table,
    scheme: Scheme,
    reading: Reading,
    places: dict[str, list[Found]],
    totals: list[tuple[Fraction, str]],
    *,
    is_template: bool,
) -> None:
    header = next((number for number, row in enumerate(table[:_HEADER_WITHIN]) if _points_columns(row)), None)
    if header is None:
        return
    columns = _points_columns(table[header])
    if len(columns) > 1:
        reading.unread.append(
            Unread(table[header][0].place, "、".join(columns.values()), "有几列都像自评得分，无法判断是哪一列")
        )
        return
    reading.tables += 1
    (points_column,) = columns
    names = {cell.column: plain_words(cell.text) for cell in table[header]}
    reason_column = next(
        (column for column, name in names.items() if _REASON.search(name) and column != points_column), ""
    )
    if is_template:
        reading.stated |= {plain_words(row[0].text): row[1].text.strip() for row in table[:header] if len(row) == 2}
    known = _names(scheme)
    here: dict[str, Found] = {}
    blank: set[str] = set()
    twice: set[str] = set()
    for row in table[header + 1 :]:
        by_column = {cell.column: _without_header(cell, names) for cell in row}
        place = {cell.column: cell.place for cell in row}
        points = by_column.get(points_column, "").strip()
        reason = by_column.get(reason_column, "") if reason_column else ""
        others = [text for column, text in by_column.items() if column not in (points_column, reason_column)]
        key = _key(others, known)
        where = place.get(points_column, row[0].place)
        if key is None:
            _no_key(row, others, points, where, reading, totals)
            continue
        if not points:
            blank.add(key)
            if reason.strip():
                reading.unread.append(Unread(place[reason_column], reason.strip()[:60], f"{key} 有说明而没有分数"))
            continue
        try:
            entry = read_entry(key, _number(points), reason, scheme)
        except RefusedRecordError as exc:
            reading.unread.append(Unread(where, points, exc.reason))
            continue
        if key in here or key in twice:
            # Also when both are alike: two rows of one criterion may be two halves of it.
            reading.unread.append(Unread(where, points, f"{key} 在同一张表里有几行分数，无法判断哪一行算数"))
            if key in here:
                first = here.pop(key)
                reading.unread.append(
                    Unread(first.place, first.entry.words, f"{key} 在同一张表里有几行分数，无法判断哪一行算数")
                )
            twice.add(key)
            continue
        here[key] = Found(entry, where)
    for criterion in scheme.criteria:
        _one_criterion(criterion, here, blank, is_template, reading)
    for key, found in here.items():
        places[key].append(found)


def _points_columns(row: Sequence[Cell]) -> dict[str, str]:
    """Columns of a row whose words say that self points stand below."""
    return {cell.column: cell.text for cell in row if _POINTS.match(plain_words(cell.text).split("(")[0])}


def _without_header(cell: Cell, names: Mapping[str, str]) -> str:
    """The cell's own text: some readers put the words of the column before it."""
    before, colon, after = cell.text.partition("：")
    if colon and plain_words(before) and names.get(cell.column, "") == plain_words(before):
        return after.strip()
    return cell.text


def _names(scheme: Scheme) -> dict[str, str]:
    """Official names of criteria and the beginnings of items' texts → id; what is not unique is left out."""
    named = [(plain_words(criterion.name), criterion.id) for criterion in scheme.criteria]
    named += [
        (plain_words(item.text)[:_LEAST_NAME], item.id)
        for item in scheme.items
        if item.id not in owners(scheme).values()
    ]
    counts = Counter(name for name, _ in named)
    return {name: key for name, key in named if counts[name] == 1 and len(name) >= 4}


def _key(texts: Sequence[str], known: Mapping[str, str]) -> str | None:
    """The id a row is about: of several the most specific one that fits the others; None when there is none, or they disagree."""
    found = []
    for text in texts:
        plain = plain_words(text)
        if match := _ID.match(plain):
            found.append(f"B{int(match[1])}" + (f"-{int(match[2])}" if match[2] else ""))
        elif plain in known:
            found.append(known[plain])
        elif plain[:_LEAST_NAME] in known:
            found.append(known[plain[:_LEAST_NAME]])
    items = {key for key in found if "-" in key}
    wholes = {key for key in found if "-" not in key}
    if len(items) > 1 or len(wholes) > 1:
        return None
    if items:
        (item,) = items
        return item if not wholes or item.split("-")[0] in wholes else None
    return next(iter(wholes), None)


def _number(text: str) -> str:
    """The digits of what was typed, with full-width ones and a final 分 understood."""
    plain = plain_words(text)
    return plain.removesuffix("分") if is_decimal(plain.removesuffix("分")) else plain


def _no_key(
    row: Sequence[Cell],
    others: Sequence[str],
    points: str,
    where: str,
    reading: Reading,
    totals: list[tuple[Fraction, str]],
) -> None:
    """A row without an id: the total, a heading, or something to be listed."""
    everything = [plain_words(text) for text in others]
    total = next(
        (text for text in [*everything, *(plain_words(cell.text) for cell in row)] if _TOTAL.match(text)), None
    )
    if total is not None:
        number = _number(points or total.partition(":")[2])
        if is_decimal(number):
            totals.append((Fraction(number), where))
    elif points:
        said = " ".join(text for text in others if text)[:60] or "（没有编号）"
        reading.unread.append(Unread(where, points, f"这一行（{said}）认不出是哪个指标"))


def _one_criterion(
    criterion: Criterion, here: dict[str, Found], blank: set[str], is_template: bool, reading: Reading
) -> None:
    """Decides between a whole and its items where a table has both, and refuses what could be either."""
    items = [item.id for item in criterion.items if item.id != criterion.id]
    given = [key for key in items if key in here]
    if criterion.id in here and given:
        whole = here[criterion.id]
        total = sum((here[key].entry.points or Fraction(0) for key in given), Fraction(0))
        if len(given) == len(items) and whole.entry.points == total:
            reading.notes.append(f"{criterion.id} 一行的 {whole.entry.words} 是各要点之和，按各要点采用")
            del here[criterion.id]
            return
        reading.unread.append(
            Unread(
                whole.place, whole.entry.words,
                f"{criterion.id} 既有总分，又有要点分（{len(given)}/{len(items)} 个要点，合计 {exact_text(total)}），两者不能同时采用",
            )
        )  # fmt: skip
        for key in (criterion.id, *given):
            del here[key]
    elif given and len(given) < len(items) and not is_template and set(items) & blank:
        # A merged cell reads like this too: one number beside several items.
        for key in given:
            reading.unread.append(
                Unread(
                    here[key].place, here[key].entry.words,
                    f"{criterion.id} 只有部分要点有分，可能是合并的单元格，无法判断是 {key} 的分还是整个 {criterion.id} 的分",
                )
            )  # fmt: skip
            del here[key]


def _take_over(places: Mapping[str, list[Found]], reading: Reading) -> None:
    """One entry per id out of all tables; different ones are listed and none is taken."""
    for key, found in places.items():
        if (
            len({(one.entry.points, one.entry.reason) for one in found}) == 1
            or len({one.entry.points for one in found}) == 1
        ):
            reading.entries[key] = max(found, key=lambda one: len(one.entry.reason))
            continue
        listed = "、".join(f"{one.entry.words}（{one.place}）" for one in found)
        reading.unread.append(Unread(found[0].place, found[0].entry.words, f"{key} 在几张表里不一样：{listed}"))


def _read_sentences(
    pages: Sequence[ParsedPage], scheme: Scheme, reading: Reading, totals: list[tuple[Fraction, str]]
) -> None:
    """The bonus claimed and the total as sentences state them."""
    bonus = bonus_id(scheme)
    said: list[tuple[Fraction, str]] = []
    for page in pages:
        for span in page.spans:
            if span.kind not in ("paragraph", "heading") or "hidden" in span.locator:
                continue
            text, place = plain_words(page.text[span.start : span.end]), str(span.locator.get("path", page.label))
            said += [(Fraction(number), place) for number in _BONUS_SAID.findall(text)]
            totals += [(Fraction(number), place) for number in _TOTAL_SAID.findall(text)]
    values = {value for value, _ in said}
    known = reading.entries.get(bonus)
    if len(values) > 1 or (known is not None and values - {known.entry.points}):
        listed = "、".join(f"{exact_text(value)}（{place}）" for value, place in said)
        reading.unread.append(Unread(said[0][1], exact_text(said[0][0]), f"申请加分说法不一：{listed}，没有采用"))
        reading.entries.pop(bonus, None)
    elif values and known is None:
        reading.entries[bonus] = Found(Entry(said[0][0], ""), said[0][1])


def _settle(reading: Reading, scheme: Scheme) -> None:
    """Takes out what no sheet could hold: unknown ids, points beyond the maximum, a criterion whole in one table and by items in another."""
    owner = owners(scheme)
    for key in [key for key in reading.entries if key not in owner]:
        found = reading.entries.pop(key)
        reading.unread.append(Unread(found.place, found.entry.words, f"方案里没有“{key}”这个编号"))
    for criterion in scheme.criteria:
        mine = {key: found for key, found in reading.entries.items() if owner[key] == criterion.id}
        if faults := faults_of({key: found.entry for key, found in mine.items()}, scheme):
            for key, found in mine.items():
                why = next((fault for fault in faults if fault.startswith(f"{key} ")), faults[0])
                if why.startswith(f"{key} ") or len(mine) == 1 or "既填了" in why:
                    reading.unread.append(Unread(found.place, found.entry.words, why))
                    del reading.entries[key]


def _compare_totals(reading: Reading, scheme: Scheme, totals: Sequence[tuple[Fraction, str]]) -> None:
    bonus = bonus_id(scheme)
    points = {key: found.entry.points or Fraction(0) for key, found in reading.entries.items()}
    without = sum((value for key, value in points.items() if key != bonus), Fraction(0))
    for value, place in dict.fromkeys(totals):
        if value not in (without, without + points.get(bonus, Fraction(0))):
            reading.notes.append(
                f"{place}写的总分是 {exact_text(value)}，读到的各项相加是 {exact_text(without)}，请核对"
            )
