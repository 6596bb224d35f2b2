"""Relations between the parts of an Office package (OOXML), and the bytes of a part within limits."""

from __future__ import annotations

import posixpath
import zipfile
import zlib
from dataclasses import dataclass
from typing import Any

from ingest.readers.xml import local, parse_xml

MAX_PART_MB = 200


@dataclass(frozen=True, slots=True)
class Relation:
    """A link from one part to another. kind : last part of the type's address, such as "image". external : an address outside."""

    id: str
    kind: str
    target: str
    external: bool


def read_part(package: zipfile.ZipFile, name: str, limit_mb: int = MAX_PART_MB) -> bytes:
    """The bytes of a part. Raises KeyError when it is not there, ValueError when it is larger than it claims or than the limit."""
    try:
        with package.open(name) as stream:
            content = stream.read(limit_mb * 1024 * 1024 + 1)
    except zlib.error as exc:
        raise zipfile.BadZipFile(f"{name} cannot be unpacked") from exc
    if len(content) > limit_mb * 1024 * 1024:
        raise ValueError(f"{name} is larger than {limit_mb} MB")
    return content


def relations(package: zipfile.ZipFile, part: str) -> list[Relation]:
    """The relations of a part, targets as names in the package; empty when it has none."""
    folder, _, name = part.rpartition("/")
    path = f"{folder}/_rels/{name}.rels" if folder else f"_rels/{name}.rels"
    if path not in package.NameToInfo:
        return []
    found = []
    for element in parse_xml(read_part(package, path, 20)):
        if local(element) == "Relationship":
            external = element.get("TargetMode") == "External"
            target = element.get("Target", "")
            if not external:
                target = resolve(folder, target)
            found.append(Relation(element.get("Id", ""), element.get("Type", "").rpartition("/")[2], target, external))
    return found


def resolve(folder: str, target: str) -> str:
    """A target relative to `folder` as a name in the package; it cannot leave the package."""
    joined = target if target.startswith("/") else posixpath.join("/", folder, target)
    return posixpath.normpath(joined).lstrip("/")


def relation_id(element: Any) -> str:
    """The r:embed, r:id or r:link of an element, "" when it has none."""
    for name in ("embed", "id", "link"):
        for key, value in element.attrib.items():
            if key.endswith("}" + name) and "elationships" in key:
                return str(value)
    return ""
