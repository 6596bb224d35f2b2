"""The words a question may hold that are known: names of items and metrics, kinds of evidence, words of the evaluation itself."""

from __future__ import annotations

from functools import cache

from retrieval.cues import load_cues
from retrieval.metrics import Metrics
from retrieval.synonyms import load_synonyms
from scoring_rules.catalogue import Catalogue
from scoring_rules.scheme import Scheme

_OF_THE_EVALUATION = (
    "附件1", "可信度", "自评得分", "核查得分", "总得分", "佐证材料", "支撑材料", "整改到位", "评价要点", "截止日期", "会议纪要", "督导反馈",
    "常务会议", "自查自评", "实地督导", "周转宿舍", "数字校园", "责任督学",
)  # fmt: skip


def known_words(scheme: Scheme, catalogue: Catalogue, metrics: Metrics) -> frozenset[str]:
    """The words, as people write them."""
    words = {*_OF_THE_EVALUATION, *load_cues(scheme).field_words, *(criterion.name for criterion in scheme.criteria)}
    for expectation in catalogue.expectations.values():
        words |= {expectation.title, *expectation.aliases}
    return frozenset(words) | _of_metrics(metrics) | frozenset(load_synonyms().others)


@cache
def _of_metrics(metrics: Metrics) -> frozenset[str]:
    return frozenset(
        name for metric in metrics.by_id.values() for name in (metric.name, *metric.aliases) if "…" not in name
    )
