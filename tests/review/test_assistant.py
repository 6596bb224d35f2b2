"""Questions are answered from the scheme, the evidence or the completeness list; what is not there is said to be not there."""

from __future__ import annotations

import pytest

from retrieval.cite import Citation, verify
from review.assistant import ask, other_district
from review.errors import UnknownDistrictError
from review.workspace import Settings, Workspace


def test_普惠率得到数字_文件和页码(demo: Workspace) -> None:
    answer = ask(demo, "学前教育普惠率达到多少？", district="云山区")
    first = answer.sentences[0]
    assert answer.kind == "evidence"
    assert "86.5%" in first.sentence
    assert first.supported
    assert isinstance(first.citations[0], Citation)
    assert first.citations[0].file.endswith("云山区2018年学前教育事业发展情况报告.pdf")
    assert first.citations[0].locator["page"] == 1


def test_每句都是存下页面的原文(demo: Workspace) -> None:
    answer = ask(demo, "哪些材料能说明普惠率达标？", district="云山区")
    assert answer.found
    with demo.store.session() as session:
        for sentence in answer.sentences:
            (citation,) = sentence.citations
            assert isinstance(citation, Citation)
            assert citation.quote == sentence.sentence
            assert verify(session, citation)


def test_指标问题不打开数据库也不加载模型(tmp_path: object) -> None:
    workspace = Workspace(Settings(tmp_path / "nothing"))  # type: ignore[operator]
    answer = ask(workspace, "B5 多少分？包括哪几条？")
    assert answer.kind == "indicator"
    assert "40 分" in answer.sentences[0].sentence
    assert [s.sentence.split()[0] for s in answer.sentences[1:]] == [f"B5-{n}" for n in range(1, 7)]
    assert "index" not in vars(workspace)
    assert "store" not in vars(workspace)


@pytest.mark.parametrize("question", ["特色高中建设情况怎么样？", "今天天气怎么样？", "有偿家教查处了几起？"])
def test_没有就说未找到并说明查了什么(demo: Workspace, question: str) -> None:
    answer = ask(demo, question, district="云山区")
    assert not answer.found
    assert not answer.sentences
    assert "58 份材料" in answer.searched


@pytest.mark.parametrize("question", ["大班额几个、近视率多少", "普职比多少，双师型教师有几名，还有近视率"])
def test_一句几问里没有的那一问不拿别的数来答(demo: Workspace, question: str) -> None:
    answer = ask(demo, question, district="云山区")
    assert answer.found
    assert "没有单独找到“近视率”。" in answer.notes
    assert not any("近视" in s.sentence for s in answer.sentences)


def test_还缺什么由完整性检查回答(demo: Workspace) -> None:
    answer = ask(demo, "B15 还缺什么材料？", district="云山区")
    assert answer.kind == "missing"
    assert any("B15-1" in s.sentence and "年度不符" in s.sentence for s in answer.sentences)
    assert not any(s.sentence.startswith("B5-") for s in answer.sentences)


def test_没有这个区县就说没有(demo: Workspace) -> None:
    with pytest.raises(UnknownDistrictError, match="请核对区县名称"):
        ask(demo, "普惠率多少？", district="火星区")


@pytest.mark.parametrize(
    ("question", "other"),
    [
        ("清河区2018年普惠率是多少？", "清河区"),
        ("云山区2018年普惠率是多少？", ""),
        ("全区的普惠率是多少？", ""),
        ("中心城区教育设施建设完成了吗？", ""),
        ("乡镇社区教育中心有多少？", ""),
        ("居住区教育设施配套了吗？", ""),
        ("偏远山区的教师有周转宿舍吗？", ""),
    ],
)
def test_问的是别的区县就不拿本区的数来答(demo: Workspace, question: str, other: str) -> None:
    assert other_district(question, "云山区") == other
    if other:
        answer = ask(demo, question, district="云山区")
        assert not answer.found
        assert answer.searched == f"没有{other}的材料。"


def test_矛盾的数一并说明(demo: Workspace) -> None:
    answer = ask(demo, "镇街社区教育中心覆盖率是多少？", district="云山区")
    shown = "".join(s.sentence for s in answer.sentences)
    assert "91.7%" in shown
    assert "83.3%" in shown
    assert any("矛盾" in note for note in answer.notes)
