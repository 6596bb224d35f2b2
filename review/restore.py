"""Restoring a backup: everything is checked before anything is touched, and what was there is put aside, never deleted."""

from __future__ import annotations

import os
import shutil
import sqlite3
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import create_engine, delete, func, inspect, make_url, select, table
from sqlalchemy.orm import Session

from ingest.migrate import known_revisions
from ingest.tables import Base
from ingest.tables_people import SessionRow
from retrieval.mapping_model import TRAINED_FILE
from review.audit import HEADS_FILE, write_act
from review.audit_check import verify
from review.backup import run_program
from review.backup_file import WORDINGS, Manifest, check_backup, parts
from review.errors import BackupError
from review.intake import repair_indexes
from review.jobs import alone
from review.people import LOCAL
from review.rights import allowed
from review.workspace import Workspace

DATABASE = "edureview.sqlite3"
VECTORS, VECTORS_MARK = "chroma", "chroma-written"


@dataclass(frozen=True, slots=True)
class Restored:
    """put_aside : where what was there before lies now, None when there was nothing. indexed : passages whose vectors were made anew.

    faults : what the check of the log of acts found.
    """

    manifest: Manifest
    put_aside: Path | None
    indexed: int
    faults: tuple[str, ...]


@allowed("maintain")
def restore_backup(
    workspace: Workspace, path: Path, *, replace: bool = False, index: bool = True, say: Callable[[str], object] = lambda _: None
) -> Restored:  # fmt: skip
    """Puts the record of a backup into the data folder. replace : what is there is put aside into a folder of its own.

    Every sign-in ends. Raises BackupError for a file that is damaged, foreign, newer than this program, of another kind of
    database, or when something is there and `replace` is not given; nothing is changed then. BusyError while material is read in.
    """
    settings, actor = workspace.settings, workspace.actor
    kind = "sqlite" if settings.database_url is None else make_url(settings.database_url).get_backend_name()
    manifest = check_backup(path)
    if manifest.database != kind:
        raise BackupError(path.name, f"备份的是 {manifest.database} 数据库，现在用的是 {kind}，请换成同一种再恢复")
    if manifest.revision not in known_revisions():
        raise BackupError(path.name, f"由较新的程序备份（数据库版本 {manifest.revision}），请先升级程序")
    settings.home.mkdir(parents=True, exist_ok=True)
    if "store" in vars(workspace):
        workspace.store.engine.dispose()
    say(f"备份完好：{len(manifest.files)} 个文件，{manifest.made_at[:19]} 由{manifest.by}备份。")
    aside: Path | None = None
    with alone(Workspace(settings)), tempfile.TemporaryDirectory(prefix="restore-", dir=settings.home) as scratch:
        staged = dict(parts(path, manifest, Path(scratch)))
        if kind == "sqlite":
            aside = _restore_sqlite(
                settings.home, _sqlite_file(workspace), staged, manifest, path.name, replace=replace
            )
        else:
            _refuse_filled(str(settings.database_url), path.name)
            with _put_in(settings.home, None, staged, manifest.record) as aside:
                wanted = ["--clean", "--if-exists", "--no-owner", "--single-transaction", str(staged[manifest.record])]
                run_program("pg_restore", str(settings.database_url), wanted)
    say("已放回数据库和原件，正在核对。")
    return _settled(Workspace(settings, actor), manifest, aside, path.name, index=index)


def _settled(workspace: Workspace, manifest: Manifest, aside: Path | None, file: str, *, index: bool) -> Restored:
    def work(session: Session) -> None:
        session.execute(delete(SessionRow))
        write_act(
            workspace, session, "restored", subject=file,
            after={"made_at": manifest.made_at, "head": f"{manifest.head[0]}:{manifest.head[1]}", "by": manifest.by},
        )  # fmt: skip

    workspace.write(work)
    kept = {
        name: workspace.store.original(name.rsplit("/", 1)[-1])
        for name in manifest.files
        if name.startswith("originals/")
    }
    lacking = [name for name, place in kept.items() if not place.is_file()]
    if lacking:
        raise BackupError(file, f"原件没有放回：{lacking[0]}")
    indexed = 0
    if index:
        indexed = repair_indexes(workspace)
    # The log is looked at whoever restores it.
    return Restored(manifest, aside, indexed, tuple(verify(workspace.acting_as(LOCAL)).faults))


def _restore_sqlite(
    home: Path, database: Path, staged: dict[str, Path], manifest: Manifest, file: str, *, replace: bool
) -> Path | None:
    record = staged[manifest.record]
    with closing(sqlite3.connect(record)) as copy:
        if (
            copy.execute("PRAGMA integrity_check").fetchall() != [("ok",)]
            or copy.execute("PRAGMA foreign_key_check").fetchall()
        ):
            raise BackupError(file, "里面的数据库有损坏")
        found = copy.execute("SELECT version_num FROM alembic_version").fetchone()
        if found is None or found[0] != manifest.revision:
            raise BackupError(file, "里面的数据库与清单写的版本不符")
    if database.exists():
        if _has_rows(f"sqlite:///{database}") and not replace:
            raise BackupError(file, "没有恢复：数据文件夹里已有数据；要把现有的移到一边再恢复，请加 --replace")
        _refuse_open(database, file)
    with _put_in(home, database, staged, manifest.record) as aside:
        database.parent.mkdir(parents=True, exist_ok=True)
        os.replace(record, database)
    return aside


def _refuse_open(database: Path, file: str) -> None:
    """Another program that has the database open would go on writing into the one that is put aside."""
    with closing(sqlite3.connect(database, timeout=1)) as held:
        try:
            # Leaving the write-ahead log is granted to the only one who has the database open, and writes all of it back.
            held.execute("PRAGMA journal_mode=DELETE")
        except sqlite3.OperationalError as exc:
            raise BackupError(file, "没有恢复：另一个程序还开着这个数据文件夹，请先关闭它") from exc


@contextmanager
def _put_in(home: Path, database: Path | None, staged: dict[str, Path], record: str) -> Iterator[Path | None]:
    """Puts aside what is there, and the parts in its place; all of it is undone when what follows fails."""
    aside = home / f"before-restore-{datetime.now(UTC):%Y%m%d%H%M%S%f}"
    moved: list[tuple[Path, Path]] = []
    placed = {home / name.split("/")[0] for name in staged if name != record}
    try:
        for source in _there(home, database):
            aside.mkdir(exist_ok=True)
            os.replace(source, aside / source.name)
            moved.append((source, aside / source.name))
        for name, part in staged.items():
            if name != record:
                (home / name).parent.mkdir(parents=True, exist_ok=True)
                os.replace(part, home / name)
        yield aside if moved else None
    except BaseException:
        for place in (*placed, *(source for source, _ in moved)):
            _remove(place)
        for source, target in moved:
            os.replace(target, source)
        if aside.exists():
            aside.rmdir()
        raise


def _there(home: Path, database: Path | None) -> list[Path]:
    """What is replaced, as far as it is there: the database with its write-ahead log, originals, wordings, model, heads, vectors."""
    names = ["originals", WORDINGS, HEADS_FILE, TRAINED_FILE, VECTORS, VECTORS_MARK]
    found = [home / name for name in names]
    if database is not None:
        found += [database.with_name(database.name + end) for end in ("", "-wal", "-shm", "-journal")]
    return [path for path in found if path.is_file() or (path.is_dir() and any(path.iterdir()))]


def _remove(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


def _sqlite_file(workspace: Workspace) -> Path:
    url = workspace.settings.database_url
    return workspace.settings.home / DATABASE if url is None else Path(str(make_url(url).database))


def _refuse_filled(url: str, file: str) -> None:
    if _has_rows(url):
        raise BackupError(file, "数据库里已有数据，没有恢复；请另建一个空库，用 EDUREVIEW_DATABASE_URL 指到它再恢复")


def _has_rows(url: str) -> bool:
    engine = create_engine(url)
    try:
        with engine.connect() as connection:
            there = set(inspect(connection).get_table_names())
            names = [one.name for one in Base.metadata.sorted_tables if one.name in there]
            return any(connection.scalar(select(func.count()).select_from(table(name))) for name in names)
    finally:
        engine.dispose()
