"""A record with two districts, filled to 市政府审定: one is ours, and everything of the other holds a word found nowhere else."""

from __future__ import annotations

import io
import json
import zipfile
from fractions import Fraction
from pathlib import Path

from review.accounts import add_account
from review.annex1 import record_finding
from review.approval import approve
from review.assignments import assign
from review.cases import record_case
from review.confirmations import confirm_fact, confirm_link
from review.conversations import ask_in_conversation
from review.cycle_state import District
from review.cycles import open_year, set_deadline
from review.decisions import decide_district
from review.documents import list_documents
from review.field_results import award_bonus, record_result, to_check
from review.figures import figures
from review.intake import take_in
from review.papers.issuing import issue
from review.people import Person, Role
from review.rectification import plan, raise_problem
from review.reviewers import arbitrate, give_points
from review.sampling import draw_sample
from review.searching import search
from review.self_points import Entry, save_points, sheet
from review.submission import submit
from review.submission_case import case_text
from review.workspace import Workspace

# Stands in the name of the other district, of its files and people, in its texts and reasons.
MARK = "机密九四"
OURS, OTHERS, NOWHERE = "云山区", f"玉泉{MARK}区", "不存在区"
CYCLE = 2019
PASSWORD = "虚构-口令-Year-2019"
ROLES: dict[Role, str] = {
    "district": "虚构填报员",
    "expert": "虚构专家甲",
    "office": "虚构督导员",
    "admin": "虚构管理员",
}
# Conversations in the order they were begun: theirs first, then one of each role.
THEIR_TALK, TALKS = "1", {role: str(number) for number, role in enumerate(ROLES, 2)}
OWN_FILE, OTHER_FILE, NO_FILE = "学前教育报告.txt", f"{MARK}学前教育报告.txt", "没有这份.txt"


def person(role: Role) -> Person:
    """Who signs in with that role: a clerk and an expert of our district, the office, the administrator."""
    return Person(ROLES[role], role, frozenset({OURS}) if role in ("district", "expert") else frozenset())


def fill(workspace: Workspace, folder: Path) -> None:
    """Both districts, from the upload to the approval; ours is handed in but neither decided nor approved yet."""
    open_year(workspace, CYCLE, [District(OURS), District(OTHERS, note=MARK)], "虚构督导员", until="2099-05-31")
    set_deadline(workspace, CYCLE, "self", "2099-06-30", "虚构督导员", district=OTHERS, reason=MARK)
    for role, name in ROLES.items():
        add_account(workspace, name, role, PASSWORD, districts=sorted(person(role).districts))
    add_account(workspace, f"{MARK}填报员", "district", PASSWORD, districts=[OTHERS])
    for name, district in (("虚构专家乙", OURS), (f"{MARK}虚构专家甲", OTHERS), (f"{MARK}虚构专家乙", OTHERS)):
        add_account(workspace, name, "expert", PASSWORD, districts=[district])
    for district, mark in ((OURS, ""), (OTHERS, MARK)):
        _material(workspace, folder, district, mark)
        _work(workspace, district, mark)
    _decided(workspace)
    theirs = Person(f"{MARK}填报员", "district", frozenset({OTHERS}))
    for who in (theirs, *(person(role) for role in ROLES)):
        where = OTHERS if who is theirs else OURS
        ask_in_conversation(workspace.acting_as(who), f"{where}普惠率达到多少？", district=where, cycle=CYCLE)


def _material(workspace: Workspace, folder: Path, district: str, mark: str) -> None:
    target = folder / district
    target.mkdir()
    rate, times = ("94.94", 94) if mark else ("86.5", 31)
    texts = {
        "学前教育报告.txt": f"{district}2018年学前教育事业发展情况报告\n\n2018年，全区普惠性幼儿园覆盖率为{rate}%，{mark}学前三年入园率为97.2%。",
        "常务会纪要.txt": f"{district}人民政府常务会议纪要\n\n2018年3月5日，{mark}区政府第{times}次常务会议专题研究教育工作，审议学位建设计划。",
    }
    for name, text in texts.items():
        (target / f"{mark}{name}").write_text(text + "\n", encoding="utf-8")
    (target / f"{mark}读不出.pdf").write_bytes(b"%PDF-1.4 nothing " + mark.encode())
    take_in(workspace, [target], district=district, cycle=CYCLE)


def _work(workspace: Workspace, district: str, mark: str) -> None:
    where = (district, CYCLE)
    key = _passage(workspace, district)
    first, second = (f"{mark}虚构专家甲" if mark else ROLES["expert"]), f"{mark}虚构专家乙"
    confirm_link(workspace, *where, key, "B5-5", first, reason=mark)
    read = next(one.fact for one in figures(workspace, *where).facts if "普惠" in one.name)
    told = {"year": read.year, "scope": read.scope, "reason": mark}
    confirm_fact(workspace, *where, key, read.metric, format(read.value, "f"), first, **told)
    marks = {c.id: str(c.points) for c in workspace.scheme.criteria if not c.is_bonus}
    entries = {key: Entry(Fraction(value), f"{mark}虚构的理由") for key, value in marks.items()}
    save_points(workspace, *where, entries, base=sheet(workspace, *where).version, by=f"{mark}经办人")
    for expert in (first, second):
        assign(workspace, *where, expert, list(marks), "虚构督导员", reason=mark)
    draw_sample(workspace, *where, 7)
    give_points(workspace, *where, "B5", first, "30", f"{mark}查过")
    if mark:
        give_points(workspace, *where, "B5", second, "28", f"{mark}查过")
        arbitrate(workspace, *where, "B5", f"{mark}仲裁人", "29", f"{mark}看了原件")
        submit(workspace, *where, f"{mark}经办人")
    for name in to_check(workspace, *where) if mark else ():
        record_result(workspace, *where, name, marks[name], [OTHER_FILE], f"{mark}核查员", found=mark)
    for condition in "123456" if mark else "1":
        told = (f"{mark}认定书", f"{mark}已核实")
        record_finding(workspace, *where, condition, "not_triggered", f"{mark}科长", "2019-05-06", *told)
    raise_problem(workspace, *where, "B5-5", f"{mark}台账不全", f"{mark}反馈意见", "2019-12-31", "虚构督导员")
    plan(workspace, *where, 1, f"{mark}补齐台账", f"{mark}股长", "2019-12-01", f"{mark}经办人")


def _decided(workspace: Workspace) -> None:
    where = (OTHERS, CYCLE)
    award_bonus(workspace, *where, "0", [f"{MARK}审核表"], "虚构督导员")
    issue(workspace, *where, "整改通知", "2019-06-10", f"{MARK}〔2019〕1号", f"{MARK}签发人")
    record_case(workspace, case_text(workspace, *where), f"{MARK}.yaml")
    decide_district(workspace, *where, f"{MARK}签认人")
    approve(workspace, *where, "2019-11-06", f"{MARK}政发1号", "虚构督导员")


def keys_of(workspace: Workspace) -> dict[str, str]:
    """The keys of a passage of each district, and the hash of a file of each."""
    found = {}
    for name, district in (("ours", OURS), ("others", OTHERS)):
        found[f"passage_{name}"] = _passage(workspace, district)
        document = next(d for d in list_documents(workspace, district) if d.file.endswith(OWN_FILE))
        found[f"sha_{name}"] = document.sha256[:12]
    return found


def _passage(workspace: Workspace, district: str) -> str:
    return str(search(workspace, "普惠性幼儿园覆盖率", district=district, cycle=CYCLE, count=1)[0]["passage"])


def words_of(path: Path) -> str:
    """Everything a person could read in a written file, the parts of a Word or Excel file included."""
    data = path.read_bytes()
    if not zipfile.is_zipfile(io.BytesIO(data)):
        return data.decode("utf-8", errors="replace")
    with zipfile.ZipFile(io.BytesIO(data)) as parts:
        return "\n".join(parts.read(name).decode("utf-8", errors="replace") for name in parts.namelist())


def case_of(workspace: Workspace, district: str) -> str:
    """A complete case of the district, as a file holds it."""
    marks = {c.id: str(c.points) for c in workspace.scheme.criteria if not c.is_bonus}
    data = {
        "scheme": "2019", "cycle": CYCLE, "district": district, "self": marks, "verified": {"B1": marks["B1"]},
        "bonus": {"awarded": "5"}, "annex1": dict.fromkeys("123456", "not_triggered"),
    }  # fmt: skip
    return json.dumps(data, ensure_ascii=False)
