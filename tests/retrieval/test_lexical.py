"""Full text, in SQLite and in PostgreSQL: what is found, in what order, and what is kept apart."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text as sql

from ingest.store import Store, open_store
from retrieval import lexical
from retrieval.collections import Partition
from retrieval.tokens import tokens
from tests.postgres import fresh_database, needs_postgres

CLOUD, RIVER = Partition("云山区", 2019), Partition("清河区", 2019)
ROWS = [
    (1, "全区普惠性幼儿园覆盖率达到86.5%"),
    (2, "幼儿园教师持证上岗"),
    (3, "校车安全检查台账，济政办发〔2019〕5号"),
    (7, "B5-5 佐证材料目录"),
]


def _fill(store: Store) -> None:
    with store.session() as session:
        lexical.add(session, CLOUD, ROWS)
        lexical.add(session, RIVER, [(4, "清河区普惠性幼儿园")])


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=needs_postgres)])
def filled(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    if request.param == "sqlite":
        opened = open_store(tmp_path)
        _fill(opened)
        yield opened
        opened.engine.dispose()
        return
    with fresh_database() as url:
        opened = open_store(tmp_path, url=url)
        _fill(opened)
        yield opened
        opened.engine.dispose()


@pytest.mark.parametrize(
    ("text", "ids"),
    [
        ("普惠性幼儿园", [1, 2]),
        ("８６．５％", [1]),
        ("86.5", [1]),
        ("[2019]5号", [3]),
        ("5号", []),
        ("Ｂ5—5", [7]),
        ("b5-6", []),
        ("高考", []),
        ("，。", []),
        ('" OR tokens:* NEAR(', []),
    ],
)
def test_按词找到的段落(filled: Store, text: str, ids: list[int]) -> None:
    with filled.session() as session:
        assert list(lexical.search(session, CLOUD, text)) == ids


def test_得分为正且少见的词更重(filled: Store) -> None:
    with filled.session() as session:
        found = lexical.search(session, CLOUD, "幼儿园覆盖率")
    assert found[1] > found[2] > 0


def test_只取最好的若干条(filled: Store) -> None:
    with filled.session() as session:
        assert list(lexical.search(session, CLOUD, "普惠性幼儿园", limit=1)) == [1]


def test_限定在给出的段落之内(filled: Store) -> None:
    with filled.session() as session:
        assert list(lexical.search(session, CLOUD, "幼儿园", among={2, 3})) == [2]
        assert lexical.search(session, CLOUD, "幼儿园", among=set()) == {}


def test_各区县年度互不相见(filled: Store) -> None:
    with filled.session() as session:
        assert list(lexical.search(session, RIVER, "幼儿园")) == [4]
        assert lexical.search(session, Partition("云山区", 2020), "幼儿园") == {}
        assert lexical.stored(session, CLOUD) == {1, 2, 3, 7}
        assert lexical.stored(session, Partition("没有的区", 2019)) == set()


@pytest.mark.parametrize("filled", ["sqlite"], indirect=True)
def test_词元原样存入不被再切(filled: Store) -> None:
    with filled.session() as session:
        session.execute(sql(f"CREATE VIRTUAL TABLE temp.terms USING fts5vocab(main, {CLOUD.table}, row)"))
        stored = set(session.execute(sql("SELECT term FROM temp.terms")).scalars())
    assert stored == {token for _, text in ROWS for token in tokens(text)}
    assert {"86.5", "86.5%", "[2019]5号", "b5-5"} <= stored


def test_是否已有其中的段落(filled: Store) -> None:
    with filled.session() as session:
        assert lexical.holds_any(session, CLOUD, [5, 7])
        assert not lexical.holds_any(session, CLOUD, [4, 5, 8])
        assert not lexical.holds_any(session, CLOUD, [])
        assert not lexical.holds_any(session, Partition("没有的区", 2019), [1])


def test_删去的段落不再找到(filled: Store) -> None:
    with filled.session() as session:
        lexical.remove(session, CLOUD, [ROWS[0], (99, "从未加入")])
    with filled.session() as session:
        assert list(lexical.search(session, CLOUD, "普惠性幼儿园")) == [2]
        assert lexical.stored(session, CLOUD) == {2, 3, 7}
        # Nothing is left of it in the counts that the scores come from.
        lexical.add(session, Partition("新区", 2019), ROWS[1:])
        fresh = lexical.search(session, Partition("新区", 2019), "幼儿园校车安全")
        assert lexical.search(session, CLOUD, "幼儿园校车安全") == pytest.approx(fresh, rel=1e-9)


def test_删去一个分区或全部(filled: Store) -> None:
    with filled.session() as session:
        lexical.drop(session, CLOUD)
        assert lexical.search(session, CLOUD, "幼儿园") == {}
        assert list(lexical.search(session, RIVER, "幼儿园")) == [4]
        lexical.drop_all(session)
        assert lexical.stored(session, RIVER) == set()


def test_事务撤回时全文索引一并撤回(filled: Store) -> None:
    class StopError(Exception):
        pass

    def interrupted() -> None:
        with filled.session() as session:
            lexical.add(session, CLOUD, [(8, "不应留下的幼儿园")])
            raise StopError

    with pytest.raises(StopError):
        interrupted()
    with filled.session() as session:
        assert 8 not in lexical.stored(session, CLOUD)
        assert 8 not in lexical.search(session, CLOUD, "幼儿园")


def test_很长的问句也能查(filled: Store) -> None:
    with filled.session() as session:
        long = "".join(chr(0x4E00 + i) for i in range(3000))
        assert next(iter(lexical.search(session, CLOUD, "普惠性幼儿园" + long))) == 1


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60, deadline=None)
@given(text=st.text(max_size=60))
def test_任何文字都不会成为查询语法(filled: Store, text: str) -> None:
    with filled.session() as session:
        assert set(lexical.search(session, CLOUD, text)) <= {1, 2, 3, 7}


def test_分区名只含安全字符且各不相同() -> None:
    partitions = [
        Partition("云山区", 2019),
        Partition("云山区", 2020),
        Partition("清河区", 2019),
        Partition("a'; DROP TABLE x", 2019),
    ]
    for partition in partitions:
        assert partition.table.replace("_", "").isalnum()
        assert partition.table.isascii()
        assert 3 <= len(partition.collection) <= 63
    assert len({partition.name for partition in partitions}) == 4
    assert Partition("云山区", 2019).table == "fts_2019_" + Partition("云山区", 2019).name[5:]


def test_有多少段含某个词元(filled: Store) -> None:
    with filled.session() as session:
        assert lexical.frequencies(session, CLOUD, ["幼儿", "校车", "86.5%", "没有"]) == (
            {"幼儿": 2, "校车": 1, "86.5%": 1, "没有": 0},
            4,
        )
        lexical.remove(session, CLOUD, [ROWS[1]])
        assert lexical.frequencies(session, CLOUD, ["幼儿"]) == ({"幼儿": 1}, 3)
        assert lexical.frequencies(session, Partition("没有的区", 2019), ["幼儿"]) == ({}, 0)


def test_只留下能区分段落的词元() -> None:
    frequency = {"工作": 9000, "学校": 8000, "普惠": 30, "惠率": 20, "督学": 900, "没有": 0, "责任": 2000}
    assert lexical.telling(frequency, 12_000) == ["惠率", "普惠", "督学", "责任", "学校"]
    assert lexical.telling(frequency, 100) == ["惠率", "普惠", "督学", "责任"], "至少留四个"
    assert lexical.telling({"工作": 9000}, 100) == ["工作"]
    assert lexical.telling({}) == []


def test_按所给词元找且限定范围(filled: Store) -> None:
    with filled.session() as session:
        assert set(lexical.matching(session, CLOUD, ["幼儿", "校车"], limit=10)) == {1, 2, 3}
        assert set(lexical.matching(session, CLOUD, ["幼儿", "校车"], limit=10, among=[2, 3, 4])) == {2, 3}
        assert len(lexical.matching(session, CLOUD, ["幼儿", "校车"], limit=1)) == 1
        assert lexical.matching(session, CLOUD, [], limit=10) == {}


WORDS = "普惠幼儿园校车安全检查覆盖率学位建设督导评估"
LONG = "a" * 5000  # one token, longer than a lexeme of PostgreSQL may be


@needs_postgres
@settings(max_examples=25, deadline=None)
@given(
    texts=st.lists(st.text(alphabet=WORDS + "0123456789.%-_' ab\\", max_size=60), min_size=1, max_size=12),
    question=st.text(alphabet=WORDS + "0123456789%", min_size=1, max_size=20),
)
def test_两种数据库得分相同(both: tuple[Store, Store], texts: list[str], question: str) -> None:
    found = []
    for opened in both:
        with opened.session() as session:
            lexical.drop(session, CLOUD)
            lexical.add(session, CLOUD, [(number, text) for number, text in enumerate([*texts, LONG], 1)])
            scores = lexical.search(session, CLOUD, question + LONG)
            # How often a token stands in passages is told by both alike, too.
            found.append((scores, lexical.frequencies(session, CLOUD, dict.fromkeys(tokens("".join(texts))))))
    assert found[0][0].keys() == found[1][0].keys()
    assert found[0][0] == pytest.approx(found[1][0], rel=1e-9)
    assert found[0][1] == found[1][1]


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Store, Store]]:
    """A record in SQLite and one in PostgreSQL."""
    home = tmp_path_factory.mktemp("both")
    with fresh_database() as url:
        one, other = open_store(home / "sqlite"), open_store(home / "postgresql", url=url)
        yield one, other
        one.engine.dispose()
        other.engine.dispose()
