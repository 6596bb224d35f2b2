"""How long "not found" takes in one district does not depend on what another one holds: measured, not only counted in queries."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from statistics import quantiles
from typing import Any

import numpy as np
import pytest

from retrieval.embedder import Embedder, load_embedder
from review.assistant import ask
from review.bench_query import MadeRecord
from review.documents import stored_text
from review.errors import ReviewError
from review.people import Person
from review.searching import search
from review.workspace import Settings, Workspace
from tests.access.two_districts import CYCLE, OURS

pytestmark = pytest.mark.model

OTHER = "玉泉区"
# What the other district holds of the words that are asked: in every passage, in none, or it holds nothing at all.
HELD = {
    "全是": "虚构：全区磁悬浮里程{n}公里，磁悬浮列车{n}列。",
    "没有": "虚构：全区校舍面积{n}平方米，学位{n}个。",
    "空的": "",
}
OF_OTHERS, OF_OURS = 4_000, 40
ROUNDS, TIMES, UNCOUNTED = 6, 21, 2
# Medians, or else lower quartiles, may differ by this share and so many milliseconds. Looking through 4,000 passages more costs
# several times that. What other programs do lengthens some calls of some rounds; a true difference lengthens all calls of all.
SHARE, MILLISECONDS = 0.25, 5.0

ACTS: dict[str, Callable[[Workspace], object]] = {
    "检索": lambda own: search(own, "磁悬浮列车", district=OURS, cycle=CYCLE),
    "提问": lambda own: ask(own, "全区磁悬浮里程是多少公里？", district=OURS, cycle=CYCLE),
    "叫出别人的文件": lambda own: stored_text(own, "报告5.docx"),
    "在别人的文件里检索": lambda own: search(own, "磁悬浮列车", district=OURS, cycle=CYCLE, document="报告5.docx"),
}


@pytest.fixture(scope="module")
def records(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Workspace]]:
    """Three records with the same material of ours, as our clerk has them."""
    home, embedder = tmp_path_factory.mktemp("timing"), load_embedder()
    ours = [f"虚构：第{n}所学校2018年开展课后服务，学生{n * 7}人。" for n in range(OF_OURS)]
    vectors = embedder.embed_passages(ours)
    found = {}
    for name, text in HELD.items():
        made = MadeRecord(home / name, embedder.name)
        made.add(OURS, ours, vectors)
        if text:
            made.add(OTHER, [text.format(n=n) for n in range(OF_OTHERS)], _vectors(embedder))
        made.close()
        clerk = Person("虚构填报员", "district", frozenset({OURS}))
        found[name] = Workspace(Settings(home / name)).acting_as(clerk)
    yield found
    for one in found.values():
        one.store.engine.dispose()


def _vectors(embedder: Embedder) -> Any:
    vectors = np.random.default_rng(7).normal(size=(OF_OTHERS, embedder.dim)).astype(np.float32)
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


def times(act: Callable[[Workspace], object], records: Mapping[str, Workspace]) -> list[dict[str, float]]:
    """Median and lower quartile of the wall time in milliseconds, the records in turn: what slows the machine slows all."""
    spent: dict[str, list[float]] = {name: [] for name in records}
    for number in range(TIMES + UNCOUNTED):
        for name, own in records.items():
            began = time.perf_counter()
            told(act, own)
            if number >= UNCOUNTED:
                spent[name].append((time.perf_counter() - began) * 1000)
    return [{name: quantiles(one)[at] for name, one in spent.items()} for at in (1, 0)]


def told(act: Callable[[Workspace], object], own: Workspace) -> object:
    try:
        return act(own)
    except ReviewError as refused:
        return str(refused)


def differ(measured: list[dict[str, float]]) -> bool:
    return all(max(one.values()) - min(one.values()) > SHARE * min(one.values()) + MILLISECONDS for one in measured)


@pytest.mark.parametrize("name", ACTS)
def test_没有找到的用时_与别的区县有什么无关(name: str, records: dict[str, Workspace]) -> None:
    act = ACTS[name]
    answers = {str(told(act, own)).replace(str(own.settings.home), "") for own in records.values()}
    assert len(answers) == 1, "答的也一样"
    rounds = []
    for _ in range(ROUNDS):
        rounds.append(times(act, records))
        if not differ(rounds[-1]):
            return
    raise AssertionError(rounds)


def test_量得出差别(records: dict[str, Workspace]) -> None:
    """Who sees every district does look through more where there is more: the measure would show it."""
    everywhere = {name: own.acting_as(Person("虚构督导员", "office")) for name, own in records.items()}
    seen = [differ(times(lambda own: search(own, "磁悬浮列车", count=50), everywhere)) for _ in range(ROUNDS)]
    assert sum(seen) > ROUNDS / 2
