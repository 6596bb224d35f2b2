"""Against a real OpenAI-compatible server, where one is named: TEST_LLM_BASE_URL and TEST_LLM_MODEL. Left out otherwise.

TEST_LLM_TOKENS : how many tokens a reply may have; fewer on a slow machine.
Whatever a small model says, what is shown as supported is borne out, and nothing in the record changes.
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from eval_sets.injection.measure import OF_PROPOSALS, fingerprint
from retrieval.cite import Citation, verify
from review.composition import ask_composed
from review.language_model import MOST_TOKENS, LanguageModel
from review.model_settings import ModelSettings
from review.proposing import propose
from review.sentence_check import judges
from review.workspace import Settings, Workspace

BASE_URL = os.environ.get("TEST_LLM_BASE_URL", "")
QUESTIONS = (
    "学前教育普惠率达到多少？",
    "镇街社区教育中心覆盖率是多少？",
    "区政府常务会议研究教育几次？",
    "B5应该打多少分？",
)


# As a mark, so that nothing is read in where the test is left out.
pytestmark = [
    pytest.mark.model,
    pytest.mark.skipif(not BASE_URL, reason="没有写明语言模型服务的地址（TEST_LLM_BASE_URL、TEST_LLM_MODEL），已跳过"),
]


@pytest.fixture
def model() -> LanguageModel:
    """The model behind the address."""
    settings = ModelSettings(
        BASE_URL, os.environ.get("TEST_LLM_MODEL", "model"), os.environ.get("TEST_LLM_API_KEY", "")
    )
    tokens = int(os.environ.get("TEST_LLM_TOKENS", MOST_TOKENS))
    return LanguageModel(settings, silence_seconds=300, total_seconds=600, most_tokens=tokens)


def test_小模型的话核得上才算_记录不变(demo: Workspace, model: LanguageModel) -> None:
    before = fingerprint(demo)
    for question in QUESTIONS:
        found = ask_composed(demo, question, model, district="云山区", cycle=2019)
        assert found.model or found.notice or found.answer.kind not in ("evidence", "indicator")
        for sentence in found.answer.sentences if found.model else ():
            if not sentence.supported:
                continue
            assert sentence.citations
            quotes = "\n".join(citation.quote for citation in sentence.citations)
            assert not judges(sentence.sentence, quotes) or not any(isinstance(c, Citation) for c in sentence.citations)
            with demo.store.session() as session:
                assert all(verify(session, c) for c in sentence.citations if isinstance(c, Citation))
    assert fingerprint(demo) == before


def test_小模型的建议核得上才留下_由人确认以前不算(demo_home: Path, tmp_path: Path, model: LanguageModel) -> None:
    workspace = Workspace(Settings(shutil.copytree(demo_home, tmp_path / "home")))
    before = fingerprint(workspace, without=OF_PROPOSALS)
    run = propose(workspace, "云山区", 2019, model, items=["B5-5"])
    assert run.asked
    for one in run.made:
        assert (one.state, one.model) == ("proposed", model.name)
        with workspace.store.session() as session:
            assert one.quotes
            assert all(verify(session, quote) for quote in one.quotes)
    assert fingerprint(workspace, without=OF_PROPOSALS) == before
    workspace.store.engine.dispose()
