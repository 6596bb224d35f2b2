"""The backups in a folder of the data folder, as the page of the administrator makes, lists and checks them.

A backup beside the data is lost with the disk: the page says so, and lets small ones be taken along.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from review.backup import make_backup
from review.backup_file import Manifest, check_backup, read_manifest, sha256_of
from review.errors import BackupError
from review.rights import allowed
from review.workspace import Workspace

FOLDER = "backups"
# Larger ones are copied from the folder: the page would hold the whole file in memory.
MOST_TAKEN_ALONG = 200 << 20


@dataclass(frozen=True, slots=True)
class KeptBackup:
    """A file of the folder, the newest first. manifest : None where the file does not say what it is; fault then tells why."""

    name: str
    size: int
    manifest: Manifest | None
    fault: str = ""


@allowed("maintain")
def backups(workspace: Workspace) -> list[KeptBackup]:
    """The backups of the folder, the newest first, by what they say of themselves: nothing is checked."""
    found = [_told(path) for path in _folder(workspace).glob("*.zip")]
    return sorted(found, key=lambda one: ("" if one.manifest is None else one.manifest.made_at, one.name), reverse=True)


@allowed("maintain")
def keep_backup(workspace: Workspace) -> KeptBackup:
    """Makes a backup, named by the moment (UTC), and reads it again from its first byte to its last. Errors as `make_backup`."""
    folder = _folder(workspace)
    folder.mkdir(exist_ok=True)
    path = folder / f"edureview-{datetime.now(UTC):%Y%m%dT%H%M%SZ}.zip"
    make_backup(workspace, path)
    return _told(path)


@allowed("maintain")
def check_kept(workspace: Workspace, name: str) -> tuple[Manifest, str]:
    """(manifest, SHA-256 of the file) of a backup every part of which was read and is what it should be. BackupError otherwise."""
    path = _named(workspace, name)
    return check_backup(path), sha256_of(path)


@allowed("maintain")
def backup_bytes(workspace: Workspace, name: str) -> bytes:
    """The file, to be taken along. BackupError for one above MOST_TAKEN_ALONG."""
    path = _named(workspace, name)
    if path.stat().st_size > MOST_TAKEN_ALONG:
        raise BackupError(name, f"文件太大，请从数据文件夹的 {FOLDER} 里拷贝")
    return path.read_bytes()


def _folder(workspace: Workspace) -> Path:
    return workspace.settings.home / FOLDER


def _named(workspace: Workspace, name: str) -> Path:
    """The file of the folder with that name; a name is a label, never a path."""
    for path in _folder(workspace).glob("*.zip"):
        if path.name == name:
            return path
    raise BackupError(name, "备份文件夹里没有这个文件")


def _told(path: Path) -> KeptBackup:
    try:
        return KeptBackup(path.name, path.stat().st_size, read_manifest(path))
    except BackupError as exc:
        return KeptBackup(path.name, path.stat().st_size, None, str(exc))
