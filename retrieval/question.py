"""What a question asks for: the scheme itself, evidence, what is missing, a comparison, or how points came about.

Only words decide; there is no model. A question nobody can place is asked of the evidence, where "未找到" is an honest answer. What
was said before in the conversation is put in first (`retrieval.follow_ups`).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from retrieval.cues import load_cues
from retrieval.district_names import district_names
from retrieval.item_words import grams
from retrieval.metrics import Metrics, load_metrics
from retrieval.numbers import find_years
from retrieval.question_kinds import CLAIMED, FIGURE, About, Naming, QuestionKind, Topic, is_own, kind_of
from retrieval.scheme_likeness import items_like
from retrieval.spoken_words import as_written
from retrieval.tokens import normalise
from scoring_rules.catalogue import Catalogue
from scoring_rules.scheme import Scheme

ID_PATTERN = re.compile(r"(?<![A-Za-z0-9])([ABab])\s?(\d{1,2})(?:\s*[-－—–‐]\s*(\d))?(?![0-9%])")
_MATERIAL = re.compile(r"材料|佐证|证据|支撑|哪份|依据|核对|可看|看哪|看什么|可查|拿什么|拿哪")
# What carries the question but not its subject.
_STOP = re.compile(
    r"最近一次|上一次|上次|哪一年|哪年|何时|什么时候|请问|请|帮我|查一下|查找|找一下|看看|告诉我|列出|哪些|哪个|哪份|哪里|哪几|什么|多少|怎么样|怎么|怎样|如何|是否|有没有|有无|能不能|能够|能说明|能证明|能支撑|可以|说明|证明|支撑|支持|材料|佐证|证据|"
    r"文件[里中]|文档|资料|情况|做到没有?|做到了?|做没做到|到没到|达到了?|达标|了吗|有关|关于|相关|涉及|提到|一共|总共|全区|我区|本区|区里|我们区|目前|现在|去年|今年|上年|年度|几次|几个|几所|几条|几起|几人|几名|几位|几件|几项|(?<=率)是|是(?=多少|什么|否|$)|为(?=多少|$)|"
    r"^在|^有|有(?=$)|[的吗呢吧啊]|了(?=$|[？?，。])|[？?。，,！!、：:；;“”\"（）()]"
)


@dataclass(frozen=True, slots=True)
class Question:
    """A question as understood.

    topic : what of the scheme an indicator question asks for, else "". about : the finer kind.
    items : ids of items it names, by id or by name, the longest name first; criteria, indicators : ids it names ("B5", "A2").
    metrics : ids of metrics it names. years : it names. wants_figure : it asks for a number.
    subject : the words left when question words are taken away; "" when nothing is left.
    in_field : it speaks of education at all. wants_material : it asks which material there is, of an item it names by id.
    claims : it asks what the district has claimed for itself (自评, 申报). against : it asks for what speaks against an item.
    """

    text: str
    kind: QuestionKind
    about: About
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
    against: bool = False


def parse_question(
    text: str, scheme: Scheme, catalogue: Catalogue, *, district: str | None = None, metrics: Metrics | None = None,
    districts: Sequence[str] = (),
) -> Question:  # fmt: skip
    """The question understood.

    district : the district the asker is in; its name says that his own figures are meant, and is no part of the subject.
    districts : names of districts that are known; those in the text are no part of the subject either.
    """
    metrics = metrics or load_metrics()
    items, criteria, indicators = _ids(text, scheme)
    named = metrics.asked(text) or metrics.asked(as_written(text))
    by_name = [*_items_named(text, catalogue), *(metric.item for metric in named)]
    explicit = bool(items or criteria or indicators)
    places = district_names(text, districts)
    naming = Naming(
        explicit, is_own(text, district), bool(by_name), bool(named), any("元" in metric.unit for metric in named),
        len(places) if district in places or district is None else len(places) + 1 if places else 0,
    )  # fmt: skip
    kind, about, topic = kind_of(text, naming, bare=not _STOP.sub("", ID_PATTERN.sub("", text)).strip())
    if topic == "procedure" and about == "procedure" and not _of_steps(text, scheme):
        kind, about, topic = "evidence", "figure" if FIGURE.search(text) else "evidence", ""
    demanded = kind == "evidence" and not (explicit or by_name or naming.own) and _DEMANDED.search(text)
    if demanded and (likely := items_like(text, scheme)):
        kind, about, topic, by_name = "indicator", "indicator", "threshold", likely
    subject = _subject(text, [*places, *([district] if district else [])])
    if "达标" in text and not named and not explicit:
        # 普惠率达标 is settled by its figure; 语言文字达标 only by words that say so.
        subject = f"{subject} 达标".strip()
    folded = normalise(text)
    in_field = (
        explicit or bool(by_name) or kind != "evidence" or any(word in folded for word in load_cues(scheme).field_words)
    )
    if kind == "evidence" and not in_field and not _FIELD_EXTRA.search(text):
        kind, about = "unknown", "unknown"
    return Question(
        text=text,
        kind=kind,
        about=about,
        topic=topic,
        items=tuple(dict.fromkeys([*items, *by_name])),
        criteria=tuple(criteria),
        indicators=tuple(indicators),
        metrics=tuple(dict.fromkeys(metric.id for metric in named)),
        years=tuple(dict.fromkeys(year.year for year in find_years(text))),
        wants_figure=bool(FIGURE.search(text)) or bool(named),
        subject=subject,
        in_field=in_field,
        wants_material=explicit and bool(_MATERIAL.search(text)),
        claims=bool(CLAIMED.search(text)),
        against=bool(_AGAINST.search(text)),
    )


_AGAINST = re.compile(r"不利|相反|反面|反证|矛盾的|对不上|不支持|打架|不一致")
# The share of a question's pairs of characters that the steps of the procedure have to hold.
_OF_STEPS = 0.4
_OF_ALL_STEPS = re.compile(
    r"程序|流程|步骤|阶段|环节|组织实施|怎么开展|如何开展|可信度|验证法|评价.{0,4}(?:一年|每年)|整改"
)
_FILLING = re.compile(r"[^\u4e00-\u9fff]|[要谁才能被由在是会来去给和与]")
_DEMANDED = re.compile(
    r"方案(?:里|中|对|上)?.{0,12}(?:要求|规定|怎么说|咋说)|要求(?:是)?多少|至少|不低于多少|最低(?:要|得|多少)"
)
_FIELD_EXTRA = re.compile(r"教育|学习|培训|编制|经费|督导|常务会|党|文化|安全|政府|残疾|社区|规划|预算")


def _ids(text: str, scheme: Scheme) -> tuple[list[str], list[str], list[str]]:
    """Ids that exist, in order: items, criteria, indicators. B9, B20, B21 name both a criterion and its item."""
    items, criteria, indicators = [], [], []
    known_items = {item.id for item in scheme.items}
    known_criteria = {criterion.id for criterion in scheme.criteria}
    known_indicators = {indicator.id for indicator in scheme.indicators}
    for match in ID_PATTERN.finditer(text):
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


def _of_steps(text: str, scheme: Scheme) -> bool:
    """Whether the scheme's own steps speak of what is asked: 满意度调查 of the evaluation, not that of a kindergarten."""
    if _OF_ALL_STEPS.search(text):
        return True
    steps = "".join(step.title + step.text for step in scheme.procedure)
    pairs = {gram for gram in grams(_FILLING.sub("", _STOP.sub("", text))) if len(gram) == 2}
    return not pairs or sum(gram in steps for gram in pairs) >= _OF_STEPS * len(pairs)


def _subject(text: str, places: Sequence[str]) -> str:
    bare = text
    for name in places:
        bare = bare.replace(name, " ")
    for year in reversed(find_years(bare)):
        bare = bare[: year.start] + " " + bare[year.end :]
    words = _STOP.sub(" ", ID_PATTERN.sub(" ", bare)).split()
    return " ".join(word for word in (word.strip("有了") for word in words) if len(word) > 1)
