"""Tables in plain text: encoding and delimiter are found, rows have headers and cells as in Excel."""

from __future__ import annotations

from pathlib import Path

import pytest

from ingest.errors import UnknownKindError
from ingest.pages import ParsedPage
from ingest.readers.base import Properties
from ingest.readers.csv import delimiter_of, read, table_of

ROWS = [["镇街", "在园幼儿", "备注"], ["北河镇", "8,420", "含代管村，另计"], ["南岭镇", "6,310", ""]]


def _write(path: Path, delimiter: str, encoding: str) -> Path:
    lines = [delimiter.join(f'"{value}"' if delimiter in value else value for value in row) for row in ROWS]
    path.write_bytes("\r\n".join(lines).encode(encoding))
    return path


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", "\t", ";", "|"])
def test_编码和分隔符(encoding: str, delimiter: str, tmp_path: Path) -> None:
    properties, page = read(_write(tmp_path / "a", delimiter, encoding), "表.csv")
    assert isinstance(properties, Properties)
    assert isinstance(page, ParsedPage)
    assert (properties.kind, properties.pages, page.label) == ("csv", 1, "表格")
    assert page.text.split("\n")[1:3] == [
        "镇街：北河镇；在园幼儿：8,420；备注：含代管村，另计",
        "镇街：南岭镇；在园幼儿：6,310",
    ]
    assert {"sheet": "表格", "cell": "B3", "header": "在园幼儿"} in [dict(span.locator) for span in page.spans]


def test_引号里的换行和分隔符() -> None:
    assert table_of('学校,说明\n"甲,乙","第一行\n第二行"\n') == [["学校", "说明"], ["甲,乙", "第一行\n第二行"]]


def test_Excel写的标记不当数据(tmp_path: Path) -> None:
    (tmp_path / "a").write_text('sep=;\n学籍号;姓名;年级\n="370102200801011234";演示;三\n', encoding="utf-8")
    _, page = read(tmp_path / "a", "a.csv")
    assert isinstance(page, ParsedPage)
    assert "学籍号：370102200801011234；姓名：演示" in page.text
    assert "sep" not in page.text
    assert page.spans[-1].locator["cell"] == "C3"  # the line for Excel counts as a row, as it does in Excel


def test_没有分隔符就是一列() -> None:
    assert delimiter_of("甲\n乙\n丙") == ","
    assert table_of("甲\n乙\n") == [["甲"], ["乙"]]


def test_不是文本(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(bytes(range(256)) * 20)
    with pytest.raises(UnknownKindError):
        list(read(tmp_path / "a", "a.csv"))
