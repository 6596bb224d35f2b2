"""Made-up passages of twelve districts to measure searches with: as many as wanted, with vectors near those of real wording."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from retrieval.embedder import Embedder
from review.bench_documents import TOWNS
from scoring_rules.catalogue import load_catalogue
from scoring_rules.scheme_loader import load_scheme

DISTRICTS: Final = tuple(f"虚构{name}区" for name in "甲乙丙丁戊己庚辛壬癸子丑")
CYCLE: Final = 2019
DISTINCT: Final = (
    520  # wordings whose vectors the model makes; every passage is one of them with other places and figures
)
# What this adds to each coordinate of a vector of length 1 leaves a cosine of about .98: passages on one subject, not copies.
_NOISE: Final = 0.01

_ON_ITEM = (
    "{year}年{town}{name}工作按计划推进，{fact}已逐项核实，涉及学校{a}所、学生{b}人。",
    "关于{name}，区教育局会同有关部门印发文件{a}件，{fact}列入年度考核，{m}月底前完成{c}项。",
    "{town}在{name}方面投入{b}.{d:02d}万元，比上年增加{c}.{a:02d}万元，{fact}有台账可查。",
    "检查发现{name}还有{d}处不足，已要求{town}限期整改，{m}月{d}日前报送结果。",
    "据统计，全区{name}指标为{e}.{m}%，比上年提高{a}.{d}个百分点，{fact}见附表。",
    "{town}把{name}纳入目标责任书，责任到人，{fact}每季度通报一次。",
)
_ANYWAY = (
    "区政府常务会议于{year}年{m}月{d}日听取工作汇报，议定由区教育局牵头，区财政局、区委编办配合，逐项落实责任。",
    "全年组织培训{a}期，参训教师{b}人次，人均{d}学时。",
    "各学校按照“一校一策”要求完善制度{a}项，签订责任书{d}份。",
    "经第三方评估，群众满意度为{e}.{m}%，比上年提高{a}.{d}个百分点。",
    "{town}新建、改扩建项目{a}个，新增学位{b}个，其中{c}个已投入使用。",
    "资金由区财政统筹，按进度拨付到校，没有截留、挤占和挪用。",
)
_QUESTIONS = (
    "{name}是多少？",
    "{name}做得怎么样",
    "{town}{name}有哪些材料？",
    "{name}方面，{fact}",
    "{year}年{name}投入了多少万元",
)


@dataclass(frozen=True, slots=True)
class Wording:
    """One way to write about an item: sentences with places for towns and figures, and the vector of it filled in once."""

    template: str
    vector: NDArray[np.float32]


def texts_of_mixed_length(count: int) -> list[str]:
    """Texts of one to six sentences, about 35 to 300 characters, in no order of length."""
    names, dice = _names(), random.Random(40)
    made = []
    for number in range(count):
        name, fact = _pick(names[number % len(names)], dice)
        parts = dice.sample((*_ON_ITEM, *_ANYWAY), dice.randrange(1, 7))
        made.append(_filled("".join(parts).replace("{name}", name).replace("{fact}", fact), dice))
    return made


def wordings(embedder: Embedder, count: int = DISTINCT) -> list[Wording]:
    """Different wordings, all items in turn."""
    names = _names()
    dice = random.Random(65)
    templates = []
    for number in range(count):
        name, fact = _pick(names[number % len(names)], dice)
        parts = dice.sample(_ON_ITEM, 2) + dice.sample(_ANYWAY, 2)
        templates.append("".join(parts).replace("{name}", name).replace("{fact}", fact))
    vectors = embedder.embed_passages([_filled(template, dice) for template in templates])
    return [Wording(template, vector) for template, vector in zip(templates, vectors, strict=True)]


def passages(wordings: list[Wording], count: int, seed: int) -> tuple[list[str], NDArray[np.float32]]:
    """`count` texts of one district, and their unit vectors of shape (count, dim)."""
    dice, noise = random.Random(seed), np.random.default_rng(seed)
    chosen = [dice.randrange(len(wordings)) for _ in range(count)]
    vectors = np.stack([wordings[number].vector for number in chosen])
    vectors += noise.normal(0, _NOISE, vectors.shape).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    return [_filled(wordings[number].template, dice) for number in chosen], vectors


def questions(count: int) -> list[str]:
    """Different questions about the items, in words of the evidence catalogue."""
    names, dice = _names(), random.Random(292)
    made: dict[str, None] = {}
    while len(made) < count:
        name, fact = _pick(names[len(made) % len(names)], dice)
        made[_filled(dice.choice(_QUESTIONS).replace("{name}", name).replace("{fact}", fact), dice)] = None
    return list(made)


def _names() -> list[tuple[tuple[str, ...], tuple[str, ...]]]:
    """(names, facts to check) of every item."""
    expected = load_catalogue().expectations
    found = [expected[item.id] for item in load_scheme().items]
    return [
        ((entry.title, *entry.aliases), tuple(fact.partition("（")[0] for fact in entry.key_facts)) for entry in found
    ]


def _pick(item: tuple[tuple[str, ...], tuple[str, ...]], dice: random.Random) -> tuple[str, str]:
    names, facts = item
    return dice.choice(names), dice.choice(facts)


def _filled(template: str, dice: random.Random) -> str:
    return template.format(
        town=dice.choice(TOWNS), year=dice.randrange(2016, 2019), m=dice.randrange(1, 13), d=dice.randrange(1, 29), a=dice.randrange(3, 40),
        b=dice.randrange(200, 5000), c=dice.randrange(5, 195), e=dice.randrange(80, 100),
    )  # fmt: skip


def by_district(wordings: list[Wording], total: int) -> Iterator[tuple[str, list[str], NDArray[np.float32]]]:
    """(district, texts, vectors) of every district, `total` passages in equal parts."""
    for number, district in enumerate(DISTRICTS):
        count = total // len(DISTRICTS) + (number < total % len(DISTRICTS))
        yield district, *passages(wordings, count, number)
