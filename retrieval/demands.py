"""What a question demands of a sentence beyond being like it: the place it names, the unit it asks in, the thing it counts."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from retrieval.numbers import find_numbers
from retrieval.question import Question
from retrieval.question_terms import Terms
from retrieval.scopes import place_name
from retrieval.single_asks import asks_by_itself, single_asks
from retrieval.tokens import normalise

_PLACE = re.compile(r"([\u4e00-\u9fff]{2})(?:街道|(?<![乡城村])镇)(?!街|村|镇|道)")
_SCHOOL = re.compile(r"([\u4e00-\u9fff]{2})(?:小学|中学|幼儿园)(?![生学段阶教化])")
_NO_SCHOOL = re.compile(r"[各全哪个该本下分按进了的在到和与跟每几是有些里上读办开给所让去立]")
_NO_PLACE = re.compile(r"[各镇全哪个该本下分按区进了的在到和与跟每几是有些里]")
# What is asked in such a unit can only be answered in it; counts of things go by many words and are not told apart.
_UNITS = (
    (re.compile(r"(?:多少|几)(?:周)?岁|多大年纪|年龄"), frozenset({"岁"})),
    (re.compile(r"(?:多少|几)(?:万|亿|块|百|千)?(?:元|钱|万块)|几块钱"), frozenset({"元"})),
    (re.compile(r"(?:多少|几)(?:个)?(?:平方米|平米|平方)"), frozenset({"平方米"})),
    (re.compile(r"(?:多少|几)亩"), frozenset({"亩"})),
    (re.compile(r"(?:多少|几)(?:个)?(?:学时|课时)"), frozenset({"学时", "课时"})),
)  # fmt: skip
# What is asked in these words has an answer of this shape: 哪天 a day, 占比 a share.
_SHAPES = (
    (re.compile(r"什么时候|啥时候|何时|哪一?[天年月日]|哪几[天年]|几[号月]"),
     re.compile(r"[\d〇一二三四五六七八九十]\s*[年月日号]|\d{4}[-/.]\d|[春夏秋冬]季|学期|[寒暑]假|[上中下]旬|[年月]底|[年月]初|每[周月年天日]|周[一二三四五六日]")),
    (re.compile(r"百分之[几多]|占(?:了)?(?:多少|几成|比)|(?:比例|比率|百分比|比重)(?:分别|各)?(?:是|为|有|到|达到?)?(?:多少|多[高大]|几)"),
     re.compile(r"[%％‰]|百分之|\d\s*[∶:]\s*\d|[一二三四五六七八九]成|[全均都]|(?:率|比例|比|比重)[^；|]*[：|]\s*[\d.]+")),
)  # fmt: skip
# Whoever asks for the name of a 校长 wants 校长：王某, not how many there are.
_NAME_ASKED = re.compile(r"姓名|名字|叫什么|叫啥|姓什么|姓啥|贵姓")
_POST = re.compile(r"[校园局区县市镇院所站组室]长|书记|主任|负责人|督学|联系人|主持人")
_SURNAMES = (
    "赵钱孙李周吴郑王冯陈卫蒋沈韩杨朱秦许何吕施张孔曹严华金魏陶姜谢邹喻苏潘葛范彭鲁韦马方俞任袁柳唐罗薛雷贺倪汤滕殷毕郝安常于傅齐康伍余顾孟黄穆萧尹姚邵汪毛狄"
    "米贝戴宋庞熊纪舒屈项祝董梁杜阮季贾江童颜郭梅林钟徐邱骆高夏蔡田樊胡凌霍万卢莫房解宗丁邓洪包左石崔龚程邢裴陆荣翁焦谷车侯全班宁武刘景龙叶白温庄柴易向古廖文欧聂曾关"
)


@dataclass(frozen=True, slots=True)
class Demands:
    """places, schools, numbers (第39次) : one of each has to be named. units : one has to follow a number; empty = any.

    post : of whoever holds it the name has to stand there, "" = no name is asked for. shape : what has to stand there; None = anything.
    """

    places: tuple[str, ...]
    schools: tuple[str, ...]
    numbers: tuple[str, ...]
    units: frozenset[str]
    post: str = ""
    shape: re.Pattern[str] | None = None

    @classmethod
    def of(cls, question: Question, terms: Terms) -> Demands:
        """The demands of a question with its terms."""
        text = question.text
        places, schools = places_named(text), schools_named(text)
        if post := _post_named(text):
            return cls(places, schools, terms.numbers, frozenset(), post)
        if sum(asks_by_itself(piece) for piece in single_asks(text).pieces) > 1:
            # One sentence need not answer all that is asked; each is asked by itself as well.
            return cls(places, schools, terms.numbers, frozenset())
        shape = next((shape for pattern, shape in _SHAPES if pattern.search(text)), None)
        if not question.wants_figure or question.about != "figure":
            return cls(places, schools, terms.numbers, frozenset(), "", shape)
        units = next((units for pattern, units in _UNITS if pattern.search(text)), frozenset[str]())
        return cls(places, schools, terms.numbers, units, "", shape)

    def among(self, texts: Sequence[str]) -> Demands:
        """The demands without schools that none of these texts names: what stands only inside other words is no name.

        A school is still demanded that is called after a place the texts name: 新城小学 where there is a 新城街道.
        """
        known = tuple(
            name
            for name in self.schools
            if any(
                re.search(rf"(?<![\u4e00-\u9fff])(?:{name}|{name[:2]}(?:街道|镇|中学|小学))", text) for text in texts
            )
        )
        return replace(self, schools=known)

    def met_by(self, sentence: str, context: str) -> bool:
        """Whether a sentence, with the title and headings above it, can be the answer."""
        around = f"{sentence}\n{context}"
        if self.places and not any(place in around or place[:2] in around for place in self.places):
            return False
        if self.schools and not any(school in around for school in self.schools):
            return False
        if self.numbers and not any(number in normalise(around) for number in self.numbers):
            return False
        if self.post and not _name_of(self.post, sentence):
            return False
        if self.shape and not self.shape.search(around):
            return False
        # In a table the unit stands in the heading of the column.
        return not (
            self.units
            and not _unit_above(self.units).search(around)
            and not any(n.unit in self.units for n in find_numbers(sentence))
        )


def _unit_above(units: Iterable[str]) -> re.Pattern[str]:
    """A heading that names a unit: 投资（万元）, 单位：平方米."""
    named = "|".join(sorted(units))
    return re.compile(rf"（[^（）]*(?:{named})[^（）]*）|单位[：:]\s*[^\s；|]{{0,3}}(?:{named})")


def _post_named(text: str) -> str:
    """The post whose holder's name is asked for, the last before the word for name; else ""."""
    asked = _NAME_ASKED.search(text)
    posts = _POST.findall(text, 0, asked.start()) if asked else []
    return posts[-1] if posts else ""


def _name_of(post: str, sentence: str) -> bool:
    """Whether a person's name follows the post: 校长（化名）：王海涛, 局长王海涛主持."""
    name = rf"[{_SURNAMES}][\u4e00-\u9fff]{{1,2}}(?=[^\u4e00-\u9fff]|主持|出席|参加|介绍|汇报|任|$)"
    return bool(re.search(rf"(?<![副原前]){post}(?:（[^）]*）)?[：:\s]*{name}", sentence))


def places_named(text: str) -> tuple[str, ...]:
    """The towns a text names (云东街道), by the shape of the name."""
    return tuple(match[0] for match in _PLACE.finditer(text) if not _NO_PLACE.search(match[1]))


def schools_named(text: str) -> tuple[str, ...]:
    """The schools and kindergartens a text names, each by the end of its name (帆小学 of 云帆小学 would be too short, so 云帆小学)."""
    return tuple(
        match[0] for match in _SCHOOL.finditer(text) if place_name(match[0], "") and not _NO_SCHOOL.search(match[1])
    )
