"""A case file that has no faults, and changes to it; all as fixtures, so that no test module imports another."""

from __future__ import annotations

import copy
import json
import os
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest

from eval_sets.scoring import cases
from scoring_rules.case import Case
from scoring_rules.scheme import Scheme
from scoring_rules.scheme_loader import load_scheme
from scoring_rules.score_result import ScoreResult
from scoring_rules.scoring import score_case


@pytest.fixture(scope="session")
def scheme() -> Scheme:
    return load_scheme()


@pytest.fixture(scope="session")
def case_data() -> Callable[..., dict[str, Any]]:
    """The case file as data."""
    return cases.case_data


@pytest.fixture(scope="session")
def case_of() -> Callable[..., Case]:
    """The case, read from the text of the file; JSON is YAML."""
    return cases.case_of


@pytest.fixture(scope="session")
def score(scheme: Scheme, case_of: Callable[..., Case]) -> Callable[..., ScoreResult]:
    """The score sheet of a case."""
    return lambda **changes: score_case(scheme, case_of(**changes))


GOLDEN = Path(__file__).parent / "golden"


def _agrees(name: str, told: dict[str, Any] | Iterable[tuple[str, Any]]) -> None:
    """Compares JSON data with ``golden/<name>.json``, word for word; UPDATE_GOLDEN=1 writes the file anew instead.

    One line per member, so that a change of one sentence is one line of a diff. Stops at the first member that differs,
    so what comes after it is never computed.
    """
    path = GOLDEN / f"{name}.json"
    pairs = told.items() if isinstance(told, dict) else told
    lines = ((key, json.dumps(member, ensure_ascii=False)) for key, member in pairs)
    if os.environ.get("UPDATE_GOLDEN") == "1":
        GOLDEN.mkdir(exist_ok=True)
        text = ",\n".join(f" {json.dumps(key, ensure_ascii=False)}: {line}" for key, line in lines)
        path.write_text("{\n" + text + "\n}\n", encoding="utf-8")
        return
    changed = "what is told has changed: read it, then write it anew with UPDATE_GOLDEN=1"
    wanted = json.loads(path.read_text(encoding="utf-8"))
    left = list(wanted)
    for key, line in lines:
        assert left, f"{key}: {changed}"
        assert key == left.pop(0), changed
        assert json.loads(line) == wanted[key], f"{key}: {changed}"
    assert not left, changed


@pytest.fixture(scope="session")
def agrees() -> Callable[[str, Any], None]:
    """Compares what the rules say with what they said when a person last read it (``golden/``)."""
    return _agrees


def _places(data: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The path of every member of JSON data, at any depth."""
    members = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    for key, member in members:
        yield (*path, key)
        yield from _places(member, (*path, key))


def _corrupted(data: Any) -> Iterator[tuple[str, str]]:
    """Every way of spoiling one place of a good file: (name, text of the file). JSON is YAML; one member per line.

    A member is left out, emptied, or becomes a number, another word, a list; a mapping gets a member too many, a list
    loses its members or repeats the last of them.
    """
    for path in _places(data):
        name = ".".join(str(key + 1) if isinstance(key, int) else key for key in path)
        for what in ("缺", "空", "空串", "数", "别的词", "负数文字", "列表", "多一个键", "清空", "重复"):
            spoilt = copy.deepcopy(data)
            place = spoilt
            for key in path[:-1]:
                place = place[key]
            here = place[path[-1]]
            if what == "缺" and isinstance(place, dict):
                del place[path[-1]]
            elif what == "空":
                place[path[-1]] = None
            elif what in ("空串", "数", "别的词", "负数文字") and not isinstance(here, dict | list):
                place[path[-1]] = {"空串": "", "数": 7, "别的词": "别的", "负数文字": "-7"}[what]
            elif what == "列表" and not isinstance(here, list):
                place[path[-1]] = ["一"]
            elif what == "多一个键" and isinstance(here, dict):
                here["多余"] = "x"
            elif what == "清空" and isinstance(here, list) and here:
                here.clear()
            elif what == "重复" and isinstance(here, list) and here:
                here.append(copy.deepcopy(here[-1]))
            else:
                continue
            yield f"{name} {what}", json.dumps(spoilt, ensure_ascii=False, indent=1)


@pytest.fixture(scope="session")
def corrupted() -> Callable[[Any], Iterator[tuple[str, str]]]:
    """Every way of spoiling one place of a good file."""
    return _corrupted
