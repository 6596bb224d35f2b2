"""A question that asks for several things, cut into what it asks for one by one: by its clauses, its lists, and its 多少 after 多少.

Only the shape of the sentence decides; what each piece leans on is put in elsewhere (`retrieval.question_parts`).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise

# Of one sort, so that one can stand in the place of another.
_SORTS = (
    r"(?<!中)小学(?!校长)|初中|普通高中|高中|中职|幼儿园|特教|学前", r"公办|普惠性民办|民办", r"中心城区|城区|镇区|农村|乡村|城镇", r"校长|教师|老师|园长",
)  # fmt: skip
_GROUP = "|".join(_SORTS)
_CLAUSE = re.compile(r"[^，,；;？?。！!\s]+[？?]?")
_SPOKEN_JOINT = re.compile(
    r"(?:顺便|另外|还有|以及|并且)(?:再|也)?(?:问一?下|说一?下|查一?下|看一?下|报一?下)?(?=.{3})"
)
# What asks, wherever it stands in a clause.
_ASKS = re.compile(
    r"多少|(?<![这那哪近好前后第十])几(?![乎何年])|哪|谁|什么|啥|怎么|咋|如何|为何|吗|有没有|有无|是不是|是否|够不够|多[大高久长]|何时|([\u4e00-\u9fff])[不没]\1|(?<=有)没$|没有$"
)
# A thing that has a figure, where nothing else asks for it.
_MEASURE = re.compile(
    r"(?:率|比例?|比重|占比|百分比|[^多少]数|数量|额|量|面积|值|系数|标准|收入|支出|经费|工资|津贴|补助|编制|学位|人次|名单|日期|时间|文号|单位)(?:情况)?$"
)
_ELLIPTIC = re.compile(r"^.{1,8}(?:呢|的呢?)$")
_ONLY_TAIL = re.compile(r"^(?:两年|三年|近?几年|各|分别|都|均|是|为|有|多少|一下|报|说|列)+$")
_POLITE = re.compile(r"^(?:请|麻烦|帮我|劳驾|协助|核实|核对|确认|查询?|说明|报|告诉我?|列出?|给我|一下|问|想|看看?)+$")
_POLITE_LEAD = re.compile(
    r"^(?:请问?|麻烦|帮我?|协助|想)?(?:您|你)?(?:分别|一并|逐项)?(?:核实|核对|确认|查询?|说明|说|报|列出?|问|知道|告知)?(?:一?下)?"
)
_EACH = re.compile(r"(?:各自|各(?![级类学区校镇种界])|分别|都(?=[报说列]))(?P<rest>.*)$")
_NAMED_LIST = re.compile(r"这?[两二三四五六几]个?(?:项|样|类|种|方面|块)(?:的|里)?$")
_CONJUNCTION = re.compile(r"以及|(?<![普涉])及(?![格时])|[和与跟](?!谐|平)")
_JOINED_STAGES = re.compile(rf"({_SORTS[0]})(?=(?:{_SORTS[0]}))")
_UNIT = r"(?:[万亿千百]?(?:元|块钱?|钱|人次|人|名|位|所|次|场|起|件|项|条|处|宗|套|份|册|台|家|亩|岁|栋|节|期|天|个班|个|班|张|门|辆|本|分|批))?"
_MARK = re.compile(rf"(?:多少|(?<![这那哪近好前后第十])几(?![乎何年])){_UNIT}")
_LEAST = 2


@dataclass(frozen=True, slots=True)
class Asks:
    """lead : clauses before the first that ask nothing (在职称方面).  pieces : what is asked for, in order, each with what asks.

    of_lead : the pieces are a list of which the lead says what is asked (各学段标准：小学、初中).
    """

    lead: tuple[str, ...]
    pieces: tuple[str, ...]
    of_lead: bool = False


def single_asks(text: str) -> Asks:
    """What a text asks for one by one; one piece when it asks for one thing."""
    lead: list[str] = []
    pieces: list[str] = []
    of_lead = False
    held: list[str] = []  # members of a list whose predicate is still to come: 师生比、图书这两项，差异系数各是多少
    for clause in _clauses(text):
        head, colon, rest = clause.partition("：" if "：" in clause else ":")
        if colon and rest:
            if not _POLITE.match(head):
                lead.append(head)
                of_lead = not pieces and "、" in rest
            clause = rest
        clause = _POLITE_LEAD.sub("", clause)
        bare = clause.rstrip("？?")
        if held:
            pieces += [f"{member} {_asked_of_each(bare)}" for member in held]
            held = []
        elif _NAMED_LIST.search(bare) and len(members := _members(_NAMED_LIST.sub("", bare))) > 1:
            held = members
        elif pieces and _ONLY_TAIL.match(bare):
            continue
        elif len(found := _listed(bare)) > 1 or (colon and (found := _plain_list(bare))):
            pieces += found
        elif (
            _ASKS.search(bare)
            or _MEASURE.search(bare)
            or clause.endswith(("？", "?"))
            or (pieces and _ELLIPTIC.match(bare))
        ):
            pieces += _marked(bare)
        elif not pieces and not _POLITE.match(bare):
            lead.append(bare)
    return Asks(tuple(lead), tuple(piece for piece in pieces if len(piece) >= _LEAST), of_lead)


def asks_several(text: str) -> bool:
    """Whether a text asks for more than one thing."""
    return len(single_asks(text).pieces) > 1


def asks_by_itself(piece: str) -> bool:
    """Whether a piece says that it asks; else it only names what has a figure (执行率)."""
    return bool(_ASKS.search(piece))


def is_elliptic(piece: str) -> bool:
    """Whether a piece has nothing but another case of what was asked before it: 省级的, 生均的呢."""
    return bool(_ELLIPTIC.match(piece)) and not _ASKS.search(piece)


def _clauses(text: str) -> list[str]:
    return [match[0] for match in _CLAUSE.finditer(_SPOKEN_JOINT.sub("，", text))]


def _listed(clause: str) -> list[str]:
    """The members of a list of which something is asked, each with what is asked of it; [] when it is no list."""
    clause = _JOINED_STAGES.sub(r"\1、", clause)
    each = _EACH.search(clause)
    body = clause[: each.start()] if each else clause
    if "、" in body:
        members = _members(body)
    elif each or _both_measured(body):
        members = [piece for piece in _CONJUNCTION.split(body) if piece]
    else:
        return []
    if len(members) < 2 or not (each or _ASKS.search(clause) or _MEASURE.search(body) or _both_stages(members)):
        return []
    if each:
        asked = each["rest"].lstrip("是为有")
        asked = asked if _ASKS.search(asked) and not _ONLY_TAIL.match(asked) else "是多少"
        return [f"{member}{asked}" for member in _with_head(_with_stages(members))]
    if all(_ASKS.search(member) for member in members):
        return members
    return _with_head(_with_stages(members))


def _with_head(members: list[str]) -> list[str]:
    """公办园、民办园的园所数: what the last member has behind 的 is asked of each that has no figure of its own."""
    head = re.search(r"的([^的]{1,6})$", members[-1])
    if head is None or not _MEASURE.search(head[1]):
        return members
    return [member if _MEASURE.search(member) else f"{member}的{head[1]}" for member in members]


def _plain_list(clause: str) -> list[str]:
    """The members of a list after a colon: 各学段标准：幼儿园、小学、初中."""
    members = _members(clause)
    return members if len(members) > 1 else []


def _members(body: str) -> list[str]:
    """The members of a list; only before its last member a word joins two: 物流服务与管理、电子商务 has two members."""
    *front, last = [piece for piece in body.split("、") if piece] or [""]
    return [*front, *(piece for piece in _CONJUNCTION.split(last) if piece)]


def _both_measured(body: str) -> bool:
    """发现问题数与整改完成数, 隐患整改率及尚在整改的处数: two things that have figures."""
    pieces = [piece for piece in _CONJUNCTION.split(body) if piece]
    return len(pieces) > 1 and all(_MEASURE.search(piece) for piece in pieces)


def _both_stages(members: list[str]) -> bool:
    return sum(bool(re.search(rf"^(?:{_GROUP})|(?:{_GROUP})的?$", member)) for member in members) > 1


def _with_stages(members: list[str]) -> list[str]:
    """小学、初中综合差异系数 and 就读比例小学、初中: what stands beside one stage is said of each."""
    first, last = members[0], members[-1]
    for sort in _SORTS:
        after, before = re.match(rf"(?:{sort})(?P<rest>.+)", last), re.match(rf"(?P<front>.*?)(?:{sort})$", first)
        if after and before:
            return [
                f"{first}{after['rest']}",
                *(f"{before['front']}{one}{after['rest']}" for one in members[1:-1]),
                f"{before['front']}{last}",
            ]
        others = [re.fullmatch(rf"({sort})(?:的|学校|学生)?", member) for member in members[1:]]
        if re.search(sort, first) and all(others):
            return [first, *(re.sub(sort, other[1], first, count=1) for other in others if other)]
    return members


def _asked_of_each(clause: str) -> str:
    each = _EACH.search(clause)
    return f"{clause[: each.start()]}是多少" if each and not clause[each.end("rest") :] else clause


def _marked(clause: str) -> list[str]:
    """A clause cut at its 多少 and 几: 编制多少实有多少, 几个共同体几个学区; as it is when it has one."""
    marks = list(_MARK.finditer(clause))
    if len(marks) < 2:
        return [clause]
    behind = clause[marks[-1].end() :]
    cuts = [mark.end() for mark in marks[:-1]] if len(behind) < _LEAST else [mark.start() for mark in marks[1:]]
    places = [0, *cuts, len(clause)]
    return [clause[start:end] for start, end in pairwise(places)]
