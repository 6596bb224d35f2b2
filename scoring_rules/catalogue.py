"""What evidence each item calls for: types of material, facts to check, and the names people use for the item.

Read from ``corpus/evidence/<year>.yaml``.  The catalogue is a working list, not part of the official document (its
SOURCES.md says where it comes from): it decides what is asked for and looked for, never what is scored.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from types import MappingProxyType

from scoring_rules.errors import CatalogueError, UnknownYearError
from scoring_rules.scheme import Scheme
from scoring_rules.scheme_loader import load_scheme
from scoring_rules.yaml_source import Faults, Node, parse_yaml

MIN_ALIASES = 3


@dataclass(frozen=True, slots=True)
class EvidenceType:
    """A kind of material. code : one capital letter; check : what a reader must find on it, in Chinese."""

    code: str
    name: str
    check: str


@dataclass(frozen=True, slots=True)
class Expectation:
    """What an item calls for.

    title : short Chinese name; aliases : other words for the item, at least three, none shared with another item.
    An alias may be part of another item's alias (责任清单 B3-1, 安全责任清单 B12-1): in running text the longest wins.
    required, optional : codes of evidence types, no code in both; key_facts : what to check, one Chinese phrase each.
    """

    item_id: str
    title: str
    aliases: tuple[str, ...]
    required: tuple[str, ...]
    optional: tuple[str, ...]
    key_facts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Catalogue:
    """types : by code; expectations : by item id, one for every item of the scheme, in its order.  Both read-only."""

    types: Mapping[str, EvidenceType]
    expectations: Mapping[str, Expectation]


@cache
def load_catalogue(year: str = "2019") -> Catalogue:
    """The catalogue of that year's scheme.  UnknownYearError when there is none; CatalogueError when it is faulty."""
    folder = files("corpus") / "evidence"
    available = sorted(entry.name.removesuffix(".yaml") for entry in folder.iterdir() if entry.name.endswith(".yaml"))
    if year not in available:
        raise UnknownYearError("佐证材料目录", year, available)
    return _load(folder / f"{year}.yaml", load_scheme(year))


def load_catalogue_file(path: Path, scheme: Scheme) -> Catalogue:
    """The catalogue in any file, checked against the scheme it is for.  Raises CatalogueError with every fault."""
    return _load(path, scheme)


def _load(source: Traversable, scheme: Scheme) -> Catalogue:
    faults = Faults(source.name)
    root = _open(source, faults).mapping(("scheme", "types", "items"))
    scheme_id = root["scheme"].text()
    if scheme_id and scheme_id != scheme.id:
        root["scheme"].fault(f"目录属于方案“{scheme_id}”，与方案“{scheme.id}”不符，请核对。")
    types = _types(root["types"])
    expectations = _expectations(root["items"], types, [item.id for item in scheme.items])
    if faults:
        raise CatalogueError(f"佐证材料目录“{source.name}”", faults.sentences)
    return Catalogue(MappingProxyType(types), MappingProxyType({entry.item_id: entry for entry in expectations}))


def _open(source: Traversable, faults: Faults) -> Node:
    try:
        return parse_yaml(source.read_text(encoding="utf-8"), faults)
    except FileNotFoundError:
        faults.add("没有这个文件，请核对位置。")
    except UnicodeDecodeError:
        faults.add("不是 UTF-8 编码，请另存为 UTF-8。")
    return Node(None, "", faults)


def _types(node: Node) -> dict[str, EvidenceType]:
    types: dict[str, EvidenceType] = {}
    for member_node in node.sequence():
        member = member_node.mapping(("code", "name", "check"))
        code = member["code"].text()
        if code and not (len(code) == 1 and "A" <= code <= "Z"):
            member["code"].fault(f"类型编码应为一个大写字母，实际是“{code}”，请改正。")
        if code in types:
            member["code"].fault(f"类型编码“{code}”重复，请只留一个。")
        types[code] = EvidenceType(code, member["name"].text(), member["check"].text())
    return types


def _expectations(node: Node, types: Mapping[str, EvidenceType], item_ids: Sequence[str]) -> list[Expectation]:
    found: list[Expectation] = []
    named: dict[str, str] = {}
    for member_node in node.sequence():
        expectation = _expectation(member_node, types)
        for word in (expectation.title, *expectation.aliases):
            if word and named.setdefault(word, expectation.item_id) != expectation.item_id:
                member_node.fault(f"“{word}”已经是 {named[word]} 的说法，请只留在一个要点下。")
        if expectation.title in expectation.aliases:
            member_node.fault(f"“{expectation.title}”已是短名，请从 aliases 中删去。")
        found.append(expectation)
    given = [entry.item_id for entry in found if entry.item_id]
    for item_id in dict.fromkeys(given):
        if item_id not in item_ids:
            node.fault(f"方案里没有评价要点“{item_id}”，请改正编号。")
        if given.count(item_id) > 1:
            node.fault(f"评价要点“{item_id}”写了 {given.count(item_id)} 次，请只留一个。")
    missing = [item_id for item_id in item_ids if item_id not in given]
    if missing and node.raw is not None:
        node.fault(f"缺少评价要点：{'、'.join(missing)}，请补上。")
    if sorted(given) == sorted(item_ids) and given != list(item_ids):
        node.fault("评价要点的次序与方案不同，请照方案的次序写。")
    return found


def _expectation(node: Node, types: Mapping[str, EvidenceType]) -> Expectation:
    part = node.mapping(("id", "title", "aliases", "required", "optional", "key_facts"))
    aliases = part["aliases"].texts()
    if aliases and len(aliases) < MIN_ALIASES:
        part["aliases"].fault(f"至少写 {MIN_ALIASES} 个说法，请补上。")
    required = _codes(part["required"], types, allow_empty=False)
    optional = _codes(part["optional"], types, allow_empty=True)
    for code in required:
        if code and code in optional:
            part["optional"].fault(f"类型“{code}”不能既必备又可选，请删去一处。")
    return Expectation(part["id"].text(), part["title"].text(), aliases, required, optional, part["key_facts"].texts())


def _codes(node: Node, types: Mapping[str, EvidenceType], *, allow_empty: bool) -> tuple[str, ...]:
    codes = node.texts(allow_empty=allow_empty)
    for code in codes:
        if code and code not in types:
            node.fault(f"不认识材料类型“{code}”，请用上面列出的编码。")
    return codes
