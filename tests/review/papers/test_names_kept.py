"""Names of schools, offices, places and people in two wordings of a sentence: what differs is named, what is kept passes."""

from __future__ import annotations

import pytest

from review.errors import RefusedRecordError
from review.papers.names_kept import names_changed
from review.papers.wording import smooth

BEFORE = "抽查的虚构镇第一实验小学未配备专职教师，由区教育局督促整改，王大同校长作了说明，区委宣传部配合。"


@pytest.mark.parametrize(
    ("old", "new", "named"),
    [
        ("第一实验小学", "第二实验小学", "第二实验小学"),
        ("第一实验小学", "实验小学", "虚构镇第一实验小学"),
        ("虚构镇", "另一镇", "虚构镇"),
        ("区教育局", "市教育局", "市教育局"),
        ("区教育局", "区财政局", "区财政局"),
        ("区教育局", "区教育局和区人社局", "区人社局"),
        ("由区教育局督促整改", "督促整改", "区教育局"),
        ("王大同校长", "王大明校长", "王大"),
        ("王大同校长", "李大同校长", "李大同"),
        ("校长", "主任", "主任"),
        ("区委宣传部", "区委组织部", "区委组织部"),
        ("抽查的虚构镇", "抽查的虚构镇中心小学、虚构镇", "虚构镇中心小学"),
        ("抽查的", "抽查的和平路小学、", "平路小学"),
    ],
)
def test_学校_部门_地名_人名变了_添了_少了都点名(old: str, new: str, named: str) -> None:
    assert old in BEFORE
    assert any(named in one for one in names_changed(BEFORE, BEFORE.replace(old, new))), named
    with pytest.raises(RefusedRecordError, match="名称不同"):
        smooth(BEFORE, lambda sentence: sentence.replace(old, new))


@pytest.mark.parametrize(
    "after",
    [
        BEFORE,
        "对虚构镇第一实验小学抽查发现未配备专职教师，请区教育局督促整改，区委宣传部配合；王大同校长作了说明。",
        "区教育局要督促整改：虚构镇第一实验小学未配备专职教师。王大同校长已作说明，区委宣传部予以配合。",
    ],
)
def test_只换说法和次序_名称都在就通过(after: str) -> None:
    assert names_changed(BEFORE, after) == []


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("各学校和幼儿园都要整改，农村学校尤其要抓紧。", "学校、幼儿园都要整改，农村学校要特别抓紧。"),
        ("部分镇街社区教育中心没有挂牌。", "有部分镇街的社区教育中心没有挂牌。"),
        ("全区小学、初中均未达到要求。", "小学、初中全区都未达到要求。"),
        ("要求各镇街社区加强布局调整，完成学科建设。", "各镇街社区要加强布局调整，完成学科建设。"),
    ],
)
def test_泛称不是名称(before: str, after: str) -> None:
    assert names_changed(before, after) == []


def test_记录里的名称整个比_和字也不断开() -> None:
    before, after = "由和平里小学报告。", "由共和里小学报告。"
    assert names_changed(before, after, ["和平里小学"]) == ["和平里小学", "里小学"]
    assert names_changed("请赵同舟核实。", "请钱同舟核实。", ["赵同舟", "钱同舟"]) == ["赵同舟", "钱同舟"]
    assert names_changed("请赵同舟核实。", "请赵同舟同志核实。", ["赵同舟"]) == ["同志"]
