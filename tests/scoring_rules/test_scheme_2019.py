"""The shipped scheme says what the official document says."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from fractions import Fraction
from functools import cache
from importlib.resources import files

import pytest

from scoring_rules.scheme_loader import load_scheme

FOLDER = files("corpus") / "schemes" / "2019"
SOURCES = (FOLDER / "SOURCES.md").read_text(encoding="utf-8")
REPAIR_ROW = re.compile(r"^\| (\d+)(?:–(\d+))? \| (\d+) \| `(.+?)` \| `(.+?)` \|", re.MULTILINE)

POINTS = {
    "B1": 60, "B2": 40, "B3": 10, "B4": 10, "B5": 40, "B6": 60, "B7": 15, "B8": 40, "B9": 5, "B10": 30, "B11": 50,
    "B12": 70, "B13": 90, "B14": 250, "B15": 40, "B16": 70, "B17": 60, "B18": 10, "B19": 40, "B20": 10, "B21": 20,
}  # fmt: skip
ITEM_COUNTS = [2, 2, 2, 2, 6, 7, 2, 4, 1, 2, 2, 2, 3, 6, 4, 6, 3, 3, 4, 1, 1]


@cache
def official_lines() -> tuple[str, ...]:
    return tuple((FOLDER / "official.txt").read_bytes().decode("utf-8").split("\n"))


@cache
def repaired_lines() -> tuple[str, ...]:
    """official.txt after the repairs of SOURCES.md; a joined passage stands on its first line, line numbers stay."""
    lines = list(official_lines())
    rows = REPAIR_ROW.findall(SOURCES)
    assert rows, "SOURCES.md lists no repairs"
    for first, last, times, found, read in rows:
        start, end = int(first) - 1, int(last or first)
        found, read = found.replace("␠", " ").replace("⏎", "\n"), read.replace("␠", " ")
        joined = "\n".join(lines[start:end])
        assert joined.count(found) == int(times), f"第 {first} 行的“{found}”不是 {times} 次"
        lines[start:end] = [joined.replace(found, read)] + [""] * (end - start - 1)
    return tuple(lines)


def pieces() -> list[tuple[str, int, str]]:
    """(what, line, words exactly as the repaired document has them, with the number in front)."""
    scheme = load_scheme()
    found = []
    for indicator in scheme.indicators:
        found.append((indicator.id, indicator.place.line, f"{indicator.id} {indicator.name}\t"))
        for criterion in indicator.criteria:
            found.append((criterion.id, criterion.place.line, f"{criterion.id} {criterion.name}\t"))
            for item in criterion.items:
                number = "" if item.id == criterion.id else f"{item.id} "
                found.append((f"评价要点 {item.id}", item.place.line, f"{number}{item.text}\t"))
    for ordinal, condition in zip("一二三四五六", scheme.conditions, strict=True):
        found.append((f"附件 1 第{ordinal}条", condition.place.line, f"{ordinal}、{condition.text}"))
    for step in scheme.procedure:
        has_title = step.id.startswith("三（")
        number = step.id[1:]
        found.append((step.id, step.place.line, number + (f"{step.title}。" if has_title else "") + step.text))
    return found


def test_原文一个字节也没有改() -> None:
    digest = hashlib.sha256((FOLDER / "official.txt").read_bytes()).hexdigest()
    assert f"`{digest}`" in SOURCES


@pytest.mark.parametrize(("what", "line", "words"), pieces(), ids=[what for what, _, _ in pieces()])
def test_文字与修复后的原文逐字相同(what: str, line: int, words: str) -> None:
    # A cell ends with a tab, or at the end of the line where the conversion dropped the empty last cell.
    assert words in repaired_lines()[line - 1] + "\t"


def test_步骤一段不落() -> None:
    for step in load_scheme().procedure:
        assert repaired_lines()[step.place.line - 1].endswith(step.text), step.id


def test_不算修复也找得到每个评价要点() -> None:
    """A second way to the same end that does not rest on the list of repairs: NFKC, without spaces."""

    def squeezed(text: str) -> str:
        return "".join(unicodedata.normalize("NFKC", text).split())

    official = squeezed("\n".join(official_lines()))
    for item in load_scheme().items:
        assert squeezed(item.text) in official, item.id


def test_修复表没有漏掉损坏处() -> None:
    damage = re.compile(r"[,;()]|\band\b|区县府|对县人民|[一-鿿] [一-鿿]")
    body = repaired_lines()[: 216 - 1]
    assert [(number, line) for number, line in enumerate(body, start=1) if damage.search(line)] == []


def test_文件头() -> None:
    scheme = load_scheme()
    lines = repaired_lines()
    assert scheme.document_number == lines[5 - 1] == "济政办发〔2019〕5号"
    assert scheme.title == lines[21 - 1].removeprefix("# ")
    assert scheme.issuer == lines[15 - 1]
    year, month, day = re.findall(r"\d+", lines[17 - 1])
    assert scheme.issued == f"{year}-{int(month):02}-{int(day):02}"


def test_二十一个二级指标与分值() -> None:
    assert {c.id: c.points for c in load_scheme().criteria} == POINTS
    assert [c.id for c in load_scheme().criteria if c.is_bonus] == ["B21"]


def test_六十五个评价要点() -> None:
    scheme = load_scheme()
    assert [len(c.items) for c in scheme.criteria] == ITEM_COUNTS
    assert len({i.id for i in scheme.items}) == sum(ITEM_COUNTS) == 65
    assert [i.id for i in scheme.items if "-" not in i.id] == ["B9", "B20", "B21"]


def test_满分一千_加分二十另计() -> None:
    scheme = load_scheme()
    assert [(i.id, i.points) for i in scheme.indicators] == [
        ("A1", 120), ("A2", 190), ("A3", 500), ("A4", 130), ("A5", 60), ("A6", 0),
    ]  # fmt: skip
    assert sum(i.points for i in scheme.indicators) == scheme.full_points == 1000
    assert scheme.bonus_cap == 20


def test_份额合起来正是二级指标的分值() -> None:
    scheme = load_scheme()
    for criterion in scheme.criteria:
        assert sum((scheme.share(item.id) for item in criterion.items), Fraction(0)) == criterion.points
    assert scheme.share("B5-5") == Fraction(20, 3)


def test_四个等级由高到低() -> None:
    assert [(g.name, g.at_least) for g in load_scheme().grades] == [
        ("优秀", 900),
        ("良好", 750),
        ("合格", 600),
        ("不合格", 0),
    ]
    for grade in load_scheme().grades:
        assert grade.text in official_lines()[grade.place.line - 1]


def test_附件一六条() -> None:
    assert [c.id for c in load_scheme().conditions] == list("123456")


def test_组织实施与结果运用() -> None:
    expected = ["三", *(f"三（{n}）" for n in "一二三四五六"), *(f"四（{n}）" for n in "一二三")]
    assert [s.id for s in load_scheme().procedure] == expected
