"""Which stored passages hold the judged words."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from ingest.store import open_store
from ingest.tables import Document, Page, Passage
from review.evaluation_answers import JudgedQuestion, Place, pieces
from review.evaluation_record import judged_record

FIRST = "云山区召开会议3次。\n教师培训经费占5%，\n按年度安排。"
SECOND = "街道：新城；面积：40；比例：73.9%\n街道：云东；面积：40；比例：78.4%"


@pytest.fixture
def session(tmp_path: Path) -> Iterator[Session]:
    """One document of two pages in three passages, and one of another district with the same words."""
    store = open_store(tmp_path)
    with store.session() as session:
        for district, name in (("云山区", "报告.pdf"), ("别区", "报告.pdf")):
            document = Document(
                district=district, cycle=2019, file=name, sha256=name.ljust(64, district[0]), size=1, state="indexed",
                facts={}, ingested_at=datetime(2019, 1, 1),
            )  # fmt: skip
            cuts = [(FIRST, [(0, 11), (11, 25)]), (SECOND, [(0, len(SECOND))])]
            for number, (text, places) in enumerate(cuts, 1):
                page = Page(number=number, label=str(number), state="text", text=text, spans=[])
                document.pages.append(page)
                for start, end in places:
                    made = Passage(key=f"{number}-{start}", page=page, start=start, end=end, text=text[start:end])
                    made.context = "报告"
                    document.passages.append(made)
            session.add(document)
        session.flush()
        yield session
    store.engine.dispose()


def asked(*places: tuple[str, int], file: str = "报告.pdf") -> JudgedQuestion:
    return JudgedQuestion(
        "q1", "问", "figure", "专家", (), bool(places), "",
        tuple(Place(file, pieces(quote), grade) for quote, grade in places),
    )  # fmt: skip


def relevant(session: Session, *places: tuple[str, int]) -> dict[str, int]:
    record = judged_record(session, "云山区", 2019, [asked(*places)])
    assert record.unplaced == []
    return {record.passages[key]: grade for key, grade in record.qrels["q1"].items()}


def test_换行和空白不碍事(session: Session) -> None:
    assert relevant(session, ("教师培训经费占 5%，按年度安排", 2)) == {"报告\n" + FIRST[11:25]: 2}


def test_同一行的几格(session: Session) -> None:
    assert relevant(session, ("新城…73.9%", 1)) == {"报告\n" + SECOND: 1}


def test_跨段落的话归占得多的那段(session: Session) -> None:
    assert relevant(session, ("3次。教师培训经费占5%", 2)) == {"报告\n" + FIRST[11:25]: 2}


def test_取最高的等级(session: Session) -> None:
    assert relevant(session, ("云东…78.4%", 2), ("新城…73.9%", 1)) == {"报告\n" + SECOND: 2}


def test_只算本区的段落(session: Session) -> None:
    record = judged_record(session, "云山区", 2019, [])
    assert len(record.passages) == 3
    assert set(record.keys.values()) == set(record.passages)


def test_找不到的话列出来(session: Session) -> None:
    record = judged_record(session, "云山区", 2019, [asked(("从来没有的话", 2)), asked()])
    assert [entry[0] for entry in record.unplaced] == ["q1"]
    assert record.qrels == {"q1": {}}
