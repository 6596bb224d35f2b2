"""The people and the material of a scripted evaluation year, and a shell in which everybody types under his own name. All fictional."""

from __future__ import annotations

import json
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from review.cli import main

DISTRICTS = ("云山区", "鹤汀区", "松涧区")
OFFICE, ARBITER, ADMIN, EXPERTS = "虚构督导员", "虚构督导长", "虚构管理员", ("虚构专家甲", "虚构专家乙")
PASSWORD = "虚构-口令-Year-2019"
LIST = "title: 虚构名单\ndistricts:\n" + "".join(f"  - name: {name}\n" for name in DISTRICTS)


def clerk(district: str) -> str:
    """Who fills in for a district."""
    return f"{district}虚构填报员"


class Shell:
    """Runs commands for somebody; `told` keeps standard error of the last one."""

    def __init__(self, capsys: pytest.CaptureFixture[str]) -> None:
        self._capsys = capsys
        self.told = ""

    def __call__(self, who: str, *arguments: str, code: int = 0) -> str:
        """Standard output of the command done by `who` ("" = the local operator); the exit code must be `code`."""
        self._capsys.readouterr()
        got = main(("--as", who, *arguments) if who else arguments)
        captured = self._capsys.readouterr()
        self.told = captured.err
        assert got == code, (arguments, got, captured)
        return captured.out

    def json(self, who: str, *arguments: str) -> Any:
        """The one JSON document on standard output."""
        return json.loads(self(who, *arguments, "--json"))


def make_accounts(shell: Shell, folder: Path) -> None:
    """An account for everybody: one clerk per district, two experts and two people of the office for all three."""
    secret = folder / "口令.txt"
    secret.write_text(PASSWORD + "\n", encoding="utf-8")
    everywhere = [part for name in DISTRICTS for part in ("--district", name)]
    people = [(clerk(name), "district", ["--district", name]) for name in DISTRICTS]
    people += [(name, "expert", everywhere) for name in EXPERTS]
    people += [(OFFICE, "office", []), (ARBITER, "office", []), (ADMIN, "admin", [])]
    for name, role, where in people:
        shell("", "user", "add", name, "--role", role, *where, "--password-file", str(secret))


def write_material(folder: Path, district: str, year: int) -> Path:
    """A few small files of a district about the data year `year`."""
    target = folder / f"{district}{year}"
    target.mkdir()
    texts = {
        "学前教育报告.txt": f"{district}{year}年学前教育事业发展情况报告\n\n{year}年，全区普惠性幼儿园覆盖率为86.5%，学前三年入园率为97.2%。",
        "常务会纪要.txt": f"{district}人民政府常务会议纪要\n\n{year}年3月5日，区政府第31次常务会议专题研究教育工作，审议学位建设计划。",
        "校园安全总结.txt": f"{district}{year}年校园安全工作总结\n\n{year}年全区无重大校园安全事故，排查隐患35处，整改35处。",
    }
    for name, text in texts.items():
        (target / name).write_text(text + "\n", encoding="utf-8")
    return target


def maxima(shell: Shell) -> dict[str, Decimal]:
    """The points of each criterion of the scheme, the bonus left out."""
    scheme = shell.json("", "scheme")
    listed = [criterion for indicator in scheme["indicators"] for criterion in indicator["criteria"]]
    return {one["id"]: Decimal(one["points"]) for one in listed if not one["bonus"]}


def fill_sheet(path: Path, points: Mapping[str, Decimal], bonus: str) -> None:
    """Fills in the points per criterion and the claimed bonus, as a clerk does in a spreadsheet."""
    book = load_workbook(path)
    sheet = book.worksheets[0]
    wanted = {**{name: str(value) for name, value in points.items()}, "B21": bonus}
    filled = set()
    for row in sheet.iter_rows(min_row=5):
        name = str(row[0].value)
        if name in wanted and name not in filled:
            row[5].value, row[6].value = wanted[name], "虚构说明"
            filled.add(name)
    assert filled == set(wanted)
    book.save(path)
