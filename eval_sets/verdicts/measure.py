"""How often the proposed verdict of a passage for an item is the one a person gave it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import yaml

from retrieval.facts import extract_facts
from retrieval.metrics import load_metrics
from retrieval.verdict_names import higher_is_bad, names_of_items
from retrieval.verdicts import PassageReading
from scoring_rules.catalogue import load_catalogue
from scoring_rules.scheme_loader import load_scheme

FOLDER = Path(__file__).parent
CYCLE = 2019
VERDICTS = {"S": "supports", "C": "contradicts", "M": "mentions", "O": "out_of_period"}
SHORT = {"supports": "supports", "contradicts": "contradicts", "mentions": "mentions", "out_of_period": "period"}


@dataclass(frozen=True, slots=True)
class Case:
    """A text, the item it is about, the verdict a person gave and the one proposed."""

    item: str
    text: str
    wanted: str
    given: str
    reason: str


def cases(name: str) -> Iterator[Case]:
    """The cases of `dev` or `held_out`, judged."""
    scheme, metrics = load_scheme(), load_metrics()
    names, inverse = names_of_items(scheme, load_catalogue()), higher_is_bad(scheme)
    loaded = yaml.safe_load((FOLDER / f"{name}.yaml").read_text(encoding="utf-8"))["cases"]
    for item, wanted, text, *more in loaded:
        about = more[0] if more else {}
        year = about.get("year", CYCLE - 1)
        heading = f"虚构材料 > {about['heading']}" if "heading" in about else "虚构材料"
        facts = extract_facts(text, metrics, default_year=year, context=heading)
        reading = PassageReading(
            text, data_year=CYCLE - 1, document_year=year, heading=heading, facts=facts,
            items_of_facts=[metrics.by_id[fact.metric].item for fact in facts], names=names, higher_is_bad=inverse,
        )  # fmt: skip
        judged = reading.judge(item)
        yield Case(item, text, VERDICTS[wanted], judged.verdict, judged.reasons[0].sentence)


def measure() -> dict[str, float]:
    """Accuracy on both halves, and precision and recall of contradictions and of other years on the half held out."""
    figures: dict[str, float] = {}
    for name in ("dev", "held_out"):
        found = list(cases(name))
        figures[f"accuracy_{name}"] = sum(case.wanted == case.given for case in found) / len(found)
        figures[f"n_{name}"] = float(len(found))
        if name == "held_out":
            for verdict, short in SHORT.items():
                right = sum(case.wanted == case.given == verdict for case in found)
                given = sum(case.given == verdict for case in found)
                figures[f"{short}_recall"] = right / sum(case.wanted == verdict for case in found)
                if given:
                    figures[f"{short}_precision"] = right / given
    return figures


def details() -> list[str]:
    """The cases of the development half that are judged otherwise; those held out only by their number."""
    lines = [
        f"{case.item} 应为 {case.wanted}，得 {case.given}：{case.text[:60]} —— {case.reason}"
        for case in cases("dev")
        if case.wanted != case.given
    ]
    wrong = Counter((case.wanted, case.given) for case in cases("held_out") if case.wanted != case.given)
    return lines + [f"held_out：{wanted} 判成 {given} {number} 条" for (wanted, given), number in sorted(wrong.items())]
