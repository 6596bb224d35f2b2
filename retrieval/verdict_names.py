"""What verdicts need to know of the items: their names, and whose figures are the better the smaller they are."""

from __future__ import annotations

from retrieval.cues import load_cues
from retrieval.verdicts import ItemNamesFound
from scoring_rules.catalogue import Catalogue
from scoring_rules.scheme import Scheme

# Shorter cue words (教师, 企业) stand in sentences about anything; they do not tell what a clause is about.
_LEAST_CUE = 3


def names_of_items(scheme: Scheme, catalogue: Catalogue) -> ItemNamesFound:
    """Titles and aliases of the catalogue and the longer cue words, by item."""
    cues = load_cues(scheme)
    return ItemNamesFound.of(
        {
            item.id: (
                catalogue.expectations[item.id].title,
                *catalogue.expectations[item.id].aliases,
                *(word for word in cues.words[item.id] if len(word) >= _LEAST_CUE),
            )
            for item in scheme.items
        }
    )


def higher_is_bad(scheme: Scheme) -> frozenset[str]:
    """Items with a condition on a figure that has an upper limit (差异系数, 大班额比例)."""
    rules = ((item.id, scheme.rule(item.id)) for item in scheme.items)
    return frozenset(item for item, rule in rules if rule and any(check.operator == "at_most" for check in rule.checks))
