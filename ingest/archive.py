"""Unpacks ZIP archives and the attachments of mails, within limits on count, size, ratio and depth.

Names inside an archive are labels, never paths: members are written under numbers. What cannot be unpacked is told, and
the archive itself is then listed with the reason.
"""

from __future__ import annotations

import stat
import struct
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from ingest.encodings import decode_name

MAX_MEMBERS = 5_000
MAX_UNPACKED_MB = 4_096
MAX_MEMBER_MB = 300
MAX_RATIO = 200  # real material stays below 40; only judged above 20 MB unpacked
MAX_DEPTH = 3
_MAX_DIRECTORY_MB = 32  # of the list of names; 5,000 names need less than 1
_MB = 1024 * 1024
_BLOCK = 1 << 20
_SYSTEM = ("__MACOSX/", ".DS_Store", "Thumbs.db", "desktop.ini")
_ENCRYPTED, _UTF8 = 0x1, 0x800
_UNICODE_PATH = 0x7075
_BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    OSError,
    EOFError,
    NotImplementedError,
    RuntimeError,
    ValueError,
    struct.error,
)


@dataclass(frozen=True, slots=True)
class Member:
    """A file in an archive. label : the archive's label, "/", and its name there. path : where it was written, None when `fault` says why not."""

    label: str
    path: Path | None
    fault: str = ""


class ArchiveProblemError(Exception):
    """The archive as a whole cannot be unpacked. The words say why; sniff makes the sentence."""


@dataclass(slots=True)
class Budget:
    """What one upload may still unpack to, archives inside archives included."""

    members: int = MAX_MEMBERS
    bytes: int = MAX_UNPACKED_MB * _MB


def is_zip(head: bytes) -> bool:
    return head.startswith((b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08"))


def is_plain_zip(path: Path) -> bool:
    """Whether this is an archive of files, not a document that uses ZIP as its container (Office, OFD, ODF, EPUB)."""
    try:
        with path.open("rb") as stream:
            if not is_zip(stream.read(8)):
                return False
        check_directory(path)
        with zipfile.ZipFile(path) as package:
            names = package.NameToInfo
            return not {"[Content_Types].xml", "OFD.xml", "mimetype"} & set(names)
    except (*_BROKEN, ArchiveProblemError):
        return False


def check_directory(path: Path) -> None:
    """Refuses a list of names too long to be held in memory, before it is read. Raises ArchiveProblemError."""
    with path.open("rb") as stream:
        stream.seek(0, 2)
        size = stream.tell()
        stream.seek(max(0, size - 66_000))
        tail = stream.read()
    at = tail.rfind(b"PK\x05\x06")
    if at < 0 or at + 22 > len(tail):
        raise ArchiveProblemError("压缩结构不完整")
    count, directory = struct.unpack_from("<HI", tail, at + 10)
    if count == 0xFFFF or directory == 0xFFFFFFFF:
        wide = tail.rfind(b"PK\x06\x06", 0, at)
        if wide < 0 or wide + 56 > len(tail):
            raise ArchiveProblemError("压缩结构不完整")
        count, directory = struct.unpack_from("<QQ", tail, wide + 32)
    if directory > _MAX_DIRECTORY_MB * _MB:
        raise ArchiveProblemError(f"内含文件过多（{count} 个）")


def members(path: Path, label: str, into: Path | None, budget: Budget) -> Iterator[Member]:
    """The files of a ZIP archive, in its own order. into : folder to write to; None only tries whether they unpack.

    Raises ArchiveProblemError when nothing at all can be unpacked.
    """
    try:
        check_directory(path)
        with zipfile.ZipFile(path) as package:
            infos = [info for info in package.infolist() if not info.is_dir()]
            _check(package, infos, budget)
            used: set[str] = set()
            for info in infos:
                name = name_of(info)
                if any(name.startswith(system) or name.endswith("/" + system) for system in _SYSTEM) or name in _SYSTEM:
                    continue
                shown = free_label(
                    f"{label}/{'/'.join(part for part in name.split('/') if part not in ('', '.', '..'))}", used
                )
                fault = _fault(info, name)
                if fault:
                    yield Member(shown, None, fault)
                    continue
                target = None if into is None else next_path(into, budget)
                try:
                    with package.open(info) as source:
                        _copy(source, target, info, budget)
                    yield Member(shown, target)
                except _BROKEN:
                    if target is not None:
                        target.unlink(missing_ok=True)
                    yield Member(shown, None, "数据损坏或压缩方法不支持")
    except _BROKEN as exc:
        raise ArchiveProblemError("压缩结构不完整") from exc


def _check(package: zipfile.ZipFile, infos: list[zipfile.ZipInfo], budget: Budget) -> None:
    if not infos:
        raise ArchiveProblemError("里面没有文件")
    if len(infos) > budget.members:
        raise ArchiveProblemError(f"内含 {len(infos)} 个文件，上限 {MAX_MEMBERS} 个")
    if all(info.flag_bits & _ENCRYPTED for info in infos):
        raise ArchiveProblemError("已加密，需要密码才能打开")
    unpacked = sum(info.file_size for info in infos)
    packed = sum(info.compress_size for info in infos) or 1
    if unpacked > budget.bytes:
        raise ArchiveProblemError(f"解压后 {unpacked // _MB} MB，上限 {MAX_UNPACKED_MB} MB，疑似压缩炸弹")
    if unpacked > 20 * _MB and unpacked > packed * MAX_RATIO:
        raise ArchiveProblemError(f"压缩比 {unpacked // packed}:1，上限 {MAX_RATIO}:1，疑似压缩炸弹")


def _fault(info: zipfile.ZipInfo, name: str) -> str:
    """Why a member is not unpacked, "" when it is."""
    parts = name.split("/")
    if ".." in parts or name.startswith("/") or (len(name) > 1 and name[1] == ":"):
        return "名称指向压缩包以外的位置"
    if stat.S_ISLNK(info.external_attr >> 16):
        return "是指向别处的链接"
    if info.flag_bits & _ENCRYPTED:
        return "已加密，需要密码才能打开"
    if info.file_size > MAX_MEMBER_MB * _MB:
        return f"有 {info.file_size // _MB} MB，上限 {MAX_MEMBER_MB} MB"
    return ""


def _copy(source: IO[bytes], target: Path | None, info: zipfile.ZipInfo, budget: Budget) -> None:
    """Writes a member, or only reads it. Raises ValueError when it is longer than the archive says."""
    written = 0
    stream = None if target is None else target.open("xb")
    try:
        while block := source.read(_BLOCK):
            written += len(block)
            if written > info.file_size:
                raise ValueError("longer than its entry says")
            if stream is not None:
                stream.write(block)
    finally:
        budget.bytes -= written
        if stream is not None:
            stream.close()


def next_path(into: Path, budget: Budget) -> Path:
    """Where the next member is written: a number, never a name from outside."""
    budget.members -= 1
    return into / f"{MAX_MEMBERS - budget.members:06d}"


def name_of(info: zipfile.ZipInfo) -> str:
    """The member's name, "/" between its folders: UTF-8 when the archive says so, else found from the bytes (GBK, UTF-8, Big5)."""
    if unicode := _unicode_path(info.extra):
        name = unicode
    elif info.flag_bits & _UTF8:
        name = info.orig_filename
    else:
        name = decode_name(info.orig_filename.encode("cp437", errors="replace"))
    return name.replace("\\", "/")


def _unicode_path(extra: bytes) -> str:
    """The name in Info-ZIP's extra field, "" when there is none."""
    at = 0
    while at + 4 <= len(extra):
        kind, length = struct.unpack_from("<HH", extra, at)
        if kind == _UNICODE_PATH and length > 5:
            return extra[at + 9 : at + 4 + length].decode("utf-8", errors="replace")
        at += 4 + length
    return ""


def free_label(label: str, used: set[str]) -> str:
    """The label, or with a number when another member has it already."""
    stem, dot, suffix = label.rpartition(".")
    free, number = label, 2
    while free in used:
        free = f"{stem}（{number}）.{suffix}" if dot and "/" not in suffix else f"{label}（{number}）"
        number += 1
    used.add(free)
    return free
