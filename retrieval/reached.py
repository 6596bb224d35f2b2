"""Tells a value that was reached from a target, a limit, a standard, a change, a comparison or a slip that is corrected."""

from __future__ import annotations

import re

from retrieval.numbers import Number

_CLAUSE = re.compile(r"[，。；,;：:（(]")
_CHANGE_BEFORE = re.compile(
    r"(?:(?:提高|增长|上升|增加|下降|降低|减少|新增|提升|缩小|扩大|压减|增|降|(?<!最)高|(?<!最)低|多|(?<!缺)少)(?:了|约|近|达|出)*|(?:增幅|降幅|涨幅|同比|超出|高出|相差|差额)(?:了|约|近|为|达|出)*)\s*$"
)
_EXTREME_BEFORE = re.compile(
    r"(?:最低|最高|最少|最多|上限|下限|起步|(?:未|没有|没|尚未|不能|难以)(?:能)?达到?|达不到|不满)\s*$"
)
_STANDARD_AFTER = re.compile(
    r"\s*(?:[)）]\s*)?(?:的?(?:目标|要求|标准|任务|指标|规定|底线|红线|达标线|最低|基准线|界线|水平线)|[)）]?的?(?:省定|市定|国家)"
    # 普惠率达到90%的镇街有3个: a limit that sorts places.
    r"|的(?:镇街?|街道|乡镇|学校|幼儿园|园所?|区县?|县区|单位|地方|班级?)(?:有|共|达|占|仅|只|数))"
)
_AIM = re.compile(
    r"目标|力争|确保|争取|应达|应(?:拨付|安排|投入|发放|列支|配套资金)|应当|须达|必须|不得|(?<!提升)(?<!行动)(?<!三年)(?<!五年)(?<!招生)计划|规划(?!内)|预计|预期|拟|将(?:于|达|在|实现|继续|全部|新|降|升|提|增|减|控制|建|稳定|保持|超)|届时|明年|下年|来年|有望|可达|要达到|要实现|力求"
    r"|(?<!底线)(?<!线”)(?<!按照)(?<!按)要求(?!达标)|规定|省定|市定|国定|国家标准|标准要求|(?<![高长升加降低少])(?:到|至)\s*20\d\d年|20\d\d年(?:年?底|年?末)?[之以]?前"
)
_SENTENCE_AIM = re.compile(
    r"^\s*(?:[^，。；]{0,16}达标线[是为：:]|[\u4e00-\u9fff]{0,8}(?:要求|强调|议定|提出|明确)[，,：:]|(?:如果?|若|凡|一旦)(?!期|实)|(?:力争|计划|预计|争取|确保)?到\s*20\d\d年|20\d\d年(?:年?底|年?末)?[之以]?前|(?:绩效)?目标[是为：:]|下一步|明年|今后)"
)
# The terms of a formula: (8120+8466)÷19350×100%.
_TERM_BEFORE, _TERM_AFTER = re.compile(r"[×÷*＋+]\s*$"), re.compile(r"\s*[×÷*＋+]")
# 取缔无证幼儿园24所, 新增在园幼儿1200人, 应配备专职督学6名, 平均每校2个: the count of a deed, a duty or a mean is no stock.
_DEED_BEFORE = re.compile(
    r"(?:新增|净增|增加|减少|消除|化解|消化|取缔|关停|关闭|清退|辞退|解聘|压减|劝返|缩减|撤销|撤并|合并|疑似|动员|防止|预防|整治|治理)(?:了)?$"
    r"|(?:应|需|须|拟|至少)(?:配备|配足|配|建|设|安排|达到|有|完成|保障|核定|配置|设立|开展|召开)?$"
    r"|(?:平均每[\u4e00-\u9fff]{1,2}|每[所校班镇园]|校均|班均)$"
)
# A part of the year, or several years together, is not the year's figure.
_PART_OF_YEAR = re.compile(
    r"上半年|下半年|[一二三四1-4]季度|1\s*[—–\-至到~～]\s*(?:[2-9]|1[01])月|(?:[两三四五六七八九十]年|以来|“?十[二三四]五”?)[^，。；]{0,10}累计|累计[^，。；]{0,6}[两三四五]年"
)
_REACHED = re.compile(r"目前|截至|截止|现有|现已|已达|实际")
_WITHDRAWN_BEFORE = re.compile(r"(?:原上报|原报送?|原报告|原填报|原公布|初报|误写|误报|误填|误)(?:的|数|值|为|成)*\s*$")
_WITHDRAWN_AFTER = re.compile(r"\s*(?:有误|错误|系笔误|为笔误|不准确|的说法|应?更正|作废)")
_FROM_BEFORE = re.compile(
    r"(?:由|从|自)(?:原来|原先|原|过去|以前|年初|期初|最初|之前|[\u4e00-\u9fff]{1,8}(?:前|初|时|之前))?的?(?:每[生人月年次班学期]{1,3})*(?:约|近)?\s*$"
)
_COMPARED_WITH = re.compile(r"(?:高于|低于|优于|超过|不低于|不高于|高出|达到或超过)")
_WIDER = re.compile(r"全国|全省|全市|省平均|市平均|平均水平|同类")


def is_statement(plain: str, number: Number) -> bool:
    """Whether the number is a value that was reached.

    plain : the sentence with the words of metrics blanked, so that 计划 in a metric's own name is no plan.
    """
    before, after = plain[: number.start], plain[number.end : number.end + 10]
    clause = _CLAUSE.split(before)[-1]
    return not (
        number.bound
        or _CHANGE_BEFORE.search(before[-8:])
        or _EXTREME_BEFORE.search(before[-6:])
        or _STANDARD_AFTER.match(after)
        or _WITHDRAWN_AFTER.match(after)
        or _WITHDRAWN_BEFORE.search(before[-10:])
        or _AIM.search(clause)
        or _is_part_of_year(before)
        or _TERM_BEFORE.search(before)
        or _TERM_AFTER.match(after)
        or is_aimed(plain, number.start)
    )


def is_aimed(plain: str, position: int) -> bool:
    """Whether what stands at `position` belongs to a sentence that speaks of what shall be."""
    return bool(_SENTENCE_AIM.search(plain)) and not _REACHED.search(plain[:position])


def clause_is_aimed(plain: str, position: int) -> bool:
    """Whether the clause before `position` names a target."""
    clause = re.split(r"[，。；,;（(]", plain[:position])[-1]
    return bool(_AIM.search(clause)) or is_aimed(plain, position)


def _is_part_of_year(before: str) -> bool:
    """Whether what stands before a number says that it counts a part of the year, or several years together."""
    topic = re.split(r"[；;。]", before)[-1]
    part = _PART_OF_YEAR.search(topic)
    return part is not None and not re.search(r"全年|年末|年底|其中|今年|20\d\d年", topic[part.end() :])


def is_deed(plain: str, start: int) -> bool:
    """Whether the words at `start` name what was done, is due or is a mean, so that a count behind them is no stock."""
    return bool(_DEED_BEFORE.search(re.sub(r"\s", "", plain[:start])))


def is_earlier_value(plain: str, number: Number) -> bool:
    """Whether the number is only what something rose or fell from (由 300 元提高到 500 元), or was withdrawn."""
    before = plain[: number.start]
    return bool(
        _FROM_BEFORE.search(before[-14:])
        or _WITHDRAWN_BEFORE.search(before[-10:])
        or _WITHDRAWN_AFTER.match(plain[number.end :])
    )


def is_difference(plain: str, start: int, end: int) -> bool:
    """Whether a number at `end` behind a metric's words at `start` says by how much something else differs from it, or is a wider
    average that is only compared with (高于全市平均水平 82.4%)."""
    clause = re.split(r"[，。；,;]", plain[:start])[-1]
    compared = _COMPARED_WITH.search(clause)
    if not compared:
        return False
    # 教师平均工资高于公务员平均工资680元: what is compared stands in the same clause without a number of its own.
    named = clause[: compared.start()].rpartition("□")
    return (bool(named[1]) and not re.search(r"[0-9]", named[2])) or bool(
        _WIDER.search(plain[start - len(clause) : end])
    )
