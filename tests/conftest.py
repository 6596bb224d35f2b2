"""The demo evidence, loaded once for all tests that need a filled record."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from review.demo import load_demo
from review.workspace import Settings, Workspace


@pytest.fixture(autouse=True)
def _own_home(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """No test ever touches the data folder of the person who runs it."""
    monkeypatch.setenv("EDUREVIEW_HOME", str(tmp_path_factory.mktemp("home")))


@pytest.fixture(scope="session")
def demo_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with the demo district, read and indexed by the real readers and the real model. Read only."""
    home = tmp_path_factory.mktemp("demo-home")
    load_demo(Workspace(Settings(home)), lambda line: None)
    return home


@pytest.fixture
def demo(demo_home: Path) -> Iterator[Workspace]:
    """A workspace over the demo data folder."""
    workspace = Workspace(Settings(demo_home))
    yield workspace
    workspace.store.engine.dispose()
