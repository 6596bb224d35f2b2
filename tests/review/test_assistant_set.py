"""The judged questions for the assistant are what their README says, and the judge tells right answers from wrong ones."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest
import yaml

from eval_sets.assistant import failures
from eval_sets.assistant.judging import AnyCitation, figures_of, holds, judge
from eval_sets.assistant.questions import HALVES, LOOKED_AT, NO_MATERIAL, SETS, Asked, questions, second_district
from retrieval.answer import Answer, AnswerSentence, AnswerTable, TableRow
from retrieval.cite import Citation

EVIDENCE = Path(__file__).parents[2] / "corpus" / "demo" / "evidence"
SENTENCE = "2018年普惠率为86.5%（16089÷18600）。"
NUMBER = re.compile(r"\d+(?:\.\d+)?(?:∶[\d.]+)?%?")


@pytest.fixture(scope="module")
def every() -> list[Asked]:
    return [asked for half in HALVES for asked in questions(half)]


@pytest.fixture(scope="module")
def sources() -> dict[str, str]:
    """File name → its words, without spaces, of both districts."""
    texts = [path.read_text(encoding="utf-8") for path in sorted(EVIDENCE.glob("*.yaml"))]
    found = {yaml.safe_load(text)["file"]: text for text in texts} | second_district()["files"]
    return {file: re.sub(r'[\s"]', "", text).replace(":", "∶") for file, text in found.items()}


@pytest.mark.parametrize("halves", SETS, ids=" ".join)
def test_题数与分布够数(halves: tuple[str, str]) -> None:
    both = [asked for half in halves for asked in questions(half)]
    assert len(both) >= 200
    assert sum(bool(one.earlier) for one in both) >= 40
    assert sum(one.found is False and not one.refuse for one in both) >= 28
    assert sum(one.refuse for one in both) >= 19  # some of them about what is not open to the district itself
    abouts = {about for one in both for about in one.abouts}
    assert len(abouts) == 12


@pytest.mark.parametrize("halves", SETS, ids=" ".join)
def test_两半一样多(halves: tuple[str, str]) -> None:
    first, second = (questions(half) for half in halves)
    assert abs(len(first) - len(second)) <= 1
    for half in (first, second):
        assert sum(bool(one.earlier) for one in half) >= 20
        assert {about for one in half for about in one.abouts} >= {
            "figure",
            "missing",
            "comparison",
            "annex1",
            "unknown",
        }


def test_题不重复(every: list[Asked]) -> None:
    assert len({(one.question, one.earlier, one.asked_by, one.district) for one in every}) == len(every)
    assert len({one.id for one in every}) == len(every)


def test_每个数都在所列的一份文件里(every: list[Asked], sources: dict[str, str]) -> None:
    for one in every:
        own = [sources[file] for file in one.files if file in sources]
        for spellings in one.figure if own and one.kinds == {"evidence"} else ():
            plain = [found.group() if (found := NUMBER.search(text)) else text for text in spellings]
            assert any(number in text for number in plain for text in own), (one.id, spellings)


def test_每份所列的文件都有一个关键词(every: list[Asked], sources: dict[str, str]) -> None:
    for one in every:
        for file in one.files & sources.keys():
            assert not one.words or any(word in sources[file] for word in one.words), (one.id, file)


def test_没有材料的区县确实没有材料() -> None:
    assert NO_MATERIAL in second_district()["year"]["districts"]
    assert second_district()["district"] != NO_MATERIAL


@pytest.mark.parametrize(
    ("text", "figure", "there"),
    [
        ("普惠率为86.5%。", "86.5%", True),
        ("普惠率为186.5%。", "86.5%", False),
        ("共 98,640 元", "98640元", True),
        ("招生比54.2：45.8", "54.2∶45.8", True),
        ("大班额（个）：36；比例：2.1%", "36个", True),
        ("校长14，336名教师", "14", True),
        ("普惠率 79%", "79.0%", True),
        ("普惠率 79.04%", "79.0%", False),
        ("共100所", "100所", True),
        ("普惠率；单位：%；2018年：86.5", "86.5%", True),
        ("大班额36%，36所（个）", "36个", False),
        ("总分 894.28", "894", False),
        ("起数：10起", "0起", False),
    ],
)
def test_数独立出现才算(text: str, figure: str, there: bool) -> None:
    assert holds(text, figure) is there


def test_句中的数不含年份文号要点和文件名() -> None:
    assert figures_of("《2018年学前12号.pdf》第3页：B5-5 在2018年为86.5%，〔2018〕12号，附件1第 4 条") == ["86.5"]
    assert figures_of("小学0.412，336名，共98,640元") == ["0.412", "336", "98640"]
    assert figures_of("2018年在园12000人") == ["12000"]


def cited(quote: str = SENTENCE, *, file: str = "学前.pdf", district: str = "云山区") -> Citation:
    return Citation("a" * 64, 1, file, district, 2019, 1, {"page": 1}, 0, len(quote), quote)


def answered(*citations: AnyCitation, sentence: str = SENTENCE, found: bool = True) -> Answer:
    return Answer("evidence", found, (AnswerSentence(sentence, citations, True),), "", about="figure")


def stored(citation: AnyCitation) -> tuple[str, str]:
    text = SENTENCE if "普惠" in citation.quote else citation.quote
    return text[citation.start : citation.end], text


@pytest.fixture
def asked() -> Asked:
    return Asked(
        "t1", "专家", "云山区", (), "普惠率多少", frozenset({"evidence"}), frozenset({"figure"}), (("86.5%",),),
        frozenset({"学前.pdf"}), ("普惠",), True, False, False, (),
    )  # fmt: skip


def test_答对_引文也对(asked: Asked) -> None:
    marks = judge(asked, answered(cited()), stored)
    assert (marks.kind, marks.about, marks.answered, marks.figure, marks.problems) == (True, True, True, True, ())
    assert (marks.citations, marks.right_citations, marks.verified, marks.sentences, marks.founded) == (1, 1, 1, 1, 1)


@pytest.mark.parametrize(
    ("citation", "verified"),
    [
        (replace(cited(), quote="2018年普惠率为87.5%（16089÷18600）。"), 0),
        (cited(file="别的.pdf"), 1),
        (cited("幼儿园有86.5%的教师。"), 1),
        (replace(cited(), start=3, end=10, quote="18年普惠率为"), 0),
    ],
    ids=["引文与原页不符", "文件不对", "没有关键词", "位置不对"],
)
def test_引文不对(asked: Asked, citation: Citation, verified: int) -> None:
    marks = judge(asked, answered(citation), stored)
    assert marks.right_citations == 0
    assert marks.verified == verified
    assert marks.founded == 0


def test_句中的数不在引文里_不算有据(asked: Asked) -> None:
    marks = judge(asked, answered(cited(), sentence="普惠率86.5%，全市第3。"), stored)
    assert marks.right_citations == 1
    assert marks.founded == 0


def test_一句的数与下一句的不连成一个(asked: Asked) -> None:
    two = Answer(
        "evidence", True, tuple(AnswerSentence(words, (cited(),), True) for words in ("空编54", "112名空编")), ""
    )
    wanted = replace(asked, figure=(("54",), ("112",)))
    assert judge(wanted, two, stored).figure is True
    assert judge(replace(wanted, absent=("112",)), two, stored).leaked


def test_金额按值比_写法不同也是同一个数(asked: Asked) -> None:
    quote = "一般公共预算教育支出182640万元，普惠园奖补另计"
    free = replace(asked, files=frozenset(), words=())
    same = judge(
        free, answered(cited(quote), sentence="2018年一般公共预算教育支出为18.264亿元。"), lambda c: (quote, quote)
    )
    other = judge(
        free, answered(cited(quote), sentence="2018年一般公共预算教育支出为18.265亿元。"), lambda c: (quote, quote)
    )
    assert (same.right_citations, other.right_citations) == (1, 0)


def test_没有引文的证据句_不算有据(asked: Asked) -> None:
    marks = judge(asked, answered(), stored)
    assert (marks.sentences, marks.founded, marks.uncited) == (1, 0, 1)


def test_数在第四句才出现_不算答对(asked: Asked) -> None:
    good = answered(cited())
    late = replace(good, sentences=tuple(AnswerSentence("无关。", (), False) for _ in range(3)) + good.sentences)
    assert judge(asked, late, stored).figure is False
    assert judge(asked, replace(late, kind="ledger"), stored).figure is True


def test_该说没有的说了有(asked: Asked) -> None:
    none = replace(asked, found=False, figure=())
    assert judge(none, answered(cited()), stored).refused is False
    assert judge(none, Answer("evidence", False, (), "查过"), stored).refused is True
    assert judge(none, "没有权限", stored).refused is True


def test_无权知道的_不得带引文表格和不该出现的字(asked: Asked) -> None:
    secret = replace(asked, found=False, refuse=True, figure=(), absent=("79.0",))
    refusal = Answer("evidence", False, (), "您只能查看云山区")
    assert judge(secret, refusal, stored).refused is True
    assert judge(secret, replace(refusal, searched="鹤汀区为 79.0%"), stored).leaked is True
    assert (
        judge(secret, replace(refusal, table=AnswerTable(("区县",), (TableRow(("鹤汀区",)),))), stored).refused is False
    )
    assert judge(secret, answered(cited(), found=False), stored).refused is False
    assert judge(secret, "只能查看云山区，不能看 79.0%", stored).refused is False


def test_别的区县的引文和文件名都算泄露(asked: Asked) -> None:
    assert judge(asked, answered(cited(district="鹤汀区")), stored).leaked is True
    told = replace(answered(cited()), searched="查了《鹤汀学前.txt》")
    assert judge(asked, told, stored, ["鹤汀学前.txt"]).leaked is True
    assert judge(replace(asked, asked_by="督导办"), answered(cited(district="鹤汀区")), stored).leaked is False


def test_问得不清_要有可选的问题(asked: Asked) -> None:
    unclear = replace(asked, found=False, choices=True, figure=())
    assert judge(unclear, Answer("unknown", False, (), "问哪个？", choices=("甲", "乙")), stored).refused is True
    assert judge(unclear, Answer("unknown", False, (), "问哪个？"), stored).refused is False


def test_该答的被拒绝(asked: Asked) -> None:
    marks = judge(asked, "没有权限", stored)
    assert (marks.kind, marks.answered, marks.figure, marks.refused) == (False, False, False, None)


def test_说的是哪份文件而引的正是那份_算对(asked: Asked) -> None:
    named = answered(cited(), sentence="年度不符：《学前.pdf》写的是别的年份。")
    assert judge(asked, named, stored).right_citations == 1
    assert judge(asked, answered(cited(), sentence="年度不符：写的是别的年份。"), stored).right_citations == 0


def test_台账的数不必在引文里_证据的数必须在(asked: Asked) -> None:
    told = answered(cited(), sentence="2018年普惠率为86.5%，得4.44分。")
    assert judge(asked, told, stored).founded == 0
    assert judge(asked, replace(told, kind="ledger"), stored).founded == 1
    assert judge(asked, replace(told, kind="indicator", about="deadline"), stored).founded == 1


def test_留出的一半不逐条看(capsys: pytest.CaptureFixture[str]) -> None:
    assert failures.run(["held_out_2"]) == 2
    told = capsys.readouterr()
    assert "held_out_2" in told.err
    assert "请" in told.err
    assert not told.out


def test_题按问的是什么分组() -> None:
    groups = {failures.group(asked) for half in LOOKED_AT for asked in questions(half)}
    assert groups >= {"无权知道", "没有答案", "问得不清", "一句几个数", "承前 无权知道", "承前 figure", "missing"}
