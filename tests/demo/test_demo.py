"""演示材料：文件齐全、能打开、处处标明虚构，与 YAML 一致，有意留下的毛病一个不多一个不少。"""

from __future__ import annotations

import re
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

import pytest
import yaml

from corpus.demo.build import build
from corpus.demo.sources import DISTRICT, FOLDER, MARK, Source, cells, load_sources
from scoring_rules.scheme_loader import load_scheme
from tests.demo.reading import docx_body, docx_frame, pdf_pages, squeeze, whole_text, xlsx_cells

BUILT = FOLDER / DISTRICT
SOURCES = load_sources()
FACTS = yaml.safe_load((FOLDER / "facts.yaml").read_text(encoding="utf-8"))
MISSING = {"B4-2", "B7-2", "B16-5", "B19-2"}
# Words only a paper on a missing item would use; the official names of criteria do not count.
WORDS_OF_MISSING = {
    "B4-2": ["党政机关", "新闻媒体", "公共服务行业", "主阵地", "重点领域", "普通话水平"],
    "B7-2": ["特色化", "多样化", "特色高中", "特色办学"],
    "B16-5": ["教师队伍党建", "思想政治素质", "教师思想政治"],
    "B19-2": ["有偿", "家教", "兼职取酬", "违规补课", "校外培训"],
}


def ids(source: Source) -> str:
    return source.file


def built(source: Source) -> Path:
    return BUILT / source.file


def test_每份YAML都有文件_没有多余文件() -> None:
    assert {path.relative_to(BUILT).as_posix() for path in BUILT.rglob("*.*")} == {s.file for s in SOURCES}


def test_各种格式的份数与总大小() -> None:
    count = {kind: sum(source.suffix == kind for source in SOURCES) for kind in (".pdf", ".docx", ".xlsx", ".txt")}
    assert count[".pdf"] >= 10
    assert count[".docx"] >= 8
    assert count[".xlsx"] >= 6
    assert count[".txt"] >= 2
    assert {source.encoding for source in SOURCES if source.suffix == ".txt"} == {"utf-8", "gb18030"}
    assert sum(built(source).stat().st_size for source in SOURCES) < 3_000_000


@pytest.mark.parametrize("source", SOURCES, ids=ids)
def test_每一页都标明演示数据(source: Source) -> None:
    path = built(source)
    if source.suffix == ".pdf":
        pages = pdf_pages(path)
        assert pages
        for page in pages:
            assert squeeze(page).count(MARK) >= 2, "页眉和页脚都要标明"
    elif source.suffix == ".docx":
        assert docx_frame(path).count(MARK) >= 2
        assert any(MARK in text for text in docx_body(path)[:3])
    elif source.suffix == ".xlsx":
        shown = xlsx_cells(path)
        for sheet in source.sheets:
            assert shown[(sheet.name, "A1")].startswith(MARK)
    else:
        assert MARK in path.read_bytes().decode(source.encoding).splitlines()[1]


@pytest.mark.parametrize("source", SOURCES, ids=ids)
def test_文件与YAML逐格一致(source: Source) -> None:
    text = whole_text(built(source), source.encoding)
    for cell in cells(source):
        for piece in split_by_page(source, squeeze(cell)):
            assert piece in text, cell


def split_by_page(source: Source, text: str) -> list[str]:
    """In a PDF a paragraph may run over the page's foot and head: look for its two halves, then for short pieces."""
    if source.suffix != ".pdf" or len(text) < 20:
        return [text]
    body = squeeze("".join(pdf_pages(built(source))))
    if text in body:
        return [text]
    for cut in range(1, len(text)):
        if text[:cut] in body and text[cut:] in body:
            return [text[:cut], text[cut:]]
    return [text]


def test_GB18030文本不是UTF8() -> None:
    (source,) = [source for source in SOURCES if source.encoding == "gb18030"]
    with pytest.raises(UnicodeDecodeError):
        built(source).read_bytes().decode("utf-8")


def test_重新生成的Word_Excel和文本内容不变(tmp_path: Path) -> None:
    once, again = tmp_path / "一", tmp_path / "二"
    build(once, pdf=False)
    build(again, pdf=False)
    for source in SOURCES:
        if source.suffix != ".pdf":
            assert (once / source.file).read_bytes() == (again / source.file).read_bytes(), source.file
            assert whole_text(once / source.file, source.encoding) == whole_text(built(source), source.encoding)


def test_覆盖除有意缺失以外的全部评价要点() -> None:
    scheme_items = {item.id for criterion in load_scheme().criteria for item in criterion.items}
    assert {item for source in SOURCES for item in source.items} == scheme_items - MISSING


@pytest.mark.parametrize("item", sorted(MISSING))
def test_缺失的要点没有一份材料谈到(item: str) -> None:
    for source in SOURCES:
        text = source.file + whole_text(built(source), source.encoding)
        assert item not in text
        for word in WORDS_OF_MISSING[item]:
            assert word not in text, f"《{source.file}》出现“{word}”"


def test_B15_1只有2017年的材料() -> None:
    found = [source for source in SOURCES if "B15-1" in source.items]
    assert [source.dated[:4] for source in found] == ["2017"]
    for source in SOURCES:
        if source not in found:
            text = whole_text(built(source), source.encoding)
            for word in ("专职督导", "督导室", "督导机构", "督导队伍", "督政"):
                assert word not in text, f"《{source.file}》出现“{word}”"


def test_2018年常务会议纪要两份_2017年一份() -> None:
    years = sorted(source.dated[:4] for source in SOURCES if "常务会议纪要" in source.title)
    assert years == ["2017", "2018", "2018"]


def test_镇街社区教育中心覆盖率恰有两个说法() -> None:
    said = {}
    for source in SOURCES:
        text = whole_text(built(source), source.encoding)
        rates = set(re.findall(r"(?:社区教育中心覆盖率|已挂牌运行10个，覆盖率)(\d+\.\d)%", text))
        if rates:
            said[source.suffix] = rates
    assert said == {".docx": {"91.7"}, ".xlsx": {"83.3"}}


@pytest.mark.parametrize("fact", FACTS, ids=lambda fact: f"{fact['metric']}-{fact['value']}")
def test_关键数字与出处(fact: dict[str, object]) -> None:
    for file, quote in fact["places"]:  # type: ignore[attr-defined]
        (source,) = [source for source in SOURCES if source.file == file]
        assert squeeze(quote) in whole_text(built(source), source.encoding)
    parts = [Decimal(part) for part in fact.get("parts", [])]  # type: ignore[attr-defined]
    if parts:
        rate = sum(parts[:-1]) / parts[-1] * 100
        value = Decimal(str(fact["value"]))
        assert rate.quantize(value, ROUND_HALF_UP) == value
        if fact["metric"] in {"puhui_rate", "enrolment_rate_preschool"}:
            assert rate == value, "普惠率、入园率要除得尽"


def integer_tables() -> list[tuple[str, str, list[str], list[list[str]]]]:
    found = []
    for source in SOURCES:
        for sheet in source.sheets:
            for block in sheet.blocks:
                table = block.table
                if table is not None and table.rows[-1][0] == "合计":
                    heads = [
                        "".join(row[column] for row in table.header if row[column] not in {"<", "^"})
                        for column in range(len(table.header[0]))
                    ]
                    found.append((source.file, table.caption, heads, [list(row) for row in table.rows]))
    return found


@pytest.mark.parametrize("table", integer_tables(), ids=lambda table: f"{Path(table[0]).stem}-{table[1]}")
def test_合计行等于各行之和(table: tuple[str, str, list[str], list[list[str]]]) -> None:
    _, _, heads, rows = table
    checked = 0
    for column, head in enumerate(heads):
        last = rows[-1][column]
        parts = [row[column] for row in rows[:-1] if not row[0].startswith("其中")]
        if not re.fullmatch(r"\d+(\.\d+)?", last) or "标准" in head:
            continue
        numbers = [Decimal(part) for part in parts if re.fullmatch(r"\d+(\.\d+)?", part)]
        assert sum(numbers) == Decimal(last), head
        checked += 1
    assert checked or not any(re.fullmatch(r"\d+(\.\d+)?", cell) for cell in rows[-1])


def test_材料里没有真实的市名() -> None:
    for source in SOURCES:
        assert "济南" not in whole_text(built(source), source.encoding)
