"""The commands on material with the record on a PostgreSQL server: taken in, found, answered, checked, handed in, repaired."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from ingest.store import open_store
from retrieval import lexical
from retrieval.collections import Partition
from tests.end_to_end.year_script import DISTRICTS, Shell, fill_sheet, maxima, write_material
from tests.postgres import fresh_database, needs_postgres

pytestmark = needs_postgres
OWN = ("--district", DISTRICTS[0], "--cycle", "2019")


@pytest.fixture
def url(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """An empty database that the commands use."""
    with fresh_database() as address:
        monkeypatch.setenv("EDUREVIEW_DATABASE_URL", address)
        yield address


def test_导入_检索_提问_完整性_提交_修复索引(url: str, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    shell = Shell(capsys)
    material = write_material(tmp_path, DISTRICTS[0], 2018)
    assert "新增 3 个" in shell("", "ingest", str(material), *OWN)
    assert "新增 0 个" in shell("", "ingest", str(material), *OWN)

    hits = shell.json("", "search", "普惠性幼儿园覆盖率", *OWN)
    assert "86.5%" in hits[0]["citation"]["quote"]
    answer = shell.json("", "ask", "普惠率达到多少？", "--district", DISTRICTS[0])
    assert answer["found"] is True
    assert "86.5%" in answer["answer"][0]["sentence"]
    assert shell.json("", "ask", "特色高中建设情况怎么样？", "--district", DISTRICTS[0])["found"] is False
    coverage = shell.json("", "completeness", *OWN)["coverage"]
    assert (coverage["documents"], coverage["read"]) == (3, 3)

    (material / "校园安全总结.txt").write_text(
        "云山区2018年校园安全工作总结\n\n排查隐患40处，整改40处。\n", encoding="utf-8"
    )
    shell("", "ingest", str(material), *OWN)
    quotes = [hit["citation"]["quote"] for hit in shell.json("", "search", "隐患整改多少处", *OWN)]
    assert any("40处" in quote for quote in quotes)
    assert not any("35处" in quote for quote in quotes), "旧版不再被找到"

    sheet = tmp_path / "得分表.xlsx"
    shell("", "template", "self-points", *OWN, "-o", str(sheet))
    fill_sheet(sheet, maxima(shell), "5")
    shell("", "self-points", "import", str(sheet), *OWN, "--by", "虚构填报员")
    shell("", "submission", "submit", *OWN, "--by", "虚构填报员")
    shell("", "ingest", str(tmp_path / "得分表.xlsx"), *OWN, code=1)
    assert shell("", "submission", "verify", *OWN).startswith("与提交时一致")

    assert "索引与数据库一致" in shell("", "doctor")
    place, store = Partition(DISTRICTS[0], 2019), open_store(tmp_path, url=url)
    for command in ("doctor", "rebuild-index"):
        with store.session() as session:
            before = lexical.stored(session, place)
            lexical.drop(session, place)
        shell("", command)
        with store.session() as session:
            assert lexical.stored(session, place) == before != set()
    store.engine.dispose()
    assert shell.json("", "search", "普惠性幼儿园覆盖率", *OWN)[0]["citation"] == hits[0]["citation"]
    assert shell.json("", "audit", "verify")["faults"] == []
