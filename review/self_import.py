"""Takes self points out of a scoring sheet (XLSX) or a self-assessment report (DOCX); earlier entries are kept unless replaced."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ingest.isolate import read_isolated
from ingest.pages import ParsedPage
from review.errors import MissingPathError, RefusedRecordError
from review.points_table import Found, Unread, read_points
from review.rights import allowed
from review.self_points import Entries, Entry, Sheet, owners, save_points, sheet
from review.workspace import Workspace

SCHEME, YEAR, DISTRICT = "评价方案", "评价年度", "区县"


@dataclass(frozen=True, slots=True)
class Conflict:
    """A criterion the file and the record differ on. now, wanted : (id, points) as people read them."""

    criterion: str
    now: tuple[tuple[str, str], ...]
    wanted: tuple[tuple[str, str], ...]
    place: str

    @property
    def sentence(self) -> str:
        """Which, what stands there, what the file says and where."""
        return f"{self.criterion}：已有（{_listed(self.now)}），文件里是（{_listed(self.wanted)}），见 {self.place}"

    def to_json(self) -> dict[str, Any]:
        """The conflict as JSON data."""
        return {
            "criterion": self.criterion, "now": dict(self.now), "wanted": dict(self.wanted), "place": self.place,
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class Imported:
    """What became of a file. sheet : as it stands afterwards. taken : ids taken over; same : ids that said the same already.

    conflicts : of criteria; with replaced they were taken over too, and the old values are in the version before.
    """

    file: str
    sheet: Sheet
    taken: tuple[str, ...]
    same: tuple[str, ...]
    conflicts: tuple[Conflict, ...]
    replaced: bool
    unread: tuple[Unread, ...]
    notes: tuple[str, ...]

    @property
    def is_whole(self) -> bool:
        """Whether nothing of the file was left aside."""
        return not self.unread and (self.replaced or not self.conflicts)

    def to_json(self) -> dict[str, Any]:
        """The document of `self-points import --json`."""
        return {
            "file": self.file, "version": self.sheet.version, "taken": list(self.taken), "same": list(self.same),
            "conflicts": [conflict.to_json() for conflict in self.conflicts], "replaced": self.replaced,
            "unread": [one.to_json() for one in self.unread], "notes": list(self.notes),
        }  # fmt: skip


@allowed("enter_self_points")
def import_points(
    workspace: Workspace,
    district: str,
    cycle: int,
    path: Path,
    by: str = "",
    *,
    replace: bool = False,
    dry: bool = False,
    label: str = "",
) -> Imported:
    """Reads the file and saves what it says of criteria without an entry yet; with `replace` also where it says otherwise.

    dry : saves nothing, only tells. label : what people call the file, its own name by default. Raises MissingPathError,
    UnreadableFileError, SubmittedError, and RefusedRecordError for a file without a table of self points, or a template of
    another district, year or scheme.
    """
    file = label or path.name
    if not path.is_file():
        raise MissingPathError([file])
    reading = read_points((item for item in read_isolated(path, file) if isinstance(item, ParsedPage)), workspace.scheme)  # fmt: skip
    _refuse_other(reading.stated, workspace, district, cycle, file)
    if not reading.tables and not reading.entries:
        told = "；".join(one.why for one in reading.unread)
        raise RefusedRecordError(
            f"《{file}》里没有找到带“自评得分”一列的表{f'（{told}）' if told else ''}，可用 edureview template self-points 取得模板"
        )
    before = sheet(workspace, district, cycle)
    owner = owners(workspace.scheme)
    changes: dict[str, Entry | None] = {}
    same: list[str] = []
    conflicts: list[Conflict] = []
    for criterion in dict.fromkeys(owner[key] for key in reading.entries):
        mine = {key: found for key, found in reading.entries.items() if owner[key] == criterion}
        there = {key: entry for key, entry in before.entries.items() if owner[key] == criterion}
        added = _added(there, mine)
        if added is not None:
            changes |= added
            same += [key for key in mine if key not in added]
            continue
        conflicts.append(_conflict(criterion, there, mine))
        if replace:
            changes |= {key: None for key in there if key not in mine}
            changes |= {key: found.entry for key, found in mine.items()}
    after = before
    if changes and not dry:
        sha256 = hashlib.sha256(path.read_bytes()).hexdigest()
        after = save_points(
            workspace, district, cycle, changes, base=before.version, by=by, source=file, source_sha256=sha256
        )
    return Imported(
        file, after, tuple(key for key, entry in changes.items() if entry is not None), tuple(same), tuple(conflicts),
        replace, tuple(reading.unread), tuple(reading.notes),
    )  # fmt: skip


def _added(there: Entries, mine: Mapping[str, Found]) -> dict[str, Entry | None] | None:
    """What the file adds to a criterion without changing anything of it; None when it says otherwise."""
    if not there:
        return {key: found.entry for key, found in mine.items()}
    if any(there[key].points != mine[key].entry.points for key in there.keys() & mine.keys()):
        return None
    new = {key for key in mine if key not in there}
    if new and any("-" not in key for key in (*there, *mine)):
        return None  # the whole on one side, items on the other
    added: dict[str, Entry | None] = {key: mine[key].entry for key in new}
    for key in there.keys() & mine.keys():
        old, wanted = there[key].reason, mine[key].entry.reason
        if wanted and wanted != old:
            if old:
                return None
            added[key] = mine[key].entry
    return added


def _conflict(criterion: str, there: Entries, mine: Mapping[str, Found]) -> Conflict:
    alike = {key: entry.points for key, entry in there.items()} == {key: one.entry.points for key, one in mine.items()}

    def words(key: str, entry: Entry) -> tuple[str, str]:
        return key, f"{entry.words}，说明“{entry.reason}”" if alike else entry.words

    return Conflict(
        criterion,
        tuple(words(key, entry) for key, entry in there.items()),
        tuple(words(key, found.entry) for key, found in mine.items()),
        next(iter(mine.values())).place,
    )


def _refuse_other(stated: Mapping[str, str], workspace: Workspace, district: str, cycle: int, file: str) -> None:
    wanted = {SCHEME: workspace.scheme.id, YEAR: str(cycle), DISTRICT: district}
    wrong = [f"{name}是“{stated[name]}”" for name, value in wanted.items() if stated.get(name, value) != value]
    if wrong:
        raise RefusedRecordError(
            f"《{file}》的{'、'.join(wrong)}，现在要导入的是{district} {cycle} 年度（方案 {workspace.scheme.id}），没有写入"
        )


def _listed(entries: tuple[tuple[str, str], ...]) -> str:
    return "、".join(f"{key} {words}" for key, words in entries) or "没有"
