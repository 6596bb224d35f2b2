"""Type codes: file name first, then title, then content; a paper may serve several."""

from __future__ import annotations

import pytest

from ingest.evidence_types import types_of

# Every name is made up after the kinds of material a district hands in. Code first, then what else it serves.
NAMES: dict[str, tuple[str, set[str]]] = {
    "区政府第31次常务会议纪要（2018年6月）": ("M", set()),
    "关于成立云山区教育领导小组的通知": ("F", set()),
    "云山区义务教育优质均衡发展实施方案": ("F", set()),
    "云山区普惠性民办幼儿园认定与扶持办法": ("F", set()),
    "关于加强教师队伍建设的实施意见": ("F", set()),
    "云山区教育设施专项规划（2018—2035年）": ("F", set()),
    "关于核定公办幼儿园教职工编制的批复": ("B", {"F"}),
    "云山区2018年教育经费预算批复": ("Y", {"F"}),
    "关于下达2018年学前教育发展专项资金的通知": ("Y", {"F"}),
    "云山区2018年教育经费决算表": ("Y", set()),
    "2018年生均公用经费拨付凭证": ("Y", set()),
    "2018年语言文字工作经费执行情况": ("Y", {"R"}),
    "2018年教师培训工作总结": ("R", {"P"}),
    "云山区人民政府2018年度履行教育职责自评报告": ("R", set()),
    "2018年教育信息化工作报告": ("R", set()),
    "全面从严治党工作汇报": ("R", set()),
    "云山区2018-2019学年初教育事业统计报表": ("T", set()),
    "2018年教师工资待遇落实情况统计表": ("T", {"G"}),
    "义务教育学校基本情况表": ("T", set()),
    "城镇小区配套幼儿园整治台账": ("Z", set()),
    "2017年度督导反馈问题整改销号台账": ("Z", {"D"}),
    "控辍保学学生花名册": ("Z", set()),
    "重大行政决策事项清单": ("Z", set()),
    "关于调整学校岗位设置的批复": ("B", {"F"}),
    "2018年公开招聘教师情况": ("B", {"R"}),
    "乡镇教师交通补助发放表": ("G", set()),
    "2018年教师住房公积金缴纳明细": ("G", set()),
    "文澜实验小学建设工程规划许可证": ("J", set()),
    "配套幼儿园竣工验收备案及移交协议": ("J", set()),
    "2018年普惠性民办幼儿园认定结果公示": ("W", set()),
    "义务教育招生划片公告": ("W", set()),
    "教育网招生政策网页截图": ("W", set()),
    "责任督学随访督导检查记录": ("D", set()),
    "督导问题限期整改通知书": ("D", set()),
    "整改回执": ("D", set()),
    "校舍安全鉴定报告": ("X", {"R"}),
    "2018年学生体质健康测试报告": ("X", {"R"}),
    "教育专项资金审计报告": ("X", {"R"}),
    "中等职业教育质量年报（2018）": ("X", set()),
    "2018年教师培训计划": ("P", {"F"}),
    "教育工作群众满意度调查问卷": ("Q", set()),
    "省级教学成果获奖证书": ("A", set()),
    "关于表彰优秀教师的决定": ("A", {"F"}),
    "抽样学校课程表": ("C", set()),
    "文澜实验小学章程": ("C", set()),
    "未发生刑事案件的证明": ("L", set()),
    "关于教育用地征求意见的复函": ("L", set()),
    "学校食堂现场照片": ("V", set()),
    "无中等职业学校的情况说明": ("N", set()),
    "校园安全零报告": ("N", set()),
    "基本情况表填报差异说明": ("N", {"T"}),
    "情况说明所附学生名册": ("Z", {"N"}),
}


@pytest.mark.parametrize("name", NAMES)
def test_由名称识别(name: str) -> None:
    primary, others = NAMES[name]
    found = types_of(name, "", "", "", kind="pdf")
    assert found, name
    assert found[0].code == primary
    assert others <= {entry.code for entry in found}
    assert all(entry.by == "文件名" and entry.word in name for entry in found)


def test_讲落实情况的报告不是文件本身() -> None:
    codes = {entry.code for entry in types_of("学前教育行动计划2018年度任务完成情况", "", "", "", kind="docx")}
    assert codes == {"R"}


def test_每种类型都认得出() -> None:
    assert {primary for primary, _ in NAMES.values()} == set("MFRYTZBGJWDXPQACLVN")


def test_文件名无用时看标题_再看文号与正文() -> None:
    found = types_of("扫描件001", "区政府常务会议纪要", "会议听取汇报。会议指出……", "云政纪〔2018〕6号", kind="pdf")
    assert (found[0].code, found[0].by) == ("M", "标题")
    assert ("F", "文号") in [(entry.code, entry.by) for entry in found]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("出席：某某。会议听取了汇报，会议决定落实经费。", "M"),
        ("经查，该校无违法记录。特此证明。", "L"),
        ("我区没有中等职业学校，此项不适用。特此说明。", "N"),
        ("现予以公示，公示期5个工作日。", "W"),
        ("一年来，我区……存在的问题……下一步打算", "R"),
        ("应发工资；实发工资；代扣公积金", "G"),
    ],
)
def test_只有正文可看(text: str, code: str) -> None:
    found = types_of("材料", "", text, "", kind="pdf")
    assert (found[0].code, found[0].by) == (code, "正文")


def test_看不出就是没有() -> None:
    assert types_of("材料", "", "没有特征的文字。", "", kind="pdf") == []


@pytest.mark.parametrize(
    ("text", "code"), [("序号：1；校名：甲\n序号：2；校名：乙\n序号：3；校名：丙", "Z"), ("镇街：甲；园数：3", "T")]
)
def test_没有名称线索的表格(text: str, code: str) -> None:
    assert types_of("Sheet1", "", text, "", kind="xlsx")[0].code == code


def test_指标编号不影响识别() -> None:
    assert types_of("B5-5 认定结果公示", "", "", "", kind="pdf")[0].code == "W"
