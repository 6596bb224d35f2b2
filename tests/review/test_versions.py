"""The same label handed in again: the newest readable version counts, the others stay to be read."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import select

from ingest import reading
from ingest.errors import UnreadableFileError
from ingest.pages import ParsedPage, Span
from ingest.queue import is_empty
from ingest.readers.base import Properties
from ingest.tables import Confirmation, Document, EvidenceLink, Passage
from retrieval.index import EvidenceIndex
from review.completeness import completeness
from review.confirmations import confirm_link
from review.documents import list_documents, stored_text
from review.intake import take_in
from review.jobs import Hands
from review.material import material_findings
from review.workspace import Settings, Workspace
from tests.retrieval.conftest import TokenEmbedder

OLD = "2018年全区普惠性幼儿园覆盖率为百分之七十八点五，在园幼儿入园率为百分之九十四。"
NEW = "2018年全区普惠性幼儿园覆盖率为百分之八十二点一，在园幼儿入园率为百分之九十六。"
KEPT = "2018年全区召开教育工作专题会议四次，研究学前教育三年行动计划的经费保障事项。"
TITLE = "云山区2018年学前教育工作总结"


class _Refused(UnreadableFileError):
    def __init__(self) -> None:
        Exception.__init__(self, "《坏》不能读取，请重新提供。")


@pytest.fixture
def workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Workspace]:
    """A workspace whose files hold the text that is read from them, a page per line group."""

    def read(path: Path, file: str, *, first: int = 1, limits: object = None) -> Iterator[object]:
        text = path.read_text(encoding="utf-8")
        if text.startswith("坏"):
            raise _Refused
        yield Properties("pdf", len(text.split("\f")))
        for number, body in enumerate(text.split("\f"), 1):
            if number >= first:
                body = f"{TITLE}\n{body}"
                yield ParsedPage(
                    number, f"第{number}页", "text", body, spans=(Span(0, len(body), "paragraph", 0, {"page": number}),)
                )

    monkeypatch.setattr(reading, "read_isolated", read)
    opened = Workspace(Settings(tmp_path / "home"))
    opened.__dict__["index"] = EvidenceIndex(opened.store, tmp_path / "home", TokenEmbedder())
    yield opened
    opened.store.engine.dispose()


@pytest.fixture
def hand_in(workspace: Workspace, tmp_path: Path) -> Callable[..., None]:
    folder = tmp_path / "材料"
    folder.mkdir()

    def hand(**files: str) -> None:
        paths = []
        for name, text in files.items():
            path = folder / f"{name}.pdf"
            path.write_text(text, encoding="utf-8")
            paths.append(path)
        take_in(workspace, paths, district="云山区", cycle=2019, hands=Hands(1, 1))
        assert is_empty(workspace.store)
        assert workspace.index.check() == []

    return hand


def _texts(workspace: Workspace) -> list[str]:
    with workspace.store.session() as session:
        return [passage.text.removeprefix(f"{TITLE}\n") for passage in session.scalars(select(Passage).order_by(Passage.id))]  # fmt: skip


def _found(workspace: Workspace, words: str) -> list[str]:
    return [hit.text for hit in workspace.index.search(words, district="云山区", cycle=2019, k=5, system="bm25")]


def _versions(workspace: Workspace) -> list[tuple[int, str, bool]]:
    return [(d.version, d.state, d.superseded_by is None) for d in list_documents(workspace, "云山区", 2019)]


def test_新版取代旧版_旧版仍可查看(workspace: Workspace, hand_in: Callable[..., None]) -> None:
    hand_in(总结=OLD)
    hand_in(总结=NEW)
    assert _texts(workspace) == [NEW]
    assert all("七十八点五" not in text for text in _found(workspace, "普惠性幼儿园覆盖率七十八点五"))
    assert _versions(workspace) == [(1, "indexed", False), (2, "indexed", True)]
    old, new = list_documents(workspace, "云山区", 2019)
    assert old.superseded_by == new.sha256
    assert "旧版" in old.reason
    [(_, pages)] = stored_text(workspace, "总结.pdf")
    assert NEW in pages[0][1]
    [(summary, pages)] = stored_text(workspace, old.sha256[:8])
    assert OLD in pages[0][1]
    assert summary.version == 1
    assert completeness(workspace, "云山区", 2019).coverage.documents == 1


def test_读不了的新版不取代旧版(workspace: Workspace, hand_in: Callable[..., None]) -> None:
    hand_in(总结=OLD)
    hand_in(总结="坏的文件")
    assert _texts(workspace) == [OLD]
    assert _versions(workspace) == [(1, "indexed", True), (2, "failed", True)]
    coverage = completeness(workspace, "云山区", 2019).coverage
    assert (coverage.documents, coverage.read, len(coverage.unreadable)) == (2, 1, 1)
    hand_in(总结=NEW)
    assert _texts(workspace) == [NEW]
    assert _versions(workspace) == [(1, "indexed", False), (2, "failed", False), (3, "indexed", True)]
    assert completeness(workspace, "云山区", 2019).coverage.unreadable == ()


def test_重新提交旧版_旧版又成为现行(workspace: Workspace, hand_in: Callable[..., None]) -> None:
    hand_in(总结=OLD)
    hand_in(总结=NEW)
    hand_in(总结=OLD)
    assert _texts(workspace) == [OLD]
    by_text = {d.sha256: (d.version, d.superseded_by is None) for d in list_documents(workspace, "云山区", 2019)}
    assert sorted(by_text.values()) == [(1, False), (2, True)]
    hand_in(总结=OLD)
    assert len(list_documents(workspace, "云山区", 2019)) == 2


def test_另一份文件内容相同时_段落留给它(workspace: Workspace, hand_in: Callable[..., None]) -> None:
    hand_in(总结=OLD)
    hand_in(副本=OLD)
    hand_in(总结=NEW)
    assert sorted(_texts(workspace)) == sorted([OLD, NEW])
    listed = {(d.file, d.version): d for d in list_documents(workspace, "云山区", 2019)}
    assert listed["副本.pdf", 1].superseded_by is None
    assert "内容完全相同" not in listed["副本.pdf", 1].reason
    assert len(listed["总结.pdf", 1].pages) == 1
    assert any("七十八点五" in text for text in _found(workspace, "普惠性幼儿园覆盖率七十八点五"))


def test_新版与别的文件相同也取代旧版(workspace: Workspace, hand_in: Callable[..., None]) -> None:
    hand_in(总结=OLD, 别的=NEW)
    hand_in(总结=NEW)
    assert _texts(workspace) == [NEW]
    assert (1, "indexed", False) in _versions(workspace)


def test_同样内容的旧版已被取代时_新文件自己读(workspace: Workspace, hand_in: Callable[..., None]) -> None:
    hand_in(总结=OLD)
    hand_in(总结=NEW)
    hand_in(另一份=OLD)
    assert sorted(_texts(workspace)) == sorted([OLD, NEW])


def test_人工核实随相同文字转到新版_找不到的列出(workspace: Workspace, hand_in: Callable[..., None]) -> None:
    hand_in(总结=f"{OLD}\f{KEPT}")
    with workspace.store.session() as session:
        keys = {p.text.removeprefix(f"{TITLE}\n"): p.key for p in session.scalars(select(Passage))}
    confirm_link(workspace, "云山区", 2019, keys[OLD], "B5-5", "虚构的专家甲")
    confirm_link(workspace, "云山区", 2019, keys[KEPT], "B2-2", "虚构的专家甲")
    hand_in(总结=f"{NEW}\f{KEPT}")
    with workspace.store.session() as session:
        confirmed = session.scalars(select(EvidenceLink).where(EvidenceLink.state == "confirmed")).all()
        assert [(link.item, KEPT in link.passage.text) for link in confirmed] == [("B2-2", True)]
        assert len(session.scalars(select(Confirmation)).all()) == 2
        newest = session.scalars(select(Document).where(Document.superseded_by.is_(None))).one()
        assert confirmed[0].passage.document_id == newest.id
    [told] = [found for found in material_findings(workspace, "云山区", 2019) if found.kind == "换了新版"]
    assert "B5-5" in told.sentence
    assert "请重新核实" in told.sentence


def test_旧版比新版后读完_仍由新版算数(workspace: Workspace, tmp_path: Path) -> None:
    from ingest.queue import enqueue, next_document
    from ingest.versions import settle_versions

    path = tmp_path / "总结.pdf"
    ids = []
    for text in (OLD, NEW):
        path.write_text(text, encoding="utf-8")
        result = enqueue(workspace.store, path, district="云山区", cycle=2019, label="总结.pdf")
        assert result.document_id is not None
        ids.append(result.document_id)
    assert next_document(workspace.store, "read") == ids[0]

    def read_second_then_first(session: object) -> list[int | None]:
        old, new = (session.get_one(Document, id_) for id_ in ids)  # type: ignore[attr-defined]
        new.state = "indexed"
        settle_versions(session, new.id, forget=lambda *_: ())  # type: ignore[arg-type]
        first = [old.superseded_by, new.superseded_by]
        from ingest.tables import Job

        session.delete(session.get_one(Job, new.id))  # type: ignore[attr-defined]
        old.state = "indexed"
        settle_versions(session, old.id, forget=lambda *_: ())  # type: ignore[arg-type]
        return [*first, old.superseded_by, new.superseded_by]

    assert workspace.store.write(read_second_then_first) == [None, None, ids[1], None]
