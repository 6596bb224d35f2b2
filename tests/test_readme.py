"""The README cannot fall behind: every command and every setting of the code stands in it, and every picture it shows is there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from review.cli import edureview

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
CODE = [
    path
    for folder in ("app.py", "ingest", "retrieval", "review", "scoring_rules", "ui")
    for path in ([ROOT / folder] if folder.endswith(".py") else sorted((ROOT / folder).rglob("*.py")))
]


@pytest.mark.parametrize("name", sorted(edureview.commands))
def test_每个命令都在说明里(name: str) -> None:
    assert f"edureview {name}" in README


def test_每个设置都在说明里() -> None:
    settings = {
        name for path in CODE for name in re.findall(r"EDUREVIEW_[A-Z_]*[A-Z]", path.read_text(encoding="utf-8"))
    }
    assert "EDUREVIEW_HOME" in settings
    assert settings - set(re.findall(r"EDUREVIEW_[A-Z_]*[A-Z]", README)) == set()


def test_说明里的图片和文件都在() -> None:
    shown = re.findall(r"\]\(([^)]+)\)", README)
    assert shown
    assert [name for name in shown if not (ROOT / name).exists()] == []
