"""The app under AppTest, over an empty data folder or over the demo evidence."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from review.workspace import Settings, Workspace
from tests.review.submissions import put_document

APP = Path(__file__).parents[2] / "app.py"
# The first page imports the whole chain; a busy machine needs its time.
PATIENCE_S = 120


@pytest.fixture(autouse=True)
def _fresh_caches() -> Iterator[None]:
    """No test sees what another one cached, in particular no workspace over another data folder."""
    st.cache_resource.clear()
    st.cache_data.clear()
    yield
    st.cache_resource.clear()
    st.cache_data.clear()


@pytest.fixture
def empty_app() -> AppTest:
    """The app over an empty data folder, at its first page."""
    return AppTest.from_file(APP, default_timeout=PATIENCE_S).run()


@pytest.fixture
def demo_app(demo_home: Path, monkeypatch: pytest.MonkeyPatch) -> AppTest:
    """The app over the demo evidence, at its first page."""
    monkeypatch.setenv("EDUREVIEW_HOME", str(demo_home))
    return AppTest.from_file(APP, default_timeout=PATIENCE_S).run()


@pytest.fixture
def stored(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    """A record with one paper, which the app opens."""
    monkeypatch.setenv("EDUREVIEW_HOME", str(tmp_path))
    workspace = Workspace(Settings(tmp_path))
    put_document(workspace, "总结.txt", "虚构：<b>普惠率</b>达到 86.5%。")
    return workspace
