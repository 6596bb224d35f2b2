"""Passages whose items are known: shipped examples (`corpus/mapping/examples.yaml`, fictional) and what people have confirmed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from retrieval.errors import RetrievalError
from scoring_rules.scheme import Scheme
from scoring_rules.yaml_source import Faults, parse_yaml

STYLES = ("报告", "通知", "纪要", "新闻", "法规", "来信", "表格", "论文")


class ExamplesError(RetrievalError):
    """A file of passages with their items is wrong.  faults : every fault, one Chinese sentence each."""

    def __init__(self, name: str, faults: Sequence[str]) -> None:
        self.faults = tuple(faults)
        super().__init__(f"例段文件“{name}”有错，请逐处改正：\n" + "\n".join(faults))


@dataclass(frozen=True, slots=True)
class Example:
    """A passage with what it is evidence for.

    items : in order of weight, the first is what it mainly speaks of; () = nothing of the scheme, unless `rejected` says only what it
    is not. rejected : items somebody has ruled out. style : how it is written, "" = not known.
    """

    id: str
    text: str
    items: tuple[str, ...]
    rejected: tuple[str, ...] = ()
    style: str = ""

    @property
    def none(self) -> bool:
        """Whether it is known to be evidence for no item."""
        return not self.items and not self.rejected


@cache
def load_examples(scheme: Scheme) -> tuple[Example, ...]:
    """The shipped examples, at least one for every item and some for none.  Raises ExamplesError with every fault."""
    source = files("corpus") / "mapping" / "examples.yaml"
    return read_examples(source.read_text(encoding="utf-8"), scheme, source.name)


def read_examples(text: str, scheme: Scheme, name: str = "examples.yaml") -> tuple[Example, ...]:
    """The passages in YAML text.  Raises ExamplesError with every fault."""
    faults = Faults(name)
    root = parse_yaml(text, faults).mapping(["scheme", "passages"])
    if not faults and root["scheme"].text() != scheme.id:
        root["scheme"].fault(f"例段属于别的方案，请核对（应为“{scheme.id}”）。")
    known = {item.id for item in scheme.items}
    examples: dict[str, Example] = {}
    texts: dict[str, str] = {}
    for node in root["passages"].sequence():
        part = node.mapping(["id", "style", "items", "text"])
        items = part["items"].texts(allow_empty=True)
        for unknown in [item for item in items if item not in known]:
            part["items"].fault(f"方案里没有评价要点“{unknown}”，请改正。")
        example = Example(part["id"].text(), part["text"].text(), items, style=part["style"].text())
        if example.style not in STYLES:
            part["style"].fault(f"写法应为 {'、'.join(STYLES)} 之一，请改正。")
        if example.id in examples:
            part["id"].fault(f"编号“{example.id}”重复，请改正。")
        if example.text in texts:
            part["text"].fault(f"与 {texts[example.text]} 文字相同，请删去一处。")
        texts.setdefault(example.text, example.id)
        examples[example.id] = example
    missing = known - {item for example in examples.values() for item in example.items}
    if missing and root["passages"].raw is not None:
        root["passages"].fault("这些评价要点没有例段：" + "、".join(sorted(missing)) + "，请补上。")
    if faults:
        raise ExamplesError(name, faults.sentences)
    return tuple(examples.values())


def by_item(examples: Sequence[Example], columns: Mapping[str, int]) -> list[list[int]]:
    """For every item the positions of the examples that mainly speak of it. columns : item id → position."""
    places: list[list[int]] = [[] for _ in columns]
    for place, example in enumerate(examples):
        if example.items:
            places[columns[example.items[0]]].append(place)
    return places
