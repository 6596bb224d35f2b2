"""The judged questions of every set, each in a practice and a held-out half, and the record they are asked of."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from review.cases import record_case
from review.cycle_state import District
from review.cycles import open_year
from review.demo import CYCLE, load_demo
from review.intake import take_in
from review.people import Person, Role
from review.workspace import Workspace

FOLDER = Path(__file__).parent
# The halves of each set; the sets were written by different hands.
SETS = tuple((f"practice{n}", f"held_out{n}") for n in ("", "_2", "_3", "_4"))
HALVES = tuple(half for halves in SETS for half in halves)
LOOKED_AT = tuple(halves[0] for halves in SETS)  # whoever improves the answers reads these one by one
NO_MATERIAL = "松涧区"  # on the list of districts, with nothing in the record
ROLES: Mapping[str, Role] = {"专家": "expert", "区县": "district", "督导办": "office"}


@dataclass(frozen=True, slots=True)
class Asked:
    """One question as judged; the fields are those of README.md. figure : every one has to be there, each in one of its spellings."""

    id: str
    asked_by: str
    district: str | None
    earlier: tuple[str, ...]
    question: str
    kinds: frozenset[str]
    abouts: frozenset[str]
    figure: tuple[tuple[str, ...], ...]
    files: frozenset[str]
    words: tuple[str, ...]
    found: bool | None
    choices: bool
    refuse: bool
    absent: tuple[str, ...]

    @property
    def person(self) -> Person:
        """Who asks: bound to the district he stands in, unless he is of the office."""
        role = ROLES[self.asked_by]
        bound = frozenset({self.district}) if role != "office" and self.district else frozenset()
        return Person(f"评测用{self.asked_by}", role, bound)

    @property
    def answerable(self) -> bool:
        """Whether the answer's kind is judged: whatever is not to be refused."""
        return self.found is not False


def questions(half: str) -> list[Asked]:
    """The questions of one half, in order."""
    names: dict[str, str] = yaml.safe_load((FOLDER / "names.yaml").read_text(encoding="utf-8"))
    rows = yaml.safe_load((FOLDER / f"{half}.yaml").read_text(encoding="utf-8"))
    return [_asked(row, names) for row in rows]


def _asked(row: Mapping[str, Any], names: Mapping[str, str]) -> Asked:
    return Asked(
        row["id"], row["asked_by"], row["district"], tuple(row.get("earlier", ())), row["question"],
        frozenset(row["kind"].split("|")), frozenset(row["about"].split("|")),
        tuple(tuple(one.split("|")) for one in row["figure"] or ()),
        frozenset(names[name] for name in row["files"]), tuple(row.get("words", ())),
        None if row["found"] == "any" else row["found"],
        row.get("choices", False), row.get("refuse", False), tuple(row.get("absent", ())),
    )  # fmt: skip


def second_district() -> dict[str, Any]:
    """鹤汀区: its texts, its case and the year to be opened."""
    loaded: dict[str, Any] = yaml.safe_load((FOLDER / "second_district.yaml").read_text(encoding="utf-8"))
    return loaded


def build_record(workspace: Workspace, scratch: Path) -> None:
    """The demo district, a second one with a few texts and a case, and the open evaluation year with its deadline."""
    load_demo(workspace, lambda line: None)
    other = second_district()
    folder = scratch / other["district"]
    folder.mkdir()
    for name, text in other["files"].items():
        (folder / name).write_text(text, encoding="utf-8")
    take_in(workspace, [folder], district=other["district"], cycle=CYCLE)
    shutil.rmtree(folder)
    record_case(workspace, yaml.safe_dump(other["case"], allow_unicode=True), "second_district.yaml")
    districts = [District(name) for name in other["year"]["districts"]]
    open_year(workspace, CYCLE, districts, "评测", until=other["year"]["until"], reason="评测用")
