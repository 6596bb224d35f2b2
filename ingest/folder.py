"""Finds the files below what a person named, and the label each is known by."""

from __future__ import annotations

import os
import unicodedata
from collections.abc import Iterable
from pathlib import Path

_MAX_LABEL = 500
_SYSTEM_FILES = {
    ".ds_store": "macOS 的系统文件",
    "thumbs.db": "Windows 的缩略图缓存",
    "desktop.ini": "Windows 的系统文件",
}


def find_files(paths: Iterable[Path]) -> list[tuple[Path, str]]:
    """(path, label) of every file named or below a folder named, sorted by label, each path once.

    label : the path below the named folder with "/", or the file's own name. Nothing is left out here: hidden files,
    lock files and paths that do not exist are in the list, and `ingest_file` says why it skips or refuses them.
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
    return sorted(found.items(), key=lambda item: (item[1], str(item[0])))


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
