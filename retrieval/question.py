"""What a question asks for: the scheme itself, evidence, what is missing, a comparison, or how points came about.

Which of these it is was learnt from wordings (`retrieval.question_kinds`); there is no language model. A question nobody can place is
asked of the evidence, where "未找到" is an honest answer. What was said before in the conversation is put in first (`retrieval.follow_ups`).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from retrieval.district_names import district_names
from retrieval.metrics import Metrics, load_metrics
from retrieval.numbers import find_years
from retrieval.question_kinds import CLASSES, About, QuestionKind, Reading, Topic, load_kinds
from retrieval.question_signs import FIGURE, ID_PATTERN, names_of, signs
from retrieval.scheme_likeness import items_like
from retrieval.spoken_words import as_written
from retrieval.tokens import normalise
from scoring_rules.catalogue import Catalogue
from scoring_rules.scheme import Scheme

# A question after another one is mostly of the same kind (83 of 91 follow-ups of the practice sets): how much less another kind needs.
GOING_ON: Final = 0.3
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
    wants_material : it asks which material there is, of an item it names by id.
    claims : it asks what the district has claimed for itself (自评, 申报). against : it asks for what speaks against an item.
    guessed : it names no entry and no metric; its items are those it is most like.
    near : readings of other kinds that it might have as well, by the sign of the wording (GOING_ON); the likeliest first.
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
    wants_material: bool
    claims: bool
    against: bool = False
    guessed: bool = False
    near: tuple[Reading, ...] = field(default=(), compare=False)

    @property
    def names(self) -> bool:
        """Whether it names an entry of the scheme or a metric, by id or in words."""
        return bool(self.criteria or self.indicators or self.metrics or (self.items and not self.guessed))


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
    told = signs(text, catalogue, metrics, district=district, districts=districts)
    scores = load_kinds().scores(told)
    best, *others = scores
    reading, likely = _of_scheme(CLASSES[best], text, explicit, bool(by_name), scheme)
    kind, about, topic = reading
    close = [CLASSES[name] for name in others if scores[best] - scores[name] <= GOING_ON]
    near = [_of_scheme(other, text, explicit, bool(by_name), scheme)[0] for other in close]
    by_name += likely
    subject = _subject(text, [*places, *([district] if district else [])])
    if "达标" in text and not named and not explicit:
        # 普惠率达标 is settled by its figure; 语言文字达标 only by words that say so.
        subject = f"{subject} 达标".strip()
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
        wants_material=explicit and bool(_MATERIAL.search(text)),
        claims=bool(_CLAIMED.search(text)),
        against=bool(_AGAINST.search(text)),
        guessed=bool(likely),
        near=tuple(dict.fromkeys(other for other in near if other[0] != kind)),
    )


def going_on(question: Question, before: Question) -> Question:
    """The question after another one: where the wording leaves it open, of the kind of the one before."""
    for kind, about, topic in question.near:
        if kind == before.kind != "unknown":
            return replace(question, kind=kind, about=about, topic=topic)
    return question


_AGAINST = re.compile(r"不利|相反|反面|反证|矛盾的|对不上|不支持|打架|不一致")
# What a district has claimed for itself stands in its own assessment.
_CLAIMED = re.compile(r"自评|申报|申请|想加|扣了|扣几分|扣多少")


def _of_scheme(reading: Reading, text: str, explicit: bool, named: bool, scheme: Scheme) -> tuple[Reading, list[str]]:
    """A question of an entry of the scheme needs one: by id its parts, by name what is demanded, else the items likeliest meant, else none.

    The items that were not named come along.
    """
    topic = reading[2]
    if topic == "threshold" and explicit:
        return ("indicator", "indicator", "parts"), []
    if topic == "parts" and not explicit:
        topic = "threshold"
    if topic not in ("threshold", "materials") or explicit or named:
        return (*reading[:2], topic), []
    if likely := items_like(text, scheme):
        return (*reading[:2], topic), likely
    return ("evidence", "figure" if FIGURE.search(text) else "evidence", ""), []


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
    pattern, owners = names_of(catalogue)
    found = set(pattern.findall(normalise(text)))
    return [owners[word] for word in sorted(found, key=len, reverse=True)]


def _subject(text: str, places: Sequence[str]) -> str:
    bare = text
    for name in places:
        bare = bare.replace(name, " ")
    for year in reversed(find_years(bare)):
        bare = bare[: year.start] + " " + bare[year.end :]
    words = _STOP.sub(" ", ID_PATTERN.sub(" ", bare)).split()
    return " ".join(word for word in (word.strip("有了") for word in words) if len(word) > 1)
