"""The file of a backup: a ZIP with the record, the originals and what was learnt and written, each part named with its SHA-256."""

from __future__ import annotations

import hashlib
import json
import re
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from review.errors import BackupError

FORMAT, VERSION = "edureview-backup", 1
MANIFEST = "manifest.json"
RECORDS = {"sqlite": "record.sqlite3", "postgresql": "record.dump"}
# The folder of sentences people have put into other words.
WORDINGS = "wording"
CHUNK = 1 << 20
MOST_MANIFEST = 64 << 20  # bytes: some 300,000 files
# What a part may be called: nothing that could lead out of the folder it is put back into.
_PART = re.compile(
    r"record\.(?:sqlite3|dump)|audit-heads\.jsonl|mapping-model\.json|originals/[0-9a-f]{2}/[0-9a-f]{64}|wording/[0-9a-f]{1,64}\.jsonl"
)

# What zipfile raises for damage: zlib.error inside a part, NotImplementedError for a method nobody knows,
# RuntimeError where a flag says that the part is encrypted.
_UNREADABLE = (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError)


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a backup says of itself. files : name → (SHA-256, bytes). rows : of the tables. damaged : originals that were not what they should be."""

    program: str
    revision: str
    database: str
    made_at: str
    by: str
    head: tuple[int, str]
    rows: Mapping[str, int]
    files: Mapping[str, tuple[str, int]]
    damaged: tuple[str, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """The manifest as it stands in the file."""
        return {
            "format": FORMAT, "version": VERSION, "program": self.program, "revision": self.revision,
            "database": self.database, "made_at": self.made_at, "by": self.by, "head": list(self.head),
            "rows": dict(self.rows), "damaged": list(self.damaged),
            "files": [{"name": name, "sha256": sha256, "size": size} for name, (sha256, size) in self.files.items()],
        }  # fmt: skip

    @property
    def record(self) -> str:
        """The name of the part that holds the record."""
        return RECORDS[self.database]


def add_part(archive: zipfile.ZipFile, name: str, source: Path) -> tuple[str, int]:
    """Adds the file; its SHA-256 and size as they were read."""
    # Originals are mostly compressed already.
    kind = zipfile.ZIP_STORED if name.startswith("originals/") else zipfile.ZIP_DEFLATED
    digest, size = hashlib.sha256(), 0
    part = zipfile.ZipInfo(name)
    part.compress_type = kind
    with source.open("rb") as read, archive.open(part, "w", force_zip64=True) as written:
        while chunk := read.read(CHUNK):
            digest.update(chunk)
            size += len(chunk)
            written.write(chunk)
    return digest.hexdigest(), size


def check_backup(path: Path) -> Manifest:
    """The manifest of a backup every part of which was read and is what the manifest says. BackupError otherwise."""
    try:
        with zipfile.ZipFile(path) as archive:
            manifest = _manifest(archive, path.name)
            named = sorted(info.filename for info in archive.infolist())
            if named != sorted([MANIFEST, *manifest.files]):
                raise BackupError(path.name, "里面的文件与清单不符，多了或少了")
            for name, (sha256, size) in manifest.files.items():
                with archive.open(name) as part:
                    if _hash(part, size) != sha256:
                        raise BackupError(path.name, f"“{name}”与清单里的散列不符，文件损坏或被改过")
    except _UNREADABLE as exc:
        raise BackupError(path.name, "读不出，不是完整的备份文件") from exc
    return manifest


def read_manifest(path: Path) -> Manifest:
    """What the backup says of itself; nothing else of it is read. BackupError when it says nothing that can be understood."""
    try:
        with zipfile.ZipFile(path) as archive:
            return _manifest(archive, path.name)
    except _UNREADABLE as exc:
        raise BackupError(path.name, "读不出，不是完整的备份文件") from exc


def parts(path: Path, manifest: Manifest, folder: Path) -> Iterator[tuple[str, Path]]:
    """Puts every part into the folder: (name, where it lies). BackupError when one is not what the manifest says."""
    with zipfile.ZipFile(path) as archive:
        for name, (sha256, _) in manifest.files.items():
            target = folder / name
            target.parent.mkdir(parents=True, exist_ok=True)
            digest = hashlib.sha256()
            with archive.open(name) as part, target.open("wb") as written:
                while chunk := part.read(CHUNK):
                    digest.update(chunk)
                    written.write(chunk)
            if digest.hexdigest() != sha256:
                raise BackupError(path.name, f"“{name}”在恢复时变了")
            yield name, target


def sha256_of(path: Path) -> str:
    """The SHA-256 of the whole file, to be written down elsewhere."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _hash(part: IO[bytes], size: int) -> str:
    digest, seen = hashlib.sha256(), 0
    while chunk := part.read(CHUNK):
        digest.update(chunk)
        seen += len(chunk)
        if seen > size:
            return ""
    return digest.hexdigest()


def _manifest(archive: zipfile.ZipFile, file: str) -> Manifest:
    if MANIFEST not in archive.namelist():
        raise BackupError(file, "里面没有备份清单，不是本程序的备份")
    if archive.getinfo(MANIFEST).file_size > MOST_MANIFEST:
        raise BackupError(file, "备份清单过大，不是本程序的备份")
    try:
        data = json.loads(archive.read(MANIFEST))
        stated = (data["format"], data["version"])
    except (ValueError, KeyError, TypeError) as exc:
        raise BackupError(file, "备份清单读不懂，不是本程序的备份") from exc
    if stated[0] != FORMAT:
        raise BackupError(file, "不是本程序的备份")
    if stated[1] != VERSION:
        raise BackupError(file, f"是另一种格式（{stated[1]}），本程序认识的是 {VERSION}，请用较新的程序恢复")
    try:
        files = {str(one["name"]): (str(one["sha256"]), int(one["size"])) for one in data["files"]}
        number, chain = data["head"]
        found = Manifest(
            str(data["program"]), str(data["revision"]), str(data["database"]), str(data["made_at"]), str(data["by"]),
            (int(number), str(chain)), {str(name): int(count) for name, count in data["rows"].items()}, files,
            tuple(map(str, data["damaged"])),
        )  # fmt: skip
    except (KeyError, TypeError, ValueError, AttributeError) as exc:
        raise BackupError(file, "备份清单不完整") from exc
    strange = [name for name in files if not _PART.fullmatch(name)]
    if strange or found.database not in RECORDS or found.record not in files:
        raise BackupError(file, f"里面有不该有的文件，或缺少数据库{f'：{strange[0]}' if strange else ''}")
    return found
