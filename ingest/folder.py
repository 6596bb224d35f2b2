"""Finds the files below what a person named, and the label each is known by."""

from __future__ import annotations

import os
import re
import tempfile
import unicodedata
from collections.abc import Iterable
from pathlib import Path

from ingest.archive import is_zip
from ingest.errors import ReaderStoppedError, UnreadableFileError
from ingest.isolate import unpack_isolated

_MAX_LABEL = 500
_PACKAGES = {
    ".docx",
    ".xlsx",
    ".pptx",
    ".docm",
    ".xlsm",
    ".pptm",
    ".ofd",
    ".odt",
    ".ods",
    ".odp",
}  # ZIP files, but documents
_SYSTEM_FILES = {
    ".ds_store": "macOS 的系统文件",
    "thumbs.db": "Windows 的缩略图缓存",
    "desktop.ini": "Windows 的系统文件",
}


def find_files(paths: Iterable[Path], scratch: Path | None = None) -> list[tuple[Path, str]]:
    """(path, label) of every file named or below a folder named, sorted by label, each path once.

    label : the path below the named folder with "/", or the file's own name. Nothing is left out here: hidden files,
    lock files and paths that do not exist are in the list, and reading them says why they are skipped or refused.
    scratch : folder that archives and mails are unpacked to, by the reading process; the files in them have labels such
        as 包.zip/总结.docx and must be read before the folder is removed. None leaves archives as they are.
    """
    found: dict[Path, str] = {}
    for path in paths:
        if not path.is_dir():
            found.setdefault(path, label_of(path.name))
            continue
        for folder, folders, files in os.walk(path):
            folders.sort()
            for name in sorted(files):
                file = Path(folder) / name
                found.setdefault(file, label_of(file.relative_to(path).as_posix()))
    listed = list(found.items())
    if scratch is not None:
        listed = [one for path, label in listed for one in _unpacked(path, label, scratch)]
    return sorted(listed, key=lambda item: (item[1], str(item[0])))


def _unpacked(path: Path, label: str, scratch: Path) -> list[tuple[Path, str]]:
    """The files inside an archive or mail, or the file itself when it is neither or cannot be unpacked."""
    if skip_reason(path, label) or not _may_hold_files(path):
        return [(path, label)]
    scratch.mkdir(parents=True, exist_ok=True)
    into = Path(tempfile.mkdtemp(dir=scratch))
    try:
        inside = unpack_isolated(path, label, into)
    except (UnreadableFileError, ReaderStoppedError):
        return [(path, label)]  # reading it fails in the same way and makes the reason a row of the record
    # The reading process handles hostile files: only what it wrote where it should is taken.
    kept = {into.resolve(), path.parent.resolve()}
    return [(file, label_of(name)) for file, name in inside if file.parent.resolve() in kept] or [(path, label)]


def _may_hold_files(path: Path) -> bool:
    """Whether it is worth asking the reading process: a ZIP archive, or a mail."""
    try:
        with path.open("rb") as stream:
            head = stream.read(4096)
    except OSError:
        return False
    if is_zip(head):
        return path.suffix.lower() not in _PACKAGES
    return path.suffix.lower() == ".eml" or (
        b"\0" not in head and re.search(rb"(?im)^mime-version[ \t]*:", head) is not None
    )


def label_of(name: str) -> str:
    """The name as text that can be stored and shown: composed Unicode, no control characters, at most 500 characters.

    Names that are not UTF-8 on disk (unpacked from an archive made on Chinese Windows) are read as GB18030.
    """
    try:
        name.encode("utf-8")
    except UnicodeEncodeError:
        name = os.fsencode(name).decode("gb18030", errors="replace")
    label = "".join(
        char if unicodedata.category(char)[0] != "C" else "\ufffd" for char in unicodedata.normalize("NFC", name)
    )
    return label if len(label) <= _MAX_LABEL else f"{label[:240]}…{label[-240:]}"


def skip_reason(path: Path, label: str) -> str:
    """Why this is not material to read, as a Chinese sentence; "" when it is to be read."""
    name = label.rsplit("/", 1)[-1]
    if name.startswith(("~$", ".~lock.", ".~")):
        return f"《{label}》是 Office 打开文件时留下的临时锁文件，不是材料，已跳过。"
    if name.lower() in _SYSTEM_FILES:
        return f"《{label}》是{_SYSTEM_FILES[name.lower()]}，不是材料，已跳过。"
    if any(part.startswith(".") or part == "__MACOSX" for part in label.split("/")):
        return f"《{label}》是隐藏文件，已跳过；如确是材料，请改名后重新上传。"
    if path.exists() and not path.is_file():
        return f"《{label}》不是普通文件，已跳过，请直接上传文件。"
    return ""
