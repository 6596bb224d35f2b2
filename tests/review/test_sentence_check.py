"""Which sentences the words quoted carry: one line a case, named for what is tried."""

from __future__ import annotations

import pytest

from review.sentence_check import Ground, judges, why_unsupported

BOTH = "公办园占比为50.2%，普惠性幼儿园覆盖率达到86.5%，比上年提高1.2个百分点"
RATE = "2018年全区普惠性幼儿园覆盖率达到86.5%，公办园在园幼儿占比为50.2%"
ROWS = "示例一小\t1,240\t31\n示例二小\t980\t24"
PLAN = "计划到2020年新增学位3,240个"
NOT = "近视率为50.7%，未达到下降1个百分点的目标，没有发生安全责任事故"

CARRIED = {
    "照抄": ("2018年全区普惠性幼儿园覆盖率达到86.5%", RATE),
    "换了说法": ("云山区普惠性幼儿园覆盖率为86.5%。", RATE),
    "两个数": ("普惠性幼儿园覆盖率86.5%，公办园在园幼儿占比50.2%。", RATE),
    "全角与空格": ("普惠性幼儿园覆盖率为 86.5％。", RATE),
    "汉字数": ("普惠性幼儿园覆盖率为百分之八十六点五。", RATE),
    "千分位": ("计划到2020年新增学位3240个。", PLAN),
    "否定照抄": ("近视率未达到下降1个百分点的目标。", NOT),
    "没有发生": ("没有发生安全责任事故。", NOT),
    "不提别处的否定": ("近视率为50.7%。", NOT),
    "主语在前一句": ("普惠性幼儿园覆盖率比上年提高1.2个百分点。", BOTH),
    "问题里的词": ("学前教育普惠率方面，普惠性幼儿园覆盖率为86.5%。", RATE),
}
NOT_CARRIED = {
    "数不同": ("普惠性幼儿园覆盖率为88.6%。", RATE),
    "年份不同": ("2019年普惠性幼儿园覆盖率达到86.5%。", RATE),
    "单位不同": ("普惠性幼儿园经费为86.5万元。", RATE),
    "界限不同": ("普惠性幼儿园覆盖率不低于86.5%。", RATE),
    "张冠李戴": ("公办园在园幼儿占比为86.5%。", RATE),
    "别人的增幅": ("公办园占比比上年提高1.2个百分点。", BOTH),
    "汉字数不同": ("普惠性幼儿园覆盖率为百分之九十。", RATE),
    "去掉否定": ("近视率达到下降1个百分点的目标。", NOT),
    "加上否定": ("普惠性幼儿园覆盖率没有达到86.5%。", RATE),
    "事故发生了": ("发生安全责任事故。", NOT),
    "说反了": ("近视率提高1个百分点。", NOT),
    "计划说成事实": ("到2020年新增学位3,240个。", PLAN),
    "已经完成": ("新增学位3,240个已经完成。", PLAN),
    "别的区": ("山水区普惠性幼儿园覆盖率为86.5%。", RATE),
    "没有的人名": ("王建国局长介绍，普惠性幼儿园覆盖率为86.5%。", RATE),
    "没有的文件": ("据《示例统计公报》，普惠性幼儿园覆盖率为86.5%。", RATE),
    "没有的字母": ("XYZ系统显示普惠性幼儿园覆盖率为86.5%。", RATE),
    "自己的话": ("普惠性幼儿园覆盖率86.5%充分说明区政府高度重视学前教育事业发展。", RATE),
    "推广到全部": ("所有幼儿园均为普惠性幼儿园。", RATE),
    "表格行错位": ("示例一小980人。", ROWS),
    "引文太短": ("覆盖率。", "覆盖率"),
    "只有套话": ("情况如下。", RATE),
    "空话": ("好的。", RATE),
}


def ground(quote: str, **changes: object) -> Ground:
    return Ground((quote,), "学前教育普惠率达到多少？", ("云山区",), **changes)  # type: ignore[arg-type]


@pytest.mark.parametrize("name", CARRIED)
def test_核得上(name: str) -> None:
    sentence, quote = CARRIED[name]
    assert why_unsupported(sentence, ground(quote)) == ""


@pytest.mark.parametrize("name", NOT_CARRIED)
def test_核不上(name: str) -> None:
    sentence, quote = NOT_CARRIED[name]
    why = why_unsupported(sentence, ground(quote))
    assert why
    assert any("\u4e00" <= character <= "\u9fff" for character in why)


@pytest.mark.parametrize(
    "sentence",
    ["B5得40分。", "该项应给满分", "建议评为优秀", "B5-5 已达标。", "附件1第3条没有触发", "材料充分", "得分率 100", "符合指标要求", "Full marks", "排名第一，名次靠前", "总分九百分", "score: 60", "认定为合格。"],
)  # fmt: skip
def test_给分下结论的话认得出(sentence: str) -> None:
    assert judges(sentence)


@pytest.mark.parametrize(
    ("sentence", "quote"),
    [("20条底线要求全部达标66所。", "20条底线要求全部达标66所"), ("区委编办核定编制4660名。", "核定编制4660名"), ("考核优秀教师120名。", "优秀教师120名"), ("普通话等级证书持有人1148人。", "普通话等级证书1148人")],
)  # fmt: skip
def test_材料说学校的话可以转述_没有原文就是下结论(sentence: str, quote: str) -> None:
    assert not judges(sentence, quote)
    assert judges(sentence, "")


@pytest.mark.parametrize(
    "sentence",
    ["B5-5全部达标。", "本区评为优秀。", "该项认定为合格。", "区政府履职优秀。", "附件1认定为没有触发。", "B5得60分。"],
)
def test_说本区和要点的结论_有原文也不行(sentence: str) -> None:
    assert judges(sentence, sentence)


@pytest.mark.parametrize(
    "sentence",
    ["近视率下降1.2个百分点。", "全区有12所分校", "分管副区长负责", "大班额占比 0.5%", "每天 60 分钟"],
)  # fmt: skip
def test_平常的话不算给分(sentence: str) -> None:
    assert not judges(sentence)


def test_方案的分值可以说_某个区的得分不行() -> None:
    text = "B5 学前教育（60分）"
    assert why_unsupported("B5 学前教育60分。", ground(text, of_scheme=True)) == ""
    for sentence in ("云山区B5学前教育60分。", "该区学前教育60分。", "B5学前教育得60分。"):
        assert why_unsupported(sentence, Ground((text,), "B5多少分", (), True)), sentence
