"""Data year and 文号."""

from __future__ import annotations

import pytest

from ingest.years import cited_numbers, document_number, explicit_year, find_year

EXPLICIT: dict[str, int | None] = {
    "云山区2018年度履行教育职责自评报告": 2018,
    "二〇一八年度工作总结": 2018,
    "2018 年教育经费决算表": 2018,
    "云山区2018-2019学年初教育事业统计报表": 2018,
    "2018—2019学年第一学期课程表": 2018,
    "学前教育行动计划（2018—2020年）": 2018,
    "三年规划（2015-2017年）": 2017,
    "学前教育三年行动计划（2017—2020年）": 2018,
    "党组织建设台账（2018）": 2018,
    "常务会议纪要20180314": 2018,
    "常务会议纪要2018.03.14": 2018,
    "关于2019年报送2018年度情况的函": 2018,
    "云政办发〔2019〕7号 关于成立领导小组的通知": None,
    "1800平方米操场验收": None,
    "自评报告": None,
}


@pytest.mark.parametrize("name", EXPLICIT)
def test_名称中写明的年度(name: str) -> None:
    found = explicit_year(name, 2018)
    assert (found[0] if found else None) == EXPLICIT[name]


def _year(
    text: str, *, file: str = "材料", title: str = "", number: str = "", code: str | None = None
) -> tuple[int | None, str]:
    found = find_year(file, title, text, number, code, 2018)
    return found.year, found.by


def test_文件名先于标题先于正文() -> None:
    assert _year("2016年2016年", file="2018年总结", title="2017年总结") == (2018, "文件名")
    assert _year("2016年2016年", title="2017年总结") == (2017, "标题")
    assert _year("2016年建成，2016年启用，2015年立项") == (2016, "正文中出现最多")


def test_年初落款但总结上年() -> None:
    assert _year("一年来，各项工作扎实推进。\n云山区教育局\n2019年1月15日") == (2018, "落款日期（年初总结上年）")
    assert _year("各项工作扎实推进。\n2019年6月15日") == (2019, "落款日期")


def test_落款日期不计入正文次数() -> None:
    assert _year("2018年拨付到位。\n2019年1月15日\n2019年1月16日") == (2018, "正文中出现最多")


def test_年度二字加重() -> None:
    assert _year("2018年度完成；2017年基础") == (2018, "正文中出现最多")


def test_并列时取评价所需年度() -> None:
    assert _year("2017年83.4%，2018年86.5%") == (2018, "正文中并列最多")


def test_文件按自己的文号_纪要按会议日期() -> None:
    assert _year("到2020年，2020年，2022年", number="云政办发〔2018〕7号", code="F") == (2018, "文号")
    assert _year("2017年9月12日，区长主持召开常务会议，研究2018年预算、2018年项目。", code="M") == (2017, "会议日期")


def test_没有年份() -> None:
    found = find_year("材料", "", "没有年份", "", None, 2018)
    assert (found.year, found.by, found.candidates) == (None, "未找到", {})


def test_候选年份都记下来() -> None:
    assert find_year("2018年总结", "", "2018年、2017年、2017年", "", None, 2018).candidates == {2018: 1, 2017: 2}


def test_自己的文号在开头独占一行() -> None:
    assert document_number(["云山区人民政府文件", "云政办发〔2018〕7 号", "关于……的通知"]) == "云政办发〔2018〕7号"
    assert (
        document_number(["根据《实施办法》（云政办发〔2018〕7号）精神，现将有关工作通知如下，请认真贯彻执行。"]) == ""
    )


def test_引用的文号去掉前面的动词() -> None:
    text = "根据济政办发〔2019〕5号和教督〔2012〕3号文件，落实鲁政办字[2018]189号"
    assert cited_numbers(text) == ["济政办发〔2019〕5号", "教督〔2012〕3号", "鲁政办字〔2018〕189号"]
