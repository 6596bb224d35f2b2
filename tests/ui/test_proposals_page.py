"""专家评审页上语言模型的建议：写明是模型的、不参与计算；确认、否定都由人署名。"""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path

import pytest
from sqlalchemy import select

from ingest.tables import EvidenceLink
from review import proposal_material
from review.confirmations import confirmations
from review.proposals import proposals
from review.stand_in_model import Request, StandIn, Step
from review.workspace import Settings, Workspace
from tests.review.submissions import CYCLE, DISTRICT, put_document
from tests.ui.test_expert_pages import expert_page
from tests.ui.test_views import shown

WHERE = (DISTRICT, CYCLE)
TEXT = "虚构：<b>新建小区</b>都配了幼儿园，名单在册。"


@pytest.fixture
def stored(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    monkeypatch.setenv("EDUREVIEW_HOME", str(tmp_path))
    workspace = Workspace(Settings(tmp_path))
    put_document(workspace, "总结.txt", TEXT)
    found = [{"passage": one.passage} for one in _passages(workspace)]
    monkeypatch.setattr(proposal_material, "search", lambda *_, **__: found)
    return workspace


def _passages(workspace: Workspace) -> list[object]:
    from types import SimpleNamespace

    from ingest.tables import Passage

    with workspace.store.session() as session:
        return [SimpleNamespace(passage=one.key) for one in session.scalars(select(Passage))]


def reply(request: Request) -> Iterable[Step]:
    (key,) = request.material
    yield json.dumps({"key": key, "quote": "<b>新建小区</b>都配了幼儿园", "verdict": "supports"}, ensure_ascii=False)


def test_没有模型的单位看不到这一栏(stored: Workspace) -> None:
    assert "语言模型" not in shown(expert_page())


def test_问_确认_否定_都写明是模型的建议(stored: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    with StandIn(reply) as server:
        monkeypatch.setenv("EDUREVIEW_LLM_BASE_URL", server.settings.base_url)
        monkeypatch.setenv("EDUREVIEW_LLM_MODEL", "虚构<模型>")
        app = expert_page()
        assert "不参与初评" in shown(app)
        app.multiselect(key="propose-items-B5").set_value(["B5-5", "B5-1"])
        app.multiselect(key="propose-kinds-B5").set_value(["link"])
        app.button(key="propose-go-B5").click().run()
        assert not app.exception
        assert "得到 2 条建议" in shown(app)
        first, second = proposals(stored, *WHERE)
        told = shown(app)
        assert "语言模型建议：这段对 B5-5 是“支撑”" in told
        assert "<b>新建小区" in told.replace("&lt;", "<").replace("&gt;", ">")
        assert "虚构<模型>" in told.replace("&lt;", "<").replace("&gt;", ">")
        keys = {one.item: f"{one.item}-{one.number}" for one in (first, second)}
        app.button(key=f"proposal-reject-{keys['B5-1']}").click().run()
        assert "要写明理由" in shown(app)
        app.text_input(key=f"proposal-reason-{keys['B5-1']}").set_value("虚构：不相关").run()
        app.button(key=f"proposal-reject-{keys['B5-1']}").click().run()
        app.button(key=f"proposal-confirm-{keys['B5-5']}").click().run()
        assert not app.exception
    assert proposals(stored, *WHERE) == []
    (entry,) = confirmations(stored, *WHERE)
    assert (entry.by, entry.subject, entry.state) == ("虚构甲", "B5-5", "confirmed")
    with stored.store.session() as session:
        assert [link.item for link in session.scalars(select(EvidenceLink))] == ["B5-5"]
