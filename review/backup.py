"""Backup of the whole record in one file: a consistent copy of the database while others work on, originals, wordings, the log's heads.

Vectors are not in it: they are made again from the record.
"""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import subprocess
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from sqlalchemy import URL, func, make_url, select, table

from ingest.migrate import HEAD
from ingest.tables import Base
from review.audit import HEADS_FILE, heads_file, write_act
from review.audit import head as newest_head
from review.backup_file import MANIFEST, RECORDS, WORDINGS, Manifest, add_part, check_backup
from review.errors import BackupError
from review.jobs import alone
from review.mapping_decisions import model_file
from review.rights import allowed
from review.workspace import Workspace

PROGRAM_SECONDS = 3600


@allowed("maintain")
def make_backup(workspace: Workspace, path: Path) -> Manifest:
    """Writes the backup and reads it again from its first byte to its last; returns its manifest.

    Raises BackupError for a file that is there already, a database of another kind, or a missing pg_dump; BusyError while
    material is being read in.
    """
    if path.exists():
        raise BackupError(path.name, "已经有这个文件，备份不覆盖任何文件")
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        with alone(workspace), tempfile.TemporaryDirectory(prefix="backup-", dir=workspace.settings.home) as scratch:
            workspace.write(lambda session: write_act(workspace, session, "backed_up", subject=path.name))
            with zipfile.ZipFile(draft, "x", allowZip64=True) as archive:
                _write(workspace, archive, Path(scratch))
        found = check_backup(draft)
        os.replace(draft, path)
    finally:
        draft.unlink(missing_ok=True)
    return found


def _write(workspace: Workspace, archive: zipfile.ZipFile, scratch: Path) -> None:
    kind = workspace.store.engine.dialect.name
    if kind not in RECORDS:
        raise BackupError(kind, "不认识的数据库，不能备份")
    # The heads first: acts that others do from now on may be in the record without a head, never the other way round.
    heads = scratch / HEADS_FILE
    if heads_file(workspace).exists():
        shutil.copyfile(heads_file(workspace), heads)
    record = scratch / RECORDS[kind]
    head, rows = newest_head(workspace), _rows(workspace)
    if kind == "sqlite":
        _copy_sqlite(Path(str(workspace.store.engine.url.database)), record)
        head, rows = _held(record)
    else:
        run_program("pg_dump", workspace.store.engine.url, ["--format=custom", "--no-owner", "--file", str(record)])
    files, damaged = {record.name: add_part(archive, record.name, record)}, []
    for name, source in _beside(workspace, heads):
        files[name] = add_part(archive, name, source)
        if name.startswith("originals/") and files[name][0] != source.name:
            damaged.append(source.name)
    who = workspace.actor.name
    manifest = Manifest(
        _program(), HEAD, kind, datetime.now(UTC).isoformat(), who, head, rows, files, tuple(damaged)
    )  # fmt: skip
    archive.writestr(MANIFEST, json.dumps(manifest.to_json(), ensure_ascii=False), zipfile.ZIP_DEFLATED)


def _beside(workspace: Workspace, heads: Path) -> Iterator[tuple[str, Path]]:
    """(name in the backup, file) of everything that lies beside the database and cannot be made again."""
    home = workspace.settings.home
    for source in (heads, model_file(workspace)):
        if source.exists():
            yield source.name, source
    for source in sorted((home / WORDINGS).glob("*.jsonl")):
        yield f"{WORDINGS}/{source.name}", source
    for source in sorted(workspace.store.originals.glob("??/*")):
        if len(source.name) == 64:
            yield f"originals/{source.parent.name}/{source.name}", source


def _copy_sqlite(database: Path, target: Path) -> None:
    """SQLite's own online backup: one state of the database, what is still in the write-ahead log included."""
    with closing(sqlite3.connect(database)) as source, closing(sqlite3.connect(target)) as copy:
        source.backup(copy)
        copy.execute("PRAGMA journal_mode=DELETE")
        if copy.execute("PRAGMA integrity_check").fetchall() != [("ok",)]:
            raise BackupError(database.name, "数据库自身有损坏，没有备份")


def _held(record: Path) -> tuple[tuple[int, str], dict[str, int]]:
    """Head of the log and rows of every table, of the copy itself."""
    with closing(sqlite3.connect(record)) as copy:
        names = [one.name for one in Base.metadata.sorted_tables]
        rows = {name: int(copy.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0]) for name in names}
        last = copy.execute("SELECT number, chain FROM audit_log ORDER BY number DESC LIMIT 1").fetchone()
    return (0, "") if last is None else (int(last[0]), str(last[1])), rows


def _rows(workspace: Workspace) -> dict[str, int]:
    with workspace.store.session() as session:
        return {
            one.name: session.scalar(select(func.count()).select_from(table(one.name))) or 0
            for one in Base.metadata.sorted_tables
        }


def run_program(program: str, url: URL | str, arguments: list[str]) -> None:
    """Runs pg_dump or pg_restore on the database of this address; the password goes through the environment, never the list of processes."""
    address = make_url(url)
    plain = address.set(drivername="postgresql", password=None).render_as_string(hide_password=False)
    environment = os.environ | ({"PGPASSWORD": str(address.password)} if address.password else {})
    try:
        done = subprocess.run(
            [program, "--dbname", plain, *arguments], env=environment, capture_output=True, text=True, timeout=PROGRAM_SECONDS,
            check=False,
        )  # fmt: skip
    except FileNotFoundError as exc:
        raise BackupError(program, "没有安装这个程序，请先安装 PostgreSQL 的客户端程序") from exc
    if done.returncode:
        last = done.stderr.strip().splitlines()[-1:] or [str(done.returncode)]
        raise BackupError(program, f"没有做成（{last[0]}）")


def _program() -> str:
    try:
        return version("edureview")
    except PackageNotFoundError:
        return ""
