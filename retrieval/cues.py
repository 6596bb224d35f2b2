"""Words that point to an item without being the scheme's or the catalogue's (`corpus/mapping/cues.yaml`); they rank, they never score."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from types import MappingProxyType

from retrieval.errors import RetrievalError
from scoring_rules.scheme import Scheme
from scoring_rules.yaml_source import Faults, Node, parse_yaml


class CuesError(RetrievalError):
    """The file of cue words is wrong.  faults : every fault, one Chinese sentence each."""

    def __init__(self, faults: tuple[str, ...]) -> None:
        self.faults = faults
        super().__init__("联想词文件有错，请逐处改正：\n" + "\n".join(faults))


@dataclass(frozen=True, slots=True)
class Cues:
    """field_words : some of them stand in nearly every text about education below the universities.

    words : by item id, sayings of the field, also known as words when a question is read. hints : by item id, wider words that
    only help to map a passage.
    """

    field_words: tuple[str, ...]
    words: Mapping[str, tuple[str, ...]]
    hints: Mapping[str, tuple[str, ...]]


@cache
def load_cues(scheme: Scheme) -> Cues:
    """The shipped cue words, checked against `scheme`.  Raises CuesError with every fault."""
    source = files("corpus") / "mapping" / "cues.yaml"
    return read_cues(source.read_text(encoding="utf-8"), scheme)


def read_cues(text: str, scheme: Scheme) -> Cues:
    """The cue words in YAML text.  Raises CuesError with every fault."""
    faults = Faults("cues.yaml")
    root = parse_yaml(text, faults).mapping(["scheme", "field_words", "cues", "hints"])
    if not faults and root["scheme"].text() != scheme.id:
        root["scheme"].fault(f"联想词属于别的方案，请核对（应为“{scheme.id}”）。")
    field_words = root["field_words"].texts()
    words, hints = (_by_item(root[key], scheme) for key in ("cues", "hints"))
    if faults:
        raise CuesError(tuple(faults.sentences))
    return Cues(field_words, MappingProxyType(words), MappingProxyType(hints))


def _by_item(node: Node, scheme: Scheme) -> dict[str, tuple[str, ...]]:
    """Words of every item of the scheme; an unknown or a missing item is a fault."""
    words = {}
    known = {item.id for item in scheme.items}
    for item_id, listed in node.entries():
        if item_id not in known:
            listed.fault(f"方案里没有评价要点“{item_id}”，请改正。")
        words[item_id] = listed.texts()
    missing = known - words.keys()
    if missing and node.raw is not None:
        node.fault("缺少这些评价要点的联想词：" + "、".join(sorted(missing)) + "，请补上。")
    return words
