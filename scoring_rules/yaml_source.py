"""Strict YAML: what is written is what is read, and every fault is found in one pass.

Two things go wrong when criteria and case files are read by an ordinary YAML 1.1 loader.  Values change silently
(``on`` becomes True, ``1.10`` becomes 1.1, ``12:30`` becomes 750, the second of two equal keys wins), and the reader
stops at the first fault.  Here a document becomes a tree of `Node`; the code that wants a value asks the node for the
type it needs, and every wrong answer is written down in a shared list of faults with file, line and path.

Scalars: a quoted scalar is always text.  An unquoted one is an integer, a number with a fraction, a truth value
(``true``/``false``) or nothing (``null``, ``~``, empty) by the core schema of YAML 1.2; everything else is text, so
dates, versions with two dots, ``no`` and ``12:30`` stay as written.  Anchors, aliases, tags, several documents and
very deep nesting are refused: no data file needs them, and they are how a small file becomes a large one.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Literal

import yaml

# The C parser reads the same language some ten times faster; wheels of PyYAML have it, a plain build may not.
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
MAX_DEPTH = 30

Kind = Literal["text", "integer", "number", "truth", "nothing"]

_INTEGER = re.compile(r"[-+]?[0-9]+\Z")
_NUMBER = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?\Z|[-+]?\.(inf|Inf|INF)\Z|\.(nan|NaN|NAN)\Z")
_TRUTH = frozenset({"true", "True", "TRUE", "false", "False", "FALSE"})
_NOTHING = frozenset({"", "~", "null", "Null", "NULL"})
# int() refuses, loudly and in English, text of thousands of digits; no count in our files is anywhere near this.
_MAX_DIGITS = 18
# Plain decimals only: Fraction() itself also takes "1/3", "1e3", " 1 ", "1_000" and full-width digits.
DECIMAL_TEXT = re.compile(r"-?[0-9]{1,12}(\.[0-9]{1,12})?\Z")


@dataclass
class Faults:
    """The faults of one source, in the order they were met.  `source` is the file name shown to the reader."""

    source: str
    sentences: list[str] = field(default_factory=list)

    def add(self, sentence: str, *, line: int | None = None, path: str = "") -> None:
        """Note a Chinese sentence; the place is put before it."""
        where = self.source + (f" 第 {line} 行" if line else "") + (f"（{path}）" if path else "")
        self.sentences.append(f"{where}：{sentence}")

    def __bool__(self) -> bool:
        return bool(self.sentences)


@dataclass(frozen=True)
class Node:
    """A value of the document, its 1-based line, and its path (``bands[2].name``) for messages.

    `raw` is None where a required key is missing; the fault is noted already, and every accessor then returns an
    empty value without a second fault.  Values returned after any fault are fillers: whoever reads must look at
    `faults` before using them.
    """

    raw: yaml.Node | None
    path: str
    faults: Faults

    @property
    def line(self) -> int | None:
        return None if self.raw is None else self.raw.start_mark.line + 1

    def fault(self, sentence: str) -> None:
        """Note a fault at this node."""
        self.faults.add(sentence, line=self.line, path=self.path)

    def mapping(self, required: Collection[str] = (), optional: Collection[str] = ()) -> dict[str, Node]:
        """The members, every `required` key present; unknown, repeated and missing keys are faults.

        An `optional` key that is absent is absent from the result.
        """
        members = {key: node for key, node in self.entries() if self._known(key, node, required, optional)}
        for key in required:
            if key not in members:
                if isinstance(self.raw, yaml.MappingNode):
                    self.fault(f"缺少“{key}”，请补上。")
                members[key] = Node(None, self._below(key), self.faults)
        return members

    def entries(self) -> list[tuple[str, Node]]:
        """Keys and values of a mapping with free keys, in order.  A repeated key is a fault and its first value stays."""
        if not isinstance(self.raw, yaml.MappingNode):
            self._wrong_type("一组“键: 值”")
            return []
        seen: dict[str, Node] = {}
        for key_node, value_node in self.raw.value:
            line = key_node.start_mark.line + 1
            if not isinstance(key_node, yaml.ScalarNode) or _kind(key_node) != "text":
                self.faults.add("键必须是文字，数字作键时请加引号。", line=line, path=self.path)
                continue
            key = key_node.value
            if key in seen:
                first = seen[key].line
                self.faults.add(f"“{key}”重复，前一个在第 {first} 行，请只留一个。", line=line, path=self.path)
                continue
            seen[key] = Node(value_node, self._below(key), self.faults)
        return list(seen.items())

    def sequence(self, *, allow_empty: bool = False) -> list[Node]:
        """The members of a list."""
        if not isinstance(self.raw, yaml.SequenceNode):
            self._wrong_type("一个列表")
            return []
        if not self.raw.value and not allow_empty:
            self.fault("列表是空的，请至少写一项。")
        return [Node(value, f"{self.path}[{n}]", self.faults) for n, value in enumerate(self.raw.value, start=1)]

    def text(self) -> str:
        """Text, not empty, without spaces at its ends."""
        if not isinstance(self.raw, yaml.ScalarNode) or _kind(self.raw) != "text":
            self._wrong_type("文字（数字、true、false 请加引号）")
            return ""
        value: str = self.raw.value
        if not value or value != value.strip():
            self.fault("文字不能为空，首尾也不能有空格，请改正。")
        return value

    def texts(self, *, allow_empty: bool = False) -> tuple[str, ...]:
        """A list of texts without repetition."""
        members = self.sequence(allow_empty=allow_empty)
        values = tuple(member.text() for member in members)
        for position, member in enumerate(members):
            if values[position] and values[position] in values[:position]:
                member.fault(f"“{values[position]}”重复，请只留一个。")
        return values

    def integer(self, *, minimum: int | None = None) -> int:
        """A whole number without quotes, of at most 18 digits, not below `minimum`."""
        if (
            not isinstance(self.raw, yaml.ScalarNode)
            or _kind(self.raw) != "integer"
            or len(self.raw.value) > _MAX_DIGITS
        ):
            self._wrong_type("不加引号的整数")
            return 0
        value = int(self.raw.value)
        if minimum is not None and value < minimum:
            self.fault(f"应不小于 {minimum}，实际是 {value}，请改正。")
        return value

    def truth(self) -> bool:
        """``true`` or ``false``."""
        if not isinstance(self.raw, yaml.ScalarNode) or _kind(self.raw) != "truth":
            self._wrong_type("true 或 false")
            return False
        return bool(self.raw.value.lower() == "true")

    def decimal_text(self, *, positive: bool = False) -> Fraction:
        """An exact number written as quoted text such as ``"12.5"``, at most 12 digits on either side of the point.

        Unquoted numbers are refused: one careless tool between author and reader turns them into binary floats.
        """
        if not isinstance(self.raw, yaml.ScalarNode) or not self.raw.style or not DECIMAL_TEXT.match(self.raw.value):
            self._wrong_type('加引号的十进制数（例如 "12.5"）')
            return Fraction(0)
        value = Fraction(self.raw.value)
        if positive and value <= 0:
            self.fault(f"必须大于 0，实际是 {self.raw.value}，请改正。")
        return value

    def _below(self, key: str) -> str:
        return f"{self.path}.{key}" if self.path else key

    def _known(self, key: str, node: Node, required: Collection[str], optional: Collection[str]) -> bool:
        if key in required or key in optional:
            return True
        known = "、".join([*required, *optional])
        self.faults.add(f"不认识“{key}”，这里只能写：{known}。请改正或删去。", line=node.line, path=self.path)
        return False

    def _wrong_type(self, wanted: str) -> None:
        if self.raw is not None:
            self.fault(f"这里要{wanted}，实际是{_describe(self.raw)}，请改正。")


def parse_yaml(text: str, faults: Faults) -> Node:
    """The root of the only document in `text`.  What cannot be read at all is noted in `faults`; the root is then empty."""
    try:
        if not _is_plain_tree(text, faults):
            return Node(None, "", faults)
        root = yaml.compose(text, Loader=_LOADER)
    except yaml.YAMLError as exc:
        mark = getattr(exc, "problem_mark", None)
        faults.add("不是能读的 YAML，请检查缩进、冒号与引号。", line=mark.line + 1 if mark else None)
        return Node(None, "", faults)
    if root is None:
        faults.add("文件是空的，请填写内容。")
    return Node(root, "", faults)


def _is_plain_tree(text: str, faults: Faults) -> bool:
    """Whether the text is one document without anchors, aliases, tags or very deep nesting; faults are noted."""
    before = len(faults.sentences)
    depth = documents = 0
    for event in _events(text):
        line = event.start_mark.line + 1 if event.start_mark else None
        if isinstance(event, yaml.DocumentStartEvent):
            documents += 1
            if documents == 2:
                faults.add("一个文件只能有一份内容，请删去多余的“---”。", line=line)
        elif isinstance(event, yaml.CollectionStartEvent):
            depth += 1
            if depth > MAX_DEPTH:
                # Going on would let the parser's own stack grow without limit.
                faults.add(f"嵌套超过 {MAX_DEPTH} 层，请简化。", line=line)
                break
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            faults.add("不支持 & 和 * 引用；以它们开头的文字请加引号。", line=line)
        if isinstance(event, yaml.ScalarEvent | yaml.CollectionStartEvent) and event.tag:
            faults.add("不支持 ! 标签；以它开头的文字请加引号。", line=line)
    return len(faults.sentences) == before


def _events(text: str) -> Iterator[yaml.Event]:
    return iter(yaml.parse(text, Loader=_LOADER))


def _kind(node: yaml.ScalarNode) -> Kind:
    """What a scalar is, as the docstring of the module says."""
    value: str = node.value
    if node.style:  # plain words have none: None, or "" from the C parser
        return "text"
    if value in _NOTHING:
        return "nothing"
    if value in _TRUTH:
        return "truth"
    if _INTEGER.match(value):
        return "integer"
    return "number" if _NUMBER.match(value) else "text"


def _describe(node: yaml.Node) -> str:
    if isinstance(node, yaml.MappingNode):
        return "一组“键: 值”"
    if isinstance(node, yaml.SequenceNode):
        return "一个列表"
    if not isinstance(node, yaml.ScalarNode) or not node.value:
        return "空的"
    value: str = node.value if len(node.value) <= 30 else node.value[:30] + "…"
    return f"文字“{value}”" if _kind(node) == "text" else f"不加引号的 {value}"
