"""The completeness list by responsible department: who has to provide what, as a matrix and as a checklist to hand round."""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from review.completeness import STATE_WORDS, Completeness, ItemCompleteness
from review.errors import RefusedRecordError
from review.exports import finish
from review.official_document import OfficialDocument

LEADS, HELPS = "牵头", "配合"
FIGURE_WORDS = {"found": "有", "other_year": "只有其他年度的", "missing": "没有"}
CHECKLIST_HEAD = ("要点", "名称", "分工", "现在", "要补的材料", "要补的数据", "需要说明的情况", "责任人", "完成日期")
CHECKLIST_WIDTHS = (9, 26, 8, 10, 36, 36, 60, 12, 12)


@dataclass(frozen=True, slots=True)
class DepartmentList:
    """leads : items whose material the department provides; helps : those it helps with. Both in the scheme's order."""

    department: str
    leads: tuple[ItemCompleteness, ...]
    helps: tuple[ItemCompleteness, ...]

    @property
    def counts(self) -> Mapping[str, int]:
        """How many of the items it leads are in which state."""
        return Counter(str(entry.state) for entry in self.leads)

    @property
    def entries(self) -> list[tuple[str, ItemCompleteness]]:
        """(牵头 or 配合, item), those it leads first."""
        return [(LEADS, entry) for entry in self.leads] + [(HELPS, entry) for entry in self.helps]

    def to_json(self) -> dict[str, Any]:
        """One entry of `completeness --by-department --json`."""
        return {
            "department": self.department,
            "leads": [{"item": entry.item, "state": entry.state, "lacking": lacking(entry)} for entry in self.leads],
            "helps": [entry.item for entry in self.helps],
            "counts": {state: self.counts[state] for state in STATE_WORDS if self.counts[state]},
        }


def by_department(listed: Completeness) -> tuple[DepartmentList, ...]:
    """The list of every department, those first that lead most items."""
    leads: dict[str, list[ItemCompleteness]] = {}
    helps: dict[str, list[ItemCompleteness]] = {}
    for entry in listed.items:
        responsible = entry.expectation.responsible
        leads.setdefault(responsible.lead, []).append(entry)
        for other in responsible.others:
            helps.setdefault(other, []).append(entry)
    names = sorted(dict.fromkeys([*leads, *helps]), key=lambda name: -len(leads.get(name, ())))
    return tuple(DepartmentList(name, tuple(leads.get(name, ())), tuple(helps.get(name, ()))) for name in names)


def of_department(listed: Completeness, department: str) -> DepartmentList:
    """The list of one department. RefusedRecordError when no item is its business."""
    lists = by_department(listed)
    for one in lists:
        if one.department == department.strip():
            return one
    raise RefusedRecordError(f"没有“{department}”这个责任部门，只有{'、'.join(one.department for one in lists)}")


def lacking(entry: ItemCompleteness) -> list[str]:
    """Required material that is not there, as 部门证明函（缺材料）."""
    return [
        f"{one.name}（{STATE_WORDS[one.state]}）" for one in entry.expected if one.required and one.state != "found"
    ]


def lacking_figures(entry: ItemCompleteness) -> list[str]:
    """Figures the rules look at that the material does not state for the data year."""
    return [f"{figure.name}（{FIGURE_WORDS[figure.state]}）" for figure in entry.figures if figure.state != "found"]


def matrix_xlsx(listed: Completeness) -> bytes:
    """The XLSX file: item by department, the counts of every department, and one sheet to fill in for each."""
    book = Workbook()
    lists = by_department(listed)
    _matrix(book.active, listed, lists)
    _counts(book.create_sheet("各部门情况"), lists)
    for number, one in enumerate(lists, 1):
        # A sheet's name may have 31 characters and none of []:*?/\.
        plain = "".join(character for character in one.department if character not in "[]:*?/\\'")
        sheet = book.create_sheet(f"{number} {plain}"[:31])
        sheet.append(CHECKLIST_HEAD)
        for row in _checklist(one):
            sheet.append([*row, "", ""])
        finish(sheet, CHECKLIST_WIDTHS)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def _matrix(sheet: Worksheet, listed: Completeness, lists: Sequence[DepartmentList]) -> None:
    sheet.title = "要点与责任部门"
    sheet.append(["要点", "名称", "状态", *(one.department for one in lists)])
    for entry in listed.items:
        responsible = entry.expectation.responsible
        marks = [
            LEADS if one.department == responsible.lead else HELPS if one.department in responsible.others else ""
            for one in lists
        ]
        sheet.append([entry.item, entry.title, STATE_WORDS[entry.state], *marks])
    finish(sheet, (9, 26, 10, *(14 for _ in lists)))
    sheet.freeze_panes = "D2"


def _counts(sheet: Worksheet, lists: Sequence[DepartmentList]) -> None:
    sheet.append(["部门", "牵头要点", *STATE_WORDS.values(), "配合要点"])
    for one in lists:
        sheet.append(
            [one.department, len(one.leads), *(one.counts[state] for state in STATE_WORDS), len(one.helps)]
        )  # fmt: skip
    finish(sheet, (24, 10, *(10 for _ in STATE_WORDS), 10))


def _checklist(one: DepartmentList) -> list[list[str]]:
    return [
        [
            entry.item, entry.title, part, STATE_WORDS[entry.state], "\n".join(lacking(entry)),
            "\n".join(lacking_figures(entry)), "\n".join(entry.notes),
        ]
        for part, entry in one.entries
    ]  # fmt: skip


def checklist_docx(listed: Completeness, department: str | None = None) -> bytes:
    """The DOCX file to hand round: for every department (or the one named) what it still has to provide, with room to sign for it.

    RefusedRecordError for a department that has no item.
    """
    lists = by_department(listed) if department is None else (of_department(listed, department),)
    paper = OfficialDocument(header=f"{listed.district}　材料完整性清单（工作用表）")
    paper.title(f"{listed.district}{listed.cycle}年度评价材料分部门清单")
    paper.body(f"数据年度 {listed.cycle - 1} 年。{listed.coverage.sentence}")
    paper.body(
        "缺材料不等于不达标，请补齐后由区县统一报送；已齐全的要点不再列出。责任部门为默认分工或市督导办登记的分工。"
    )
    for number, one in enumerate(lists):
        if number == 0:
            paper.turn(wide=True)
        paper.level_one(one.department, new_page=number > 0)
        told = "，".join(f"{STATE_WORDS[state]} {one.counts[state]} 个" for state in STATE_WORDS if one.counts[state])
        paper.note(f"牵头 {len(one.leads)} 个要点{f'（{told}）' if told else ''}，配合 {len(one.helps)} 个。")
        if one.helps:
            paper.note(f"配合：{'、'.join(f'{entry.item} {entry.title}' for entry in one.helps)}。")
        rows = [
            [f"{row[0]}\n{row[1]}", row[3], _cell(row[4]), _cell(row[5]), _cell(row[6]), "", ""]
            for row in _checklist(one)
            if row[2] == LEADS and (row[3] != STATE_WORDS["found"] or row[5] or row[6])
        ]
        if rows:
            head = ("要点", "现在", "要补的材料", "要补的数据", "需要说明的情况", "责任人", "完成日期")
            paper.table(head, rows, widths_mm=(32, 16, 40, 40, 61, 16, 20))
        else:
            paper.note("牵头的要点没有要补的。")
    return paper.to_bytes()


def _cell(text: str) -> str:
    return text.replace("\n", "；") or "—"
