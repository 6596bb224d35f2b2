"""Issuer, day of issue and language, each with where it was found."""

from __future__ import annotations

import pytest

from ingest.issued import issue_date, issuer, language

ISSUERS: dict[str, tuple[list[str], str, str, str]] = {
    "落款在日期上一行": (["关于某事的报告", "正文。", "云山区教育局", "2018年6月12日"], "", "云山区教育局", "落款"),
    "落款与日期同一行": (["关于某事的报告", "正文。", "云山区教育局（章）2018年6月12日"], "", "云山区教育局", "落款"),
    "两个单位联合落款": (["报告", "正文。", "云山区教育局　云山区财政局（盖章）", "2018年6月12日"], "", "云山区教育局、云山区财政局", "落款"),
    "字间空开的落款": (["报告", "正文。", "云 山 区 教 育 局", "2018 年 6 月 12 日"], "", "云山区教育局", "落款"),
    "填报栏": (["统计表", "填报单位：云山区统计局", "行：1"], "", "云山区统计局", "填报栏"),
    "版记": (["通知", "正文。", "云山区人民政府办公室2018年6月12日印发"], "", "云山区人民政府办公室", "版记"),
    "发文机关标志": (["云山区人民政府文件", "云政发〔2018〕3号", "正文。"], "云政发〔2018〕3号", "云山区人民政府", "发文机关标志"),
    "标题上一行": (["云山区教育局", "关于开学工作的通知", "各校："], "", "云山区教育局", "标题上一行"),
    "标题里": (["云山区教育局关于开学工作的通知", "各校："], "", "云山区教育局", "标题"),
    "句子不是单位": (["报告", "正文由我局拟定，请各校转发至教育局", "2018年6月12日"], "", "", "未找到"),
    "抄送不是落款": (["报告", "抄送：区委办公室", "2018年6月12日"], "", "", "未找到"),
    "没有内容": ([], "", "", "未找到"),
}  # fmt: skip

DATES: dict[str, tuple[list[str], str, str]] = {
    "落款": (["2017年工作回顾", "2018年6月12日"], "2018-06-12", "落款"),
    "汉字日期": (["报告", "二〇一八年六月十二日"], "2018-06-12", "落款"),
    "汉字三十一日": (["报告", "二〇一八年十二月三十一日"], "2018-12-31", "落款"),
    "单位与日期同行": (["报告", "云山区教育局2018年6月12日"], "2018-06-12", "落款"),
    "版记": (["通知", "正文。", "云山区人民政府办公室2018年6月12日印发", "共印20份"], "2018-06-12", "版记"),
    "填报日期": (["统计表", "填报日期：2018-10-26", "合计"], "2018-10-26", "填报栏"),
    "标题下括号": (["公示", "（2018年6月12日）", *["正文里没有别的。"] * 20], "2018-06-12", "标题下"),
    "正文里的日期不算": (["报告", "我区于2018年6月12日召开会议，研究教育工作。"], "", "未找到"),
    "不存在的日子不算": (["报告", "2018年2月30日"], "", "未找到"),
}


@pytest.mark.parametrize(("lines", "number", "value", "by"), ISSUERS.values(), ids=ISSUERS)
def test_发文单位(lines: list[str], number: str, value: str, by: str) -> None:
    found = issuer(lines, number)
    assert (found.value, found.by) == (value, by)


@pytest.mark.parametrize(("lines", "value", "by"), DATES.values(), ids=DATES)
def test_成文日期(lines: list[str], value: str, by: str) -> None:
    found = issue_date(lines)
    assert (found.value, found.by) == (value, by)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("全区共有幼儿园86所，在园幼儿18600人，教师1200名，均已持证上岗。", "zh"),
        ("The district has eighty-six kindergartens with certified teachers.", "en"),
        ("全区推进 STEM education and international cooperation programmes 建设与交流合作", "mixed"),
        ("86 18600 1200", ""),
    ],
)
def test_语言(text: str, value: str) -> None:
    assert language(text).value == value
