"""Parses the XML parts of packages without anything a hostile part could use: no entities, no DTD, no network."""

from __future__ import annotations

from typing import Any

from lxml import etree

_PARSER_OPTIONS: dict[str, Any] = {
    "resolve_entities": False,
    "load_dtd": False,
    "no_network": True,
    "huge_tree": False,
    "remove_comments": True,
    "remove_pis": True,
}


def parse_xml(content: bytes) -> Any:
    """The root element. Raises SyntaxError when it is not well-formed, nested too deep, or brings a DTD of its own."""
    root = etree.fromstring(content, etree.XMLParser(**_PARSER_OPTIONS))
    if root.getroottree().docinfo.doctype:
        raise SyntaxError("a DTD has no place in an office file")
    return root


def local(element: Any) -> str:
    """The element's name without its namespace: the strict and the usual variant of a format differ only there."""
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def attribute(element: Any, name: str) -> str:
    """The value of an attribute whatever its namespace, "" when absent."""
    for key, value in element.attrib.items():
        if key.rpartition("}")[2] == name:
            return str(value)
    return ""
