"""一个分句说的是做到了、没做到、打算做还是要求做。"""

from __future__ import annotations

import pytest

from retrieval.clauses import heading_mood, read_clauses
from retrieval.verdict_words import VerdictWordsError, load_verdict_words, read_verdict_words

WORDS = load_verdict_words()


def kinds(text: str, **more: object) -> list[str]:
    return [clause.kind for clause in read_clauses(text, WORDS, **more)]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("督导经费列入预算。", "states"),
        ("督导经费未列入预算。", "lacking"),
        ("将督导经费列入预算。", "states"),
        ("将进一步加大督导经费投入。", "planned"),
        ("拟将督导经费列入预算。", "planned"),
        ("必须将督导经费列入预算。", "demanded"),
        ("没有拖欠教师工资。", "states"),
        ("个别镇拖欠教师工资。", "lacking"),
        ("严禁拖欠教师工资。", "demanded"),
        ("没有学生因家庭经济困难失学。", "states"),
        ("仍有3名学生失学。", "lacking"),
        ("未发生安全事故。", "states"),
        ("发生安全事故1起。", "lacking"),
        ("抽查未发现缺课现象。", "states"),
        ("未达标学校0所。", "states"),
        ("未达标学校5所。", "lacking"),
        ("着力解决编制不足。", "states"),
        ("编制不足仍未解决。", "lacking"),
        ("实施薄弱学校改造。", "states"),
        ("资助家庭经济困难学生。", "states"),
        ("不低于规定标准。", "states"),
        ("行动计划任务完成率100%。", "states"),
        ("按要求开展检查。", "states"),
        ("应急演练2次。", "states"),
        ("印发《关于解决编制不足的意见》。", "states"),
        ("给学生讲“网络上的话也要负责任”。", "states"),
        ("开展模拟法庭活动。", "states"),
        ("未下达升学指标。", "states"),
        ("缺科0门。", "states"),
        ("缺科2门。", "lacking"),
    ],
)
def test_一个分句(text: str, kind: str) -> None:
    assert kinds(text) == [kind]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("排查隐患42处，整改31处，仍有11处未整改。", ["states", "states", "lacking"]),
        ("楼梯净宽不足3处，8月底前已全部整改。", ["states", "states"]),
        ("楼梯净宽不足3处，已整改2处，其余尚未整改。", ["lacking", "states", "lacking"]),
        ("下一步，新建幼儿园6所，普惠率达到85%。", ["planned", "planned", "planned"]),
        ("应设资源教室9所，已设7所。", ["states", "lacking"]),
        ("应设资源教室9所，已设9所。", ["states", "states"]),
        ("未按规定拨付的，责令限期改正。", ["demanded", "demanded"]),
        ("力争年底完成，现已完成并公示。", ["planned", "states"]),
    ],
)
def test_前后分句互相影响(text: str, expected: list[str]) -> None:
    assert kinds(text) == expected


def test_章节标题的语气只管没有别的说法的句子() -> None:
    heading = "工作总结 > 五、存在的不足"
    assert kinds("镇村场所条件相差悬殊。已列入预算。", heading=heading) == ["lacking", "states"]
    assert kinds("新建幼儿园6所。", heading="工作总结 > 六、下一步打算") == ["planned"]
    assert kinds("新建幼儿园6所。", heading="工作总结") == ["states"]
    assert kinds("跟踪听课620节。", heading="总结 > 四、效果与不足") == ["states"]
    assert heading_mood("存在问题整改报告", WORDS) is None, "题名不是章节"


def test_越小越好的指标_超过标准才是没做到() -> None:
    assert kinds("差异系数超过规定标准。", higher_is_bad=True) == ["lacking"]
    assert kinds("差异系数超过规定标准。") == ["states"]
    assert kinds("差异系数均低于规定值。", higher_is_bad=True) == ["states"]


def test_表格行逐格读() -> None:
    row = "学校：河湾小学；是否应设：是；是否已设：否；备注：场地装修中"
    assert kinds(row) == ["states", "states", "lacking", "states"]
    assert [clause.row for clause in read_clauses(row, WORDS)] == [True] * 4


def test_段落里的小标题自己不说什么_但管其后的句子() -> None:
    text = "五、存在的不足\n场所条件悬殊。\n六、主要成效\n建成6所。"
    found = read_clauses(text, WORDS, headings=[(0, 7), (16, 22)], breaks=[0, 8, 16, 23])
    assert [(text[c.start : c.end], c.kind) for c in found] == [("场所条件悬殊", "lacking"), ("建成6所", "states")]


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        ("项目：浴室；应达标（所）：66；未达标（所）：0", ["states"] * 3),
        ("项目：浴室；应达标（所）：66；未达标（所）：4", ["states", "states", "lacking"]),
        ("指标：生均高于规定学历教师数；小学：0.21；初中：0.18", ["states"] * 3),
        ("隐患内容：楼梯净宽不足；责任人：某某；状态：已整改", ["states"] * 3),
        ("隐患内容：楼梯净宽不足；责任人：某某；状态：整改中", ["lacking", "states", "states"]),
        ("序号；学校；缺科；缺课时", []),
    ],
)
def test_表格里标签只是名称_值才说有没有(row: str, expected: list[str]) -> None:
    assert kinds(row, higher_is_bad=True) == expected


def test_分句的位置就是原文() -> None:
    text = "一是完成任务。\n二是经费\n没有落实，影响进度。"
    found = read_clauses(text, WORDS, breaks=[0, 8])
    assert [text[c.start : c.end] for c in found] == ["一是完成任务", "二是经费\n没有落实", "影响进度"]
    assert [c.first for c in found] == [True, True, False]
    assert found[1].kind == "lacking"


def test_用词文件的错误一次列全() -> None:
    with pytest.raises(VerdictWordsError) as error:
        read_verdict_words("lacking: ['尚未', '未(']\nplan: 不是列表\n")
    said = str(error.value)
    assert "未(" in said
    assert "plan" in said
    assert "请" in said
    assert len(error.value.faults) >= 3
