"""What a question asks for: the scheme itself, evidence, what is missing, a comparison, or how points came about.

Only words decide; there is no model. A question nobody can place is asked of the evidence, where "未找到" is an honest answer.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from retrieval.cues import load_cues
from retrieval.metrics import Metrics, load_metrics
from retrieval.numbers import find_years
from retrieval.tokens import normalise
from scoring_rules.catalogue import Catalogue
from scoring_rules.scheme import Scheme

QuestionKind = Literal["indicator", "evidence", "missing", "comparison", "ledger", "unknown"]
Topic = Literal[
    "",
    "annex1",
    "grades",
    "total",
    "bonus",
    "procedure",
    "document",
    "count",
    "threshold",
    "parts",
    "where",
    "materials",
]

_ID = re.compile(r"(?<![A-Za-z0-9])([ABab])\s?(\d{1,2})(?:\s*[-－—–‐]\s*(\d))?(?![0-9%])")
_MISSING = re.compile(
    r"还缺|缺什么|缺哪|缺少|缺了|欠缺|差什么|差哪些|没交|未交|漏了|漏交|补交|补什么|补哪些|补齐|要补|没有材料的|没有佐证的|材料.{0,4}(?:齐全|完整|够不够|够吗|齐吗|齐不齐)|尚未提供|未提供|未提交"
)
_LEDGER_WORDS = re.compile(
    r"得分|总分|最终|自评(?:分|得|总)|核查分|可信度|认定等级|评价等级|什么等级|哪个等级|名次|第几名|排第几|扣分|扣了|被扣|降级|加分|分数"
)
_ASKS_HOW = re.compile(
    r"为什么|为何|怎么算|如何算|怎么得|如何得|怎么来|是多少|多少|第几|几分|什么等级|哪个等级|算出来|会不会|是否|有没有|吗"
)
_OURS = re.compile(r"我区|我县|本区|本县|我们|该区|这个区|全区得|区得")
_COMPARISON = re.compile(
    r"对比|比较|相比|哪个区|哪个县|哪些区|哪些县|各区县|各个区|各区的|谁(?:更|最)高|差距|区别|排名|变化趋势|历年|逐年"
)
_WANTS_MATERIAL = re.compile(
    r"材料|佐证|证据|证明|支撑|依据是什么文件|哪份|哪些文件|哪个文件|出处|原文在|说明.{0,12}(?:达标|情况|落实)|体现|反映"
)
_MATERIAL = re.compile(r"材料|佐证|证据|支撑|哪份|依据|核对|可看|看哪|看什么|可查|拿什么|拿哪")
_NEEDS_MATERIAL = re.compile(
    r"(?:需要|要准备|应准备|应提供|要提供|应提交|要交|必备|必须有|应有|要看|要求).{0,8}(?:材料|佐证|证据)|(?:材料|佐证|证据).{0,4}(?:要求|清单|目录)"
)
_ANNEX = re.compile(r"附件\s*[1一１]|降低.{0,3}等级|降级|降一级|降等|哪些情形|什么情形|六种情形|一票否决")
_GRADES = ("不合格", "合格", "良好", "优秀")
_GRADE_ASK = re.compile(
    r"多少分|几分|分数线|怎么划分|如何划分|怎么分|几个等级|哪几个等级|分几等|等级.{0,4}(?:标准|划分|有哪些|是什么|怎么)|算(?:优秀|良好|合格|不合格)|才(?:能)?(?:算|是|得)?(?:优秀|良好|合格)|达到(?:优秀|良好|合格)|什么等级|哪个等级|属于什么"
)
_TOTAL = re.compile(r"满分|总分(?:值)?(?:是|为|有)?多少|一共多少分|总共多少分|合计多少分")
_BONUS = re.compile(r"加分|奖励性|奖励分")
# What a district has applied for, and how many there are of a thing, stands in its papers, not in the scheme.
_APPLIED = re.compile(r"申请|申报")
_COUNTED = re.compile(r"(?:多少|几)(?:所|名|人|处|起|万元|个班)")
_PROCEDURE = re.compile(
    r"程序|流程|步骤|怎么开展|如何开展|组织实施|自查自评|审核监测|实地督导|反馈意见|整改复查|评价报告|验证法|可信度|随机抽|什么时候(?:开始|部署|印发)|几月|每年几次|谁来评|谁(?:组织|负责)|第三方|满意度|结果.{0,4}(?:运用|使用|用途)|问责|通报批评|奖惩"
)
_DOCUMENT = re.compile(
    r"文号|几号文|哪个文件|什么时候印发|何时印发|谁印发|发文单位|印发日期|方案(?:的)?(?:名称|全称|标题)"
)
_COUNT = re.compile(
    r"(?:多少|几)(?:个|条|项)?(?:评价)?(?:指标|要点|条目|一级|二级|子项)|指标(?:体系)?(?:有哪些|包括|构成)|(?:一级|二级)指标(?:有)?(?:哪些|几)|哪些(?:一级|二级)?指标$|指标体系"
)
_THRESHOLD = re.compile(
    r"(?:要求|标准|规定|门槛|底线|指标值|目标值)(?:是|为|达到|的|值|有)*(?:多少|什么|几)|要达到|应达到|应该达到|需达到|须达到|需要达到|要(?:开|有|占)?(?:多少|几)|至少|不低于多少|最低|多少(?:才|算)(?:达标|合格|符合)?|多少以上|达标线|达标标准|方案(?:中|里|对|要求|规定)|怎么要求|如何要求|怎么规定|如何规定|有什么要求|有哪些要求|要求是什么|标准是什么|的(?:要求|标准|规定)[？?。]?$"
)
_PARTS = re.compile(
    r"多少分|几分|分值|包括|包含|哪几条|哪些条|有哪些要点|是什么|什么意思|什么内容|内容是|指什么|讲什么|说的是|原文|全文|怎么写|要求|标准|规定|哪些内容|介绍|解释|哪几项|几条|有几"
)
_WHERE = re.compile(
    r"(?:属于|对应|在)(?:哪个|哪条|哪一条|哪一项|什么)(?:指标|要点|条|项|评价)?|哪(?:个|条|些|一条|几条)(?:指标|要点|条目|评价要点)|归(?:哪|到哪)"
)
_FIGURE = re.compile(
    r"多少|几(?:所|个|人|次|名|起|元|分|成|间|条|项|年)|比例|占比|百分|数量|人数|金额|率(?:是|为|达|有|怎|如|$|？|\?)|何时|哪年|哪一年|平均|总数"
)
_STATE = re.compile(r"达标[了吗没]|达标情况|落实|完成[了吗得]|怎么样|做得|进展|情况|做了没|做没做|得了多少")
# What a district has claimed for itself stands in its own assessment.
_CLAIMED = re.compile(r"自评|申报|申请|想加|扣了|扣几分|扣多少")
# Which of its own is the lowest: nothing the scheme could say.
_EXTREME = re.compile(r"哪一?(?:类|项|个|所|片|条|家|块|科|门|年|些|几).*最[低高多少大小差好挤]")
_OF_SCHEME = re.compile(r"指标|要点|分值|方案")
_SCHEME_WORDS = re.compile(r"方案|办法|文件规定|评价指标|评价要点|济政办发")
# What carries the question but not its subject.
_STOP = re.compile(
    r"最近一次|上一次|上次|哪一年|哪年|何时|什么时候|请问|请|帮我|查一下|查找|找一下|看看|告诉我|列出|哪些|哪个|哪份|哪里|哪几|什么|多少|怎么样|怎么|怎样|如何|是否|有没有|有无|能不能|能够|能说明|能证明|能支撑|可以|说明|证明|支撑|支持|材料|佐证|证据|"
    r"文件[里中]|文档|资料|情况|达到了?|达标|了吗|有关|关于|相关|涉及|提到|一共|总共|全区|我区|本区|区里|我们区|目前|现在|去年|今年|上年|年度|几次|几个|几所|几条|几起|几人|几名|几位|几件|几项|(?<=率)是|是(?=多少|什么|否|$)|为(?=多少|$)|"
    r"^在|^有|有(?=$)|[的吗呢吧啊]|了(?=$|[？?，。])|[？?。，,！!、：:；;“”\"（）()]"
)


@dataclass(frozen=True, slots=True)
class Question:
    """A question as understood.

    topic : what of the scheme an indicator question asks for, else "".
    items : ids of items it names, by id or by name, the longest name first; criteria, indicators : ids it names ("B5", "A2").
    metrics : ids of metrics it names. years : it names. wants_figure : it asks for a number.
    subject : the words left when question words are taken away; "" when nothing is left.
    in_field : it speaks of education at all. wants_material : it asks which material there is, of an item it names by id.
    claims : it asks what the district has claimed for itself (自评, 申报).
    """

    text: str
    kind: QuestionKind
    topic: Topic
    items: tuple[str, ...]
    criteria: tuple[str, ...]
    indicators: tuple[str, ...]
    metrics: tuple[str, ...]
    years: tuple[int, ...]
    wants_figure: bool
    subject: str
    in_field: bool
    wants_material: bool
    claims: bool


def parse_question(
    text: str, scheme: Scheme, catalogue: Catalogue, *, district: str | None = None, metrics: Metrics | None = None
) -> Question:
    """The question understood.

    district : the district the asker is in; its name says that his own figures are meant, and is no part of the subject.
    """
    metrics = metrics or load_metrics()
    items, criteria, indicators = _ids(text, scheme)
    named = metrics.asked(text)
    by_name = [*_items_named(text, catalogue), *(metric.item for metric in named)]
    explicit = bool(items or criteria or indicators)
    own = bool(_OURS.search(text) or (district and district in text))
    kind, topic = _kind(text, explicit, own, bool(by_name))
    subject = _subject(text, district)
    if "达标" in text and not named and not explicit:
        # 普惠率达标 is settled by its figure; 语言文字达标 only by words that say so.
        subject = f"{subject} 达标".strip()
    folded = normalise(text)
    in_field = (
        explicit or bool(by_name) or kind != "evidence" or any(word in folded for word in load_cues(scheme).field_words)
    )
    if kind == "evidence" and not in_field and not _FIELD_EXTRA.search(text):
        kind = "unknown"
    return Question(
        text=text,
        kind=kind,
        topic=topic,
        items=tuple(dict.fromkeys([*items, *by_name])),
        criteria=tuple(criteria),
        indicators=tuple(indicators),
        metrics=tuple(dict.fromkeys(metric.id for metric in named)),
        years=tuple(dict.fromkeys(year.year for year in find_years(text))),
        wants_figure=bool(_FIGURE.search(text)) or bool(named),
        subject=subject,
        in_field=in_field,
        wants_material=explicit and bool(_MATERIAL.search(text)),
        claims=bool(_CLAIMED.search(text)),
    )


_FIELD_EXTRA = re.compile(r"教育|学习|培训|编制|经费|督导|常务会|党|文化|安全|政府|残疾|社区|规划|预算")


def _kind(text: str, explicit: bool, own: bool, named: bool) -> tuple[QuestionKind, Topic]:
    if _MISSING.search(text) and not re.search(r"缺编|缺岗|缺员|缺课|缺口", text):
        return "missing", ""
    if _NEEDS_MATERIAL.search(text) and (explicit or named) and not own:
        return "indicator", "materials"
    if re.search(r"自评(?:分|得分|总分)|核查(?:分|得分)|最终得分", text) or (
        own and _LEDGER_WORDS.search(text) and _ASKS_HOW.search(text)
    ):
        return "ledger", ""
    if _COMPARISON.search(text):
        return "comparison", ""
    if _WANTS_MATERIAL.search(text) and not _SCHEME_WORDS.search(text):
        return "evidence", ""
    topic = _topic(text, explicit, own, named)
    return ("indicator", topic) if topic else ("evidence", "")


def _topic(text: str, explicit: bool, own: bool, named: bool) -> Topic:
    if explicit:
        # With an id the question is about that entry unless it asks for this district's own state.
        if (_STATE.search(text) or _CLAIMED.search(text)) and not _SCHEME_WORDS.search(text):
            return ""
        bare = not _STOP.sub("", _ID.sub("", text)).strip()
        return "parts" if _PARTS.search(text) or bare else ("threshold" if _THRESHOLD.search(text) else "")
    if _EXTREME.search(text) and not _OF_SCHEME.search(text):
        return ""
    if _ANNEX.search(text):
        return "annex1"
    if (
        (any(grade in text for grade in _GRADES) or "等级" in text)
        and _GRADE_ASK.search(text)
        and not (named and "率" in text)
    ):
        return "grades"
    if _TOTAL.search(text) and not own:
        return "total"
    if _BONUS.search(text) and not own and not _APPLIED.search(text):
        return "bonus"
    if _DOCUMENT.search(text) and (not named or _SCHEME_WORDS.search(text)):
        return "document"
    if _COUNT.search(text):
        return "count"
    if _WHERE.search(text):
        return "where"
    if named and _THRESHOLD.search(text) and not own and not _COUNTED.search(text):
        return "threshold"
    if _PROCEDURE.search(text) and not own and not named:
        return "procedure"
    if _SCHEME_WORDS.search(text) and named:
        return "threshold"
    return ""


def _ids(text: str, scheme: Scheme) -> tuple[list[str], list[str], list[str]]:
    """Ids that exist, in order: items, criteria, indicators. B9, B20, B21 name both a criterion and its item."""
    items, criteria, indicators = [], [], []
    known_items = {item.id for item in scheme.items}
    known_criteria = {criterion.id for criterion in scheme.criteria}
    known_indicators = {indicator.id for indicator in scheme.indicators}
    for match in _ID.finditer(text):
        name = f"{match[1].upper()}{int(match[2])}" + (f"-{match[3]}" if match[3] else "")
        if name in known_criteria:
            criteria.append(name)
        if name in known_items:
            items.append(name)
        if name in known_indicators:
            indicators.append(name)
    return items, criteria, indicators


def _items_named(text: str, catalogue: Catalogue) -> list[str]:
    """Items whose catalogue title or alias stands in the text; of overlapping names the longest wins."""
    pattern, owners = _names(catalogue)
    found = set(pattern.findall(normalise(text)))
    return [owners[word] for word in sorted(found, key=len, reverse=True)]


@lru_cache(maxsize=4)
def _names_of(pairs: tuple[tuple[str, str], ...]) -> tuple[re.Pattern[str], dict[str, str]]:
    owners = dict(pairs)
    return re.compile("|".join(re.escape(word) for word in sorted(owners, key=len, reverse=True))), owners


def _names(catalogue: Catalogue) -> tuple[re.Pattern[str], dict[str, str]]:
    pairs = tuple(
        (normalise(word), item_id)
        for item_id, expectation in catalogue.expectations.items()
        for word in (expectation.title, *expectation.aliases)
    )
    return _names_of(pairs)


def _subject(text: str, district: str | None) -> str:
    bare = text.replace(district, " ") if district else text
    for year in reversed(find_years(bare)):
        bare = bare[: year.start] + " " + bare[year.end :]
    words = _STOP.sub(" ", _ID.sub(" ", bare)).split()
    return " ".join(word for word in (word.strip("有了") for word in words) if len(word) > 1)
