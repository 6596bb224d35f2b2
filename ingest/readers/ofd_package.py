"""The parts of an OFD file (GB/T 33190): documents, pages with their templates, resources, seals, attachments."""

from __future__ import annotations

import posixpath
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from ingest.readers.opc import read_part, resolve
from ingest.readers.xml import local, parse_xml

MAX_PAGES = 20_000
_PART_MB = 60


@dataclass(frozen=True, slots=True)
class PageParts:
    """content : part of the page. templates : parts drawn below and above it. box : x, y, width, height in millimetres."""

    id: str
    content: str
    templates: tuple[str, ...]
    box: tuple[float, float, float, float]


@dataclass(slots=True)
class OfdDocument:
    """images, composites : resource id → part of the picture, or element of the drawing that is used several times."""

    title: str = ""
    pages: list[PageParts] = field(default_factory=list)
    images: dict[str, str] = field(default_factory=dict)
    composites: dict[str, Any] = field(default_factory=dict)
    annotations: str = ""
    attachments: list[str] = field(default_factory=list)
    signatures: str = ""


def root_of(package: zipfile.ZipFile, part: str) -> Any:
    """The root element of a part. Raises KeyError, ValueError or SyntaxError."""
    return parse_xml(read_part(package, part, _PART_MB))


def children(element: Any, name: str) -> Iterator[Any]:
    return (child for child in element if local(child) == name)


def descendants(element: Any, name: str) -> Iterator[Any]:
    return (child for child in element.iter() if local(child) == name)


def words(element: Any, name: str) -> str:
    """The text of the first descendant of that name, "" when there is none."""
    found = next(descendants(element, name), None)
    return "" if found is None else (found.text or "").strip()


def documents(package: zipfile.ZipFile) -> list[OfdDocument]:
    """The documents of the file, usually one. Raises KeyError, ValueError or SyntaxError when the structure is broken."""
    found = []
    for body in children(root_of(package, "OFD.xml"), "DocBody"):
        part = locate(package, "", words(body, "DocRoot"))
        found.append(_document(package, part, words(body, "Title"), locate(package, "", words(body, "Signatures"))))
    return found


def locate(package: zipfile.ZipFile, base: str, target: str) -> str:
    """The part that `target` names, seen from the part `base`; "" when there is none. Writers differ in where they start."""
    if not target:
        return ""
    folder = posixpath.dirname(base)
    top = base.split("/", 1)[0]
    for name in (resolve(folder, target), resolve("", target), resolve(top, target)):
        if name in package.NameToInfo:
            return name
    return ""


def _document(package: zipfile.ZipFile, part: str, title: str, signatures: str) -> OfdDocument:
    root = root_of(package, part)
    document = OfdDocument(title=title, signatures=signatures)
    common = next(children(root, "CommonData"), root)
    whole = _box(words(common, "PhysicalBox")) or (0.0, 0.0, 210.0, 297.0)
    templates = {
        element.get("ID", ""): locate(package, part, element.get("BaseLoc", ""))
        for element in children(common, "TemplatePage")
    }
    for name in ("PublicRes", "DocumentRes"):
        for element in children(common, name):
            _resources(package, locate(package, part, (element.text or "").strip()), document)
    for pages in children(root, "Pages"):
        for element in children(pages, "Page"):
            if len(document.pages) >= MAX_PAGES:
                raise ValueError("too many pages")
            document.pages.append(_page(package, part, element, templates, whole, document))
    document.annotations = locate(package, part, words(root, "Annotations"))
    listed = locate(package, part, words(root, "Attachments"))
    if listed:
        document.attachments = [item.get("Name", "") for item in descendants(root_of(package, listed), "Attachment")]
    return document


def _page(
    package: zipfile.ZipFile,
    base: str,
    element: Any,
    templates: dict[str, str],
    whole: tuple[float, float, float, float],
    document: OfdDocument,
) -> PageParts:
    content = locate(package, base, element.get("BaseLoc", ""))
    used: tuple[str, ...] = ()
    box = whole
    try:
        root = root_of(package, content)
    except (KeyError, ValueError, SyntaxError):
        return PageParts(element.get("ID", ""), content, (), whole)  # reading the page will tell
    for area in children(root, "Area"):
        box = _box(words(area, "PhysicalBox")) or box
    named = [templates.get(item.get("TemplateID", ""), "") for item in children(root, "Template")]
    used = tuple(part for part in named if part)
    for item in children(root, "PageRes"):
        _resources(package, locate(package, content, (item.text or "").strip()), document)
    return PageParts(element.get("ID", ""), content, used, box)


def _resources(package: zipfile.ZipFile, part: str, document: OfdDocument) -> None:
    if not part:
        return
    root = root_of(package, part)
    folder = posixpath.join(posixpath.dirname(part), root.get("BaseLoc", ""), "x")
    for media in descendants(root, "MultiMedia"):
        name = words(media, "MediaFile")
        found = locate(package, folder, name) or locate(package, part, name)
        if found:
            document.images[media.get("ID", "")] = found
    for unit in descendants(root, "CompositeGraphicUnit"):
        document.composites[unit.get("ID", "")] = unit


def _box(text: str) -> tuple[float, float, float, float] | None:
    values = numbers(text)
    return (values[0], values[1], values[2], values[3]) if len(values) == 4 and min(values[2:]) > 0 else None


def numbers(text: str) -> list[float]:
    """The figures in an attribute; empty when one of them is none."""
    try:
        values = [float(part) for part in text.split()]
    except ValueError:
        return []
    return values if all(abs(value) < 1e7 for value in values) else []
