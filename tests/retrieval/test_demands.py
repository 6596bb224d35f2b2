"""问了哪个镇街、什么单位、什么东西，答句就要说到它。"""

from __future__ import annotations

import pytest

from retrieval.demands import Demands, places_named, schools_named
from retrieval.question import parse_question
from retrieval.question_terms import Terms
from scoring_rules.catalogue import load_catalogue
from scoring_rules.scheme_loader import load_scheme


def demands(text: str) -> Demands:
    return Demands.of(parse_question(text, load_scheme(), load_catalogue()), Terms([]))


@pytest.mark.parametrize(
    ("text", "sentence", "met"),
    [
        ("桃花街道大班额还剩多少", "全区大班额36个。", False),
        ("新城街道大班额还剩多少", "新城、北苑街道大班额36个。", True),
        ("新城街道持证率是多少", "全区持证率98.0%。", False),
        ("乡镇大班额还剩多少", "全区大班额36个。", True),
        ("教师平均年龄是多少岁", "教师平均工资98640元。", False),
        ("教师平均年龄是多少岁", "教师平均41岁。", True),
        ("教师培训花了多少钱", "培训教师3000人。", False),
        ("教师培训花了多少钱", "教师培训费430.91万元。", True),
        ("各镇街的教师有多少", "全区教师5924名。", True),
    ],
)
def test_镇街与单位(text: str, sentence: str, met: bool) -> None:
    assert demands(text).met_by(sentence, "") is met


@pytest.mark.parametrize(
    ("text", "sentence", "met"),
    [
        (
            "扩建花了多少钱",
            "学校：梅林中学；新增学位（个）：1200；建筑面积（平方米）：13800；竣工日期：2018-08-18",
            False,
        ),
        ("扩建花了多少钱", "学校：梅林中学；新增学位（个）：1200；投资（万元）：5200", True),
        ("梅林中学扩建 学位 花了多少钱", "学校：梅林中学；新增学位（个）：1200；建筑面积（平方米）：13800", False),
        ("整改花了多少钱", "责任单位：区教育局；整改措施：新建", False),
        ("挂牌仪式是哪天办的", "聘请责任督学42名并挂牌。", False),
        ("挂牌仪式是哪天办的", "2018年9月3日挂牌。", True),
        ("高级教师占比多少", "高级教师412名。", False),
        ("高级教师占比多少", "职称：高级；人数：412；占比：9.1", True),
        ("高级教师多少名、占比多少", "高级教师412名。", True),
    ],
)
def test_问钱要有钱_问哪天要有日子_问占比要有比例(text: str, sentence: str, met: bool) -> None:
    assert demands(text).met_by(sentence, "") is met


@pytest.mark.parametrize(
    ("sentence", "met"),
    [("学校：梅林小学；大班额（个）：2", True), ("梅林街道小学大班额较多。", False), ("小学大班额16个。", False)],
)
def test_问一所学校_答句要说到它(sentence: str, met: bool) -> None:
    asked = demands("梅林小学有几个大班额").among(["学校：梅林小学；教师：40", "小学大班额16个。"])
    assert asked.met_by(sentence, "") is met


def test_材料里没有的学校_有同名的镇街_也要说到它() -> None:
    asked = demands("梅林小学有几个大班额").among(["镇街：梅林街道；大班额（个）：2", "小学大班额16个。"])
    assert asked.schools == ("梅林小学",)
    assert not asked.met_by("小学大班额16个。", "")


@pytest.mark.parametrize(
    ("text", "sentence", "met"),
    [
        ("梅林小学校长叫什么名字", "学校：梅林小学；校长（化名）：王海涛；教师：40", True),
        ("梅林小学校长叫什么名字", "梅林小学校长王海涛主持会议。", True),
        ("校长叫什么名字", "法治副校长王海涛（化名）讲了一课。", False),
        ("梅林小学校长叫什么名字", "学校：梅林小学；书记（化名）：王海涛；教师：40", False),
        ("校长轮岗的，叫啥名字", "校长、教师交流130名，校长任职满三年的14名。", False),
        ("这个小区叫什么", "小区：云锦华庭", True),
    ],
)
def test_问姓名_要有担任那个职务的人名(text: str, sentence: str, met: bool) -> None:
    assert demands(text).met_by(sentence, "") is met


def test_材料里不是校名的字_不当校名() -> None:
    asked = demands("差异系数小学是多少").among(["综合差异系数小学为0.41。"])
    assert asked.schools == ()


@pytest.mark.parametrize("text", ["城区小学有多少所", "初中和小学各多少人", "公办幼儿园有多少", "云帆小学生有多少"])
def test_泛指的学校没有名字(text: str) -> None:
    assert schools_named(text) == ()


def test_问第几次_答句或标题要说第几次() -> None:
    asked = Demands.of(
        parse_question("第39次常务会议研究了什么", load_scheme(), load_catalogue()), Terms([], ["第39次"])
    )
    assert asked.met_by("会议研究了教育经费。", "区政府第39次常务会议纪要")
    assert not asked.met_by("会议研究了教育经费。", "区政府第38次常务会议纪要")


def test_问两个镇街_说到一个就算() -> None:
    asked = demands("云东街道和白石镇的普惠率各是多少")
    assert asked.met_by("镇街：白石镇；普惠率：100%", "")
    assert not asked.met_by("镇街：河湾镇；普惠率：81%", "")


def test_镇街的名字() -> None:
    assert places_named("云东街道和白石镇呢，各镇街、乡镇") == ("云东街道", "白石镇")
