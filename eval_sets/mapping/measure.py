"""How well passages are mapped to items: `edureview eval mapping`; every passage of held_out.yaml is new to the program."""

from __future__ import annotations

from pathlib import Path

from retrieval.embedder import load_embedder
from retrieval.item_examples import Example, load_examples, read_examples
from retrieval.itemmap import ItemMapper, ItemMapping
from review.evaluation_mapping import LabelledPassage, criterion_of, mapping_figures
from scoring_rules.catalogue import load_catalogue
from scoring_rules.scheme import Scheme
from scoring_rules.scheme_loader import load_scheme

HELD_OUT = Path(__file__).parent / "held_out.yaml"
# Of these styles there are enough passages for a figure of their own.
STYLES = ("报告", "新闻", "来信", "论文", "表格")
STYLE_NAMES = dict(zip(STYLES, ("report", "news", "letter", "paper", "row"), strict=True))


def measure() -> dict[str, float]:
    """Criterion and item top-1 and top-3, 无对应, calibration; criterion top-1 by style. Raises RetrievalError without a model."""
    scheme = load_scheme()
    passages, mapped, styles = _mapped(scheme)
    figures = mapping_figures(passages, mapped)
    for style, name in STYLE_NAMES.items():
        places = [i for i, passage in enumerate(passages) if styles[i] == style and passage.primary]
        right = [criterion_of(mapped[i].ranking[0][0]) == passages[i].primary for i in places]
        figures[f"criterion_top1_{name}"] = sum(right) / len(right)
        figures[f"n_{name}"] = float(len(right))
    return figures


def details() -> list[str]:
    """One line for each passage that is mapped wrong."""
    passages, mapped, _ = _mapped(load_scheme())
    lines = []
    for passage, result in zip(passages, mapped, strict=True):
        wanted, given = passage.sub or "无对应", "无对应" if result.none else result.ranking[0][0]
        if wanted != given:
            lines.append(f"{passage.id}　应为 {wanted}，得到 {given}　{passage.text[:40]}")
    return lines


def _mapped(scheme: Scheme) -> tuple[list[LabelledPassage], list[ItemMapping], list[str]]:
    examples = read_examples(HELD_OUT.read_text(encoding="utf-8"), scheme, HELD_OUT.name)
    if {example.text for example in examples} & {example.text for example in load_examples(scheme)}:
        raise ValueError("评测段落混进了例段，请从其中一处删去。")
    mapper = ItemMapper(scheme, load_catalogue(), load_embedder())
    mapped = mapper.map([example.text for example in examples], k=len(scheme.items))
    return [_labelled(example) for example in examples], mapped, [example.style for example in examples]


def _labelled(example: Example) -> LabelledPassage:
    """As the labelled passages of other files are told."""
    criteria = list(dict.fromkeys(map(criterion_of, example.items)))
    primary, sub = (criteria[0], example.items[0]) if example.items else ("", "")
    return LabelledPassage(example.id, example.text, primary, sub, tuple(criteria[1:]))
