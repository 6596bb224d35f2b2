"""Other words for what is asked: from files, checked, and never the question's own words again."""

from __future__ import annotations

from pathlib import Path

import pytest

from retrieval.synonyms import MOST_OTHERS, SynonymsError, load_synonyms, read_synonyms, synonyms_of


def test_一组之内从哪一边问都展开() -> None:
    found = synonyms_of([("双减", "减轻作业负担"), ("老师", "教师")])
    assert found.expand("双减落实了吗") == ("减轻作业负担",)
    assert found.expand("教师减轻作业负担") == ("老师", "双减")


def test_单向的只从问的一边展开() -> None:
    found = synonyms_of([], [(("补课", "钱"), ("校外培训", "经费"))])
    assert found.expand("补课的钱") == ("校外培训", "经费")
    assert found.expand("校外培训") == ()


def test_问句已有的词不再给出() -> None:
    found = synonyms_of([("随迁子女", "务工子女", "农民工子女")])
    assert found.expand("随迁子女（务工子女）") == ("农民工子女",)


def test_同一处取最长的词而词中之词也算() -> None:
    found = synonyms_of([("教师", "老师"), ("教师培训费", "培训经费"), ("培训费", "进修费")])
    assert found.expand("教师培训费") == ("培训经费", "进修费")


def test_全角与空格不影响() -> None:
    assert synonyms_of([("20条底线", "底线要求")]).expand("２０ 条底线") == ("底线要求",)


def test_展开的个数有上限() -> None:
    found = synonyms_of([tuple(f"说法{chr(0x4E00 + n)}" for n in range(MOST_OTHERS + 20))])
    assert len(found.expand("说法一")) == MOST_OTHERS


def test_没有词表时什么也不展开() -> None:
    assert synonyms_of([]).expand("双减") == ()


@pytest.mark.parametrize(
    ("asked", "other"),
    [
        ("双减工作进展", "减轻作业负担"),
        ("县管校聘改革", "区管校聘"),
        ("两免一补落实情况", "寄宿生生活补助"),
        ("普惠率是多少", "普惠性幼儿园覆盖率"),
        ("普惠性幼儿园覆盖率是多少", "普惠率"),
        ("大班额", "56人及以上"),
        ("打工的孩子怎么上学", "随迁子女"),
        ("有没有补课的", "校外培训"),
    ],
)
def test_随程序的词表(asked: str, other: str) -> None:
    assert other in load_synonyms().expand(asked)


def test_随程序的词表没有自己展开到自己() -> None:
    for word, others in load_synonyms().others.items():
        assert word not in others
        assert others


def test_错处一次列全(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text("same:\n  - [独一个]\n  - [园, 幼儿园]\n  - [重复, 重复]\n", encoding="utf-8")
    (tmp_path / "b.yaml").write_text("same:\n  - [双减, 减负]\nalso:\n  - {asked: [补课]}\n", encoding="utf-8")
    with pytest.raises(SynonymsError) as caught:
        read_synonyms(tmp_path)
    said = str(caught.value)
    for part in ("a.yaml 第 2 行", "至少 2 个", "“园”太短", "“重复”重复", "b.yaml 第 4 行", "written", "请"):
        assert part in said
    assert len(caught.value.faults) >= 4
