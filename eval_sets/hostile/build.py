"""Builds the hostile files into a folder: `python -m eval_sets.hostile.build FOLDER`. Nothing of them is kept in the repository.

They are test data for our own reader: they cost time or memory, name files elsewhere, carry scripts that say nothing, or lie
about themselves. None of them does anything on its own.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import yaml

from eval_sets.hostile import others, packages, pdfs

CASES: dict[str, Any] = {**packages.CASES, **pdfs.CASES, **others.CASES}
EXPECTED = Path(__file__).with_name("expected.yaml")


def build(folder: Path, names: Iterable[str] = CASES) -> dict[str, Path]:
    """Name → file, made in `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    made = {}
    for name in names:
        made[name] = folder / name
        CASES[name](made[name])
    return made


def expected() -> dict[str, dict[str, Any]]:
    """Name → what must come of it: see the head of expected.yaml."""
    loaded: dict[str, Any] = yaml.safe_load(EXPECTED.read_text(encoding="utf-8"))
    return {name: wanted for name, wanted in loaded.items() if isinstance(wanted, dict) and "outcome" in wanted}


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    for file in build(parser.parse_args().folder).values():
        print(file)
