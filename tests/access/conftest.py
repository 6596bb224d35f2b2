"""The record of two districts, made once; every test works on a copy of its own."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path

import pytest

from review.workspace import Settings, Workspace
from tests.access.two_districts import fill, keys_of


@dataclass(frozen=True, slots=True)
class Filled:
    """A data folder with both districts, and the keys by which their material is named."""

    home: Path
    keys: dict[str, str]


@pytest.fixture(scope="session")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Filled:
    """Made by the real reading, indexing and recording. Read only."""
    home = tmp_path_factory.mktemp("two-districts")
    workspace = Workspace(Settings(home))
    fill(workspace, tmp_path_factory.mktemp("material"))
    keys = keys_of(workspace)
    workspace.store.engine.dispose()
    return Filled(home, keys)


@pytest.fixture
def own_copy(filled: Filled, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the filled data folder in which acts may be done; it is the data folder of this test."""
    home = tmp_path / "home"
    shutil.copytree(filled.home, home)
    monkeypatch.setenv("EDUREVIEW_HOME", str(home))
    return home
