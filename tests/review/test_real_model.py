"""Against a real OpenAI-compatible server, where one is named: TEST_LLM_BASE_URL and TEST_LLM_MODEL. Left out otherwise.

Whatever a small model says, what is shown as supported is borne out, and nothing in the record changes.
"""

from __future__ import annotations

import os

import pytest

from eval_sets.injection.measure import fingerprint
from retrieval.cite import Citation, verify
from review.composition import ask_composed
from review.language_model import LanguageModel
from review.model_settings import ModelSettings
from review.sentence_check import judges
from review.workspace import Workspace

BASE_URL = os.environ.get("TEST_LLM_BASE_URL", "")
QUESTIONS = (
    "学前教育普惠率达到多少？",
    "镇街社区教育中心覆盖率是多少？",
    "区政府常务会议研究教育几次？",
    "B5应该打多少分？",
)


@pytest.mark.model
@pytest.mark.skipif(not BASE_URL, reason="没有写明语言模型服务的地址（TEST_LLM_BASE_URL、TEST_LLM_MODEL），已跳过")
def test_小模型的话核得上才算_记录不变(demo: Workspace) -> None:
    settings = ModelSettings(
        BASE_URL, os.environ.get("TEST_LLM_MODEL", "model"), os.environ.get("TEST_LLM_API_KEY", "")
    )
    model = LanguageModel(settings, silence_seconds=300, total_seconds=600)
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
