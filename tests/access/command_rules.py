"""Which right every command takes, and how it is called: the table a new command has to be added to.

arguments : as typed, for a call that gets past every check of form; {district} stands for the district, {folder} for a folder that
may be written to, {case}, {list}, … for files the tests make, {passage_ours}, {sha_ours} for keys of our own material.
"""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from dataclasses import dataclass

import click

from review.cli import edureview
from review.rights import Right
from tests.access.two_districts import CYCLE, OWN_FILE, ROLES


@dataclass(frozen=True, slots=True)
class Access:
    """right : None = it touches no record. whole : called without a district, a bound person is shown his own, or told to choose.

    also : a second right it takes.
    """

    right: Right | None
    arguments: str
    whole: bool = False
    also: Right | None = None

    @property
    def rights(self) -> tuple[Right, ...]:
        """The rights it takes; none = it touches no record."""
        return tuple(right for right in (self.right, self.also) if right is not None)

    @property
    def of_district(self) -> bool:
        """Whether a district can be named."""
        return "{district}" in self.arguments

    def words(self, path: str, values: Mapping[str, str]) -> list[str]:
        """The command as typed."""
        return [*path.split(), *(part.format(**values) for part in shlex.split(self.arguments))]


def without_district(words: list[str]) -> list[str]:
    """The words but for `--district D`."""
    at = words.index("--district")
    return words[:at] + words[at + 2 :]


D = f"--district {{district}} --cycle {CYCLE}"
SIGNED = f"--by {ROLES['office']}"

COMMANDS: dict[str, Access] = {
    "scheme": Access(None, ""),
    "score": Access(None, "{case}"),
    "rank": Access(None, "{case}"),
    "map": Access(None, "{passages}"),
    "user rights": Access(None, ""),
    "audit verify --export": Access(None, "{missing}"),
    "score --record": Access("record_case", "{case} --record"),
    "ingest": Access("hand_in", "{new} " + D),
    "documents": Access("read_evidence", D, whole=True),
    "text": Access("read_evidence", f"{OWN_FILE} --district {{district}}", whole=True),
    "search": Access("read_evidence", "普惠性幼儿园覆盖率 " + D, whole=True),
    "ask": Access("read_evidence", "学前教育普惠率达到多少？ " + D, whole=True),
    "ask --conversation": Access("read_evidence", "学前教育普惠率达到多少？ --conversation new " + D, whole=True),
    "conversation list": Access("read_evidence", ""),
    "conversation show": Access("read_evidence", "{talk}"),
    "conversation export": Access("read_evidence", "{talk} -o {folder}/对话.docx"),
    "conversation judge": Access("read_evidence", "{talk} 1 right"),
    "conversation judgements": Access("compare_districts", "-o {folder}/评议.jsonl"),
    "facts": Access("read_evidence", D),
    "completeness": Access("read_evidence", D + " -o {folder}/清单.xlsx"),
    "completeness --by-department": Access("read_evidence", D + " --by-department -o {folder}/部门.docx"),
    "expected list": Access("read_rules", f"--cycle {CYCLE}"),
    "expected set": Access("keep_year", f"B5-1 --cycle {CYCLE} --lead 虚构局 --reason 虚构"),
    "review": Access("read_evidence", D),
    "draft": Access("read_evidence", D),
    "findings": Access("read_evidence", D),
    "findings --all-districts": Access("compare_districts", "--all-districts"),
    "feedback": Access("write_feedback", D + " -o {folder}/反馈.docx"),
    "paper": Access("write_feedback", "全部 " + D + " -o {folder}/文书"),
    "wording": Access("write_feedback", D),
    "issue": Access(
        "issue_papers", "反馈意见 " + D + " --on 2019-06-10 --document 虚构〔2019〕1号 -o {folder}/签发.docx"
    ),
    "issued": Access("read_issued", D),
    "issue --grades-only": Access(
        "issue_papers",
        f"年度评价报告 --cycle {CYCLE} --grades-only --on 2019-12-10 --document 虚构〔2019〕2号",
        also="compare_districts",
    ),
    "issued --kind": Access("compare_districts", f"--kind 年度评价报告 --cycle {CYCLE}"),
    "wording --report": Access("write_feedback", f"--report --cycle {CYCLE}"),
    "report": Access("compare_districts", f"--cycle {CYCLE} -o {{folder}}/报告.docx --xlsx {{folder}}/排名.xlsx"),
    "map-train": Access("maintain", "--dry-run"),
    "doctor": Access("maintain", ""),
    "rebuild-index": Access("maintain", ""),
    "demo": Access("maintain", "--no-app", also="hand_in"),
    "sample": Access("draw_sample", D + " --seed 7"),
    "sample replace": Access("draw_sample", D + f" --unit B5 --reason 虚构 {SIGNED}"),
    "panel give": Access("give_points", D + f" --criterion B6 --expert {ROLES['expert']} --points 30 --reason 查过"),
    "panel arbitrate": Access("arbitrate", D + f" --criterion B5 {SIGNED} --points 30 --reason 查过"),
    "panel show": Access("read_panels", D),
    "annex1": Access("read_case", D),
    "annex1 confirm": Access(
        "find_annex1", D + f" --condition 2 --state not_triggered {SIGNED} --on 2019-05-06 --document 虚构"
    ),
    "confirm link": Access("confirm", D + " --passage {passage_ours} --item B5-6 --by {me}"),
    "confirm fact": Access("confirm", D + " --passage {passage_ours} --metric puhui_rate --value 86.5 --by {me}"),
    "confirm correct": Access(
        "confirm", D + " --passage {passage_ours} --metric puhui_rate --value 86.5 --to 86 --by {me} --reason 虚构"
    ),
    "confirm list": Access("read_case", D),
    "propose run": Access("confirm", "--item B5-5 " + D),
    "propose list": Access("confirm", D),
    "propose confirm": Access("confirm", "1 --by {me} " + D),
    "propose reject": Access("confirm", "1 --by {me} --reason 虚构 " + D),
    "term list": Access("read_rules", ""),
    "term set": Access("settle_terms", f"rounding half_up {SIGNED} --on 2019-05-06 --document 虚构"),
    "parameter list": Access("read_rules", ""),
    "parameter confirm": Access("settle_terms", f"sample_schools --value 10 {SIGNED} --on 2019-05-06 --document 虚构"),
    "parameter set": Access("settle_terms", f"sample_schools 10 {SIGNED} --on 2019-05-06 --document 虚构"),
    "decide": Access("decide", D + f" {SIGNED} -o {{folder}}/决定.json"),
    "replay": Access("read_decisions", ""),
    "cycle open": Access("keep_year", "2021 --districts {list}"),
    "cycle show": Access("read_rules", str(CYCLE)),
    "cycle stage": Access("keep_year", f"{CYCLE} 审核监测"),
    "cycle deadline": Access("keep_year", f"{CYCLE} 自查自评 2099-07-01 --district {{district}}"),
    "cycle district": Access("keep_year", f"{CYCLE} 虚构新区"),
    "template self-points": Access("read_evidence", D + " -o {folder}/得分表.xlsx"),
    "self-points show": Access("read_evidence", D),
    "self-points set": Access("enter_self_points", "B1 30 " + D + " --reason 虚构"),
    "self-points import": Access("enter_self_points", "{sheet} " + D),
    "self-points history": Access("read_evidence", D),
    "submission status": Access("read_evidence", D),
    "submission check": Access("read_evidence", D),
    "submission submit": Access("submit", D),
    "submission verify": Access("read_evidence", D),
    "submission reopen": Access("reopen", D + " --reason 虚构"),
    "submission case": Access("read_case", D + " -o {folder}/案卷.yaml"),
    "rectification list": Access("read_evidence", D),
    "rectification raise": Access("recheck", D + " --item B5-4 --text 虚构 --origin 虚构 --due 2019-12-31"),
    "rectification cite": Access("recheck", D + " --number 1 --passage {passage_ours}"),
    "rectification plan": Access("rectify", D + " --number 1 --measure 虚构 --responsible 虚构 --until 2019-12-01"),
    "rectification evidence": Access("rectify", D + f" --number 1 --file {OWN_FILE}"),
    "rectification put-off": Access("recheck", D + " --number 1 --until 2020-01-31 --reason 虚构"),
    "rectification recheck": Access("recheck", D + " --number 1 --outcome 整改到位 --on 2020-01-10 --document 虚构"),
    "rectification compare": Access("read_evidence", f"--district {{district}} --cycle {CYCLE + 1}"),
    "assign set": Access("assign", D + f" --expert {ROLES['expert']} --criterion B5"),
    "assign list": Access("read_panels", D),
    "result enter": Access("enter_results", D + f" --key {{drawn}} --points 1 --paper {OWN_FILE}"),
    "result bonus": Access("award_bonus", D + " --points 0 --paper 虚构"),
    "result list": Access("read_sample", D),
    "approve": Access("approve", D + " --on 2019-11-06 --document 虚构"),
    "ranking": Access("read_decisions", f"--cycle {CYCLE}"),
    "user add": Access("manage_accounts", "虚构新人 --role office --password-file {password}"),
    "user list": Access("manage_accounts", ""),
    "user change": Access("manage_accounts", f"{ROLES['expert']} --district {{ours}}"),
    "user disable": Access("manage_accounts", ROLES["expert"]),
    "user password": Access("manage_accounts", f"{ROLES['expert']} --password-file {{password}}"),
    "backup": Access("maintain", "{folder}/备份.zip"),
    "restore": Access("maintain", "{missing}"),
    "restore --check": Access(None, "{missing} --check"),
    "audit verify": Access("read_log", ""),
    "audit head": Access("read_log", ""),
    "audit list": Access("read_log", D, whole=True),
    "audit export": Access("read_log", "--district {district} -o {folder}/操作记录.jsonl"),
}
# Measure the program on material of their own making, or on a labelled file named at the call: they open no record.
MEASURING = {"bench", "eval"}


def leaves(group: click.Group = edureview, before: tuple[str, ...] = ()) -> set[str]:
    """Every command that can be typed, the groups that do something without a further word included."""
    found = set()
    for name, command in group.commands.items():
        path = (*before, name)
        if isinstance(command, click.Group):
            found |= leaves(command, path)
            if not command.invoke_without_command:
                continue
        found.add(" ".join(path))
    return found


def command_of(path: str) -> str:
    """The command of a line of the table, without the option that makes it another act."""
    return path.split(" --")[0]
