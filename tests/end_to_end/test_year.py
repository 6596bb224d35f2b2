"""A whole evaluation year of three fictional districts through the command line, everybody under his own name: from the list of
districts to the published ranking, and one district on into the next year."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from scoring_rules.decision import replay_decision
from scoring_rules.ledger import canonical_json
from tests.end_to_end.year_script import (
    ADMIN,
    ARBITER,
    DISTRICTS,
    EXPERTS,
    LIST,
    OFFICE,
    Shell,
    clerk,
    fill_sheet,
    make_accounts,
    maxima,
    write_material,
)
from tests.postgres import fresh_database, needs_slow_postgres

CLEAN, DOUBTED, HIT = DISTRICTS
YEAR = 2019
SEED = 20190506
SHARE = Decimal("0.9")  # what the experts find of what the doubted district claims


class Scripted:
    """The year as it goes on: what each step needs to know of the ones before."""

    def __init__(self, shell: Shell, folder: Path) -> None:
        self.shell, self.folder = shell, folder
        self.maxima = maxima(shell)
        self.differed = ""  # the criterion the experts of the clean district differ on

    def own_points(self, district: str) -> dict[str, Decimal]:
        """What the district claims: a full sheet less 4 or 5 of a hundred."""
        share = Decimal("0.96") if district == HIT else Decimal("0.95")
        return {name: points * share for name, points in self.maxima.items()}

    def open_year(self, year: int, names: str = LIST) -> None:
        """The office opens the year with its list of districts."""
        listed = self.folder / f"名单{year}.yaml"
        listed.write_text(names, encoding="utf-8")
        until = f"{year + 80}-05-31"
        self.shell(OFFICE, "cycle", "open", str(year), "--districts", str(listed), "--until", until)

    def hand_in(self, district: str, year: int, bonus: str) -> None:
        """The clerk uploads, fills in the template, imports it and hands in; from then on nothing goes in any more."""
        own, shell = ("--district", district, "--cycle", str(year)), self.shell
        material, sheet = write_material(self.folder, district, year - 1), self.folder / f"{district}{year}得分表.xlsx"
        assert "不能读取 0 个" in shell(clerk(district), "ingest", str(material), *own)
        shell(clerk(district), "template", "self-points", *own, "-o", str(sheet))
        shell(clerk(district), "submission", "submit", *own, code=1)
        assert "还没有自评得分" in shell.told
        fill_sheet(sheet, self.own_points(district), bonus)
        assert shell.json(clerk(district), "self-points", "import", str(sheet), *own)["unread"] == []
        assert shell.json(clerk(district), "submission", "check", *own)["ready"] is True
        shell(clerk(district), "submission", "submit", *own)
        manifest = shell.json(clerk(district), "submission", "status", *own)["manifest"]
        hashes = {hashlib.sha256(path.read_bytes()).hexdigest() for path in material.iterdir()}
        assert {one["sha256"] for one in manifest["documents"]} == hashes
        late = self.folder / "迟到.txt"
        late.write_text(f"{district}迟到的材料", encoding="utf-8")
        shell(clerk(district), "ingest", str(late), *own, code=1)
        shell(clerk(district), "self-points", "set", "B1", "1", *own, code=1)
        assert "提交并锁定" in shell.told

    def confirm_evidence(self, district: str, year: int) -> str:
        """An expert confirms the passage that speaks for B5-5; returns its key."""
        own = ("--district", district, "--cycle", str(year))
        hit = self.shell.json(EXPERTS[0], "search", "普惠性幼儿园覆盖率", *own, "-k", "1")[0]
        key = str(hit["passage"])
        self.shell(EXPERTS[0], "confirm", "link", *own, "--passage", key, "--item", "B5-5", "--by", EXPERTS[0])
        return key

    def check_in_the_field(self, district: str, year: int, seed: int, found: Decimal) -> list[str]:
        """The sample is drawn, both experts give points on it (a share of the claim); returns the drawn criteria."""
        own, shell = ("--district", district, "--cycle", str(year)), self.shell
        for expert in EXPERTS:
            shell(OFFICE, "assign", "set", *own, "--expert", expert, "--all")
        sample = shell.json(OFFICE, "sample", *own, "--seed", str(seed))
        assert shell.json(OFFICE, "sample", *own, "--seed", str(seed)) == sample, "同样的种子，样本相同"
        drawn = [name for stratum in sample["criteria"] for name in stratum["drawn"]]
        claimed = self.own_points(district)
        for name in drawn:
            for number, expert in enumerate(EXPERTS):
                points = claimed[name] * found - (1 if number and name == self.differed else 0)
                told = ("--criterion", name, "--expert", expert, "--points", str(points), "--reason", "虚构：实地查看")
                shell(expert, "panel", "give", *own, *told)
                if not number:
                    (panel,) = [
                        p for p in shell.json(EXPERTS[1], "panel", "show", *own)["criteria"] if p["criterion"] == name
                    ]
                    assert panel["points"] == [], "未齐之前互不可见"
        return drawn

    def find_annex1(self, district: str, year: int, hit: str = "") -> None:
        """The office settles the six conditions one by one."""
        for name in "123456":
            state = "triggered" if name == hit else "not_triggered"
            self.shell(
                OFFICE, "annex1", "confirm", "--district", district, "--cycle", str(year), "--condition", name, "--state", state,
                "--by", OFFICE, "--on", f"{year}-07-01", "--document", "虚构核查记录1号", "--reason", "虚构：已核",
            )  # fmt: skip

    def enter_results(self, district: str, year: int, drawn: list[str], found: Decimal) -> None:
        """The office enters what the field check found of each drawn criterion, with the paper it rests on."""
        own, claimed = ("--district", district, "--cycle", str(year)), self.own_points(district)
        for name in drawn:
            told = ("--points", str(claimed[name] * found), "--paper", "常务会纪要.txt", "--found", "虚构：实地查看")
            self.shell(OFFICE, "result", "enter", *own, "--key", name, *told)
        listed = self.shell.json(OFFICE, "result", "list", *own)
        assert {one["key"] for one in listed["results"]} == set(drawn) == set(listed["to_check"])
        assert all(len(paper["sha256"]) == 64 for one in listed["results"] for paper in one["papers"])

    def decide(self, district: str, year: int, awarded: str) -> dict[str, Any]:
        """The case that follows from the submission is recorded, the bonus awarded, the district decided; returns the decision."""
        own, path = ("--district", district, "--cycle", str(year)), self.folder / f"{district}{year}.yaml"
        self.shell(OFFICE, "decide", *own, "--by", OFFICE, code=1)
        assert "没有案卷" in self.shell.told
        self.shell(OFFICE, "submission", "case", *own, "-o", str(path))
        self.shell(OFFICE, "score", str(path), "--record")
        self.shell(OFFICE, "decide", *own, "--by", OFFICE, code=1)
        assert "加分（B21）尚未评定" in self.shell.told
        self.shell(OFFICE, "result", "bonus", *own, "--points", awarded, "--paper", "虚构加分审核表")
        kept = self.folder / f"决定{district}{year}.json"
        decided = self.shell.json(OFFICE, "decide", *own, "--by", OFFICE, "-o", str(kept))
        assert canonical_json(replay_decision(decided["decision"])) == kept.read_bytes(), "逐字节复算"
        result: dict[str, Any] = decided["decision"]
        return result

    def stage(self, year: int, *names: str) -> None:
        """The year enters these stages, one after the other."""
        for name in names:
            self.shell(OFFICE, "cycle", "stage", str(year), name)


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=needs_slow_postgres)])
def database(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The record of the year: in the data folder, or on a server."""
    if request.param == "sqlite":
        yield
        return
    with fresh_database() as url:
        monkeypatch.setenv("EDUREVIEW_DATABASE_URL", url)
        yield


@pytest.mark.usefixtures("database")
def test_三个区县的一年_从上传到公布排名_整改带入下一年(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    shell = Shell(capsys)
    make_accounts(shell, tmp_path)
    year = Scripted(shell, tmp_path)

    # 自查自评
    year.open_year(YEAR)
    for district, bonus in ((CLEAN, "10"), (DOUBTED, "0"), (HIT, "0")):
        year.hand_in(district, YEAR, bonus)
    shell(clerk(CLEAN), "documents", "--district", DOUBTED, code=1)
    assert len(shell.json(clerk(CLEAN), "documents")) == 3, "只看得到自己的三份，九份里"
    assert len(shell.json(OFFICE, "documents")) == 9

    # 审核监测
    year.stage(YEAR, "审核监测")
    confirmed = {district: year.confirm_evidence(district, YEAR) for district in DISTRICTS}
    assert len(shell.json(EXPERTS[1], "completeness", "--district", CLEAN)["items"]) == 65
    shell(clerk(CLEAN), "panel", "show", "--district", CLEAN, "--cycle", str(YEAR), code=1)

    # 实地督导
    year.stage(YEAR, "实地督导")
    for number, district in enumerate(DISTRICTS):
        if district == CLEAN:
            # The experts are to differ on one criterion of this district: the first of the sample that this seed gives.
            first = shell.json(OFFICE, "sample", "--district", district, "--cycle", str(YEAR), "--seed", str(SEED))
            year.differed = first["criteria"][0]["drawn"][0]
        found = SHARE if district == DOUBTED else Decimal(1)
        drawn = year.check_in_the_field(district, YEAR, SEED + number, found)
        if district == CLEAN:
            own = ("--district", district, "--cycle", str(YEAR))
            panels = {p["criterion"]: p for p in shell.json(ARBITER, "panel", "show", *own)["criteria"]}
            assert [name for name, panel in panels.items() if panel["settled"] is None] == [year.differed]
            shell(EXPERTS[0], "panel", "arbitrate", *own, "--criterion", year.differed, "--by", EXPERTS[0], "--points", "1", "--reason", "虚构", code=1)  # fmt: skip
            settled = year.own_points(district)[year.differed]
            shell(
                ARBITER, "panel", "arbitrate", *own, "--criterion", year.differed, "--by", ARBITER, "--points", str(settled),
                "--reason", "虚构：补看了原始记录",
            )  # fmt: skip
            year.differed = ""
        year.enter_results(district, YEAR, drawn, found)
        year.find_annex1(district, YEAR, "5" if district == HIT else "")

    # 认定：总分、可信度、降级都按方案另算一遍
    decided = {name: year.decide(name, YEAR, awarded) for name, awarded in ((CLEAN, "8"), (DOUBTED, "0"), (HIT, "0"))}
    result = {name: document["result"] for name, document in decided.items()}
    own_total = {name: sum(year.own_points(name).values()) for name in DISTRICTS}
    assert (own_total[CLEAN], own_total[DOUBTED], own_total[HIT]) == (950, 950, 960)
    assert [Fraction(result[name]["credibility"]) for name in DISTRICTS] == [1, Fraction(9, 10), 1]
    assert [result[name]["adjusted"] for name in DISTRICTS] == [False, True, False]
    assert [result[name]["total_points"] for name in DISTRICTS] == ["958.00", "855.00", "960.00"]
    assert result[HIT]["annex1"]["triggered"] == ["5"]
    assert result[HIT]["points_grade"] != result[HIT]["grade"] == result[DOUBTED]["grade"]
    assert result[CLEAN]["points_grade"] == result[CLEAN]["grade"] == result[HIT]["points_grade"]
    for name in DISTRICTS:
        assert confirmed[name] in canonical_json(decided[name]).decode()
        assert decided[name]["signature"]["by"] == OFFICE

    # 反馈意见：两个问题，一个改好一个没有
    year.stage(YEAR, "反馈意见")
    own = ("--district", CLEAN, "--cycle", str(YEAR))
    shell(OFFICE, "feedback", *own, "-o", str(tmp_path / "反馈.docx"))
    problems = {"1": "B5-5", "2": "B14-1"}
    for item in problems.values():
        shell(
            OFFICE, "rectification", "raise", *own, "--item", item, "--text", f"虚构：{item} 台账不全", "--origin", "虚构反馈意见",
            "--due", "2019-12-31",
        )  # fmt: skip
    for number in problems:
        told = ("--measure", "虚构：补齐台账", "--responsible", "虚构股长", "--until", "2019-12-01")
        shell(clerk(CLEAN), "rectification", "plan", *own, "--number", number, *told)
    shell(clerk(CLEAN), "rectification", "recheck", *own, "--number", "1", "--outcome", "整改到位", "--on", "2020-01-10", "--document", "x", code=1)  # fmt: skip

    # 发布：审定之前是拟定稿
    year.stage(YEAR, "整改复查")
    report, table = tmp_path / "报告.docx", tmp_path / "排名.xlsx"
    assert "拟定稿" in shell(OFFICE, "report", "--cycle", str(YEAR), "-o", str(report))
    shell(OFFICE, "ranking", "--cycle", str(YEAR), "--published", code=1)
    assert all(district in shell.told for district in DISTRICTS), "逐个区县说明还没有审定"
    shell(OFFICE, "cycle", "stage", str(YEAR), "发布", code=1)
    assert all(district in shell.told for district in DISTRICTS), "没有审定不能进入发布"
    for district in DISTRICTS:
        told = ("--on", "2019-11-06", "--document", "虚构政发〔2019〕1号")
        shell(OFFICE, "approve", "--district", district, "--cycle", str(YEAR), *told)
    published = shell.json(OFFICE, "ranking", "--cycle", str(YEAR), "--published")["rows"]
    assert [(row["rank"], row["district"], row["state"]) for row in published] == [
        (1, HIT, "市政府审定"), (2, CLEAN, "市政府审定"), (3, DOUBTED, "市政府审定"),
    ], "降级只改等级，不改名次"  # fmt: skip
    publish(shell, YEAR)
    assert "经市政府审定" in shell(OFFICE, "report", "--cycle", str(YEAR), "-o", str(report), "--xlsx", str(table))
    rows = [row[:2] for row in load_workbook(table)["排名"].iter_rows(min_row=2, values_only=True)]
    assert rows == [(1, HIT), (2, CLEAN), (3, DOUBTED)], "报告与公布的排名相同"
    told = ("issue", "年度评价报告", "--cycle", str(YEAR), "--on", "2019-12-10", "--document", "虚构教督〔2019〕9号")
    shell(clerk(CLEAN), *told, code=1)
    sealed = tmp_path / "签发.docx"
    assert "已签发年度评价报告第 1 次" in shell(OFFICE, *told, "-o", str(sealed))
    (issued,) = shell.json(OFFICE, "issued", "--kind", "年度评价报告", "--cycle", str(YEAR))
    assert issued["sha256"] == hashlib.sha256(sealed.read_bytes()).hexdigest()

    # 下一年：没有改好的一个从 B15-4 扣
    following = YEAR + 1
    year.open_year(following, "title: 虚构名单\ndistricts:\n  - name: 云山区\n")
    year.hand_in(CLEAN, following, "0")
    shell(clerk(CLEAN), "rectification", "evidence", *own, "--number", "1", "--file", "学前教育报告.txt")
    for number, outcome in (("1", "整改到位"), ("2", "未整改")):
        shell(
            OFFICE, "rectification", "recheck", *own, "--number", number, "--outcome", outcome, "--on", "2020-01-10",
            "--document", "虚构复查记录", "--note", "虚构：现场查看",
        )  # fmt: skip
    compared = shell.json(OFFICE, "rectification", "compare", "--district", CLEAN, "--cycle", str(following))
    assert compared["rectification"] == {"due": 2, "unrectified": 1, "unchecked": []}
    year.stage(following, "审核监测", "实地督导")
    drawn = year.check_in_the_field(CLEAN, following, SEED, Decimal(1))
    assert "B15" not in drawn, "抽到 B15 时核查分已含整改，种子要另选"
    year.enter_results(CLEAN, following, drawn, Decimal(1))
    year.find_annex1(CLEAN, following)
    next_year = year.decide(CLEAN, following, "0")
    items = next(c for i in shell.json("", "scheme")["indicators"] for c in i["criteria"] if c["id"] == "B15")["items"]
    lost = Fraction(year.maxima["B15"]) / len(items) * Fraction(1, 2)
    assert Fraction(next_year["result"]["total_points"]) == 950 - lost

    # 最后：每一个决定复算，操作记录首尾相连
    replayed = shell.json(OFFICE, "replay")
    assert len(replayed) == 4
    assert all(one["byte_equal"] for one in replayed)
    verified = shell.json(ADMIN, "audit", "verify")
    assert verified["faults"] == []
    listed = shell.json(ADMIN, "audit", "list", "--last", "10000")
    assert {act["person"] for act in listed} >= {clerk(CLEAN), clerk(DOUBTED), clerk(HIT), *EXPERTS, OFFICE, ARBITER}
    exported = tmp_path / "操作记录.jsonl"
    shell(ADMIN, "audit", "export", "--district", CLEAN, "-o", str(exported))
    assert not {name for name in (DOUBTED, HIT) if name in exported.read_text(encoding="utf-8")}
    shell("", "audit", "verify", "--export", str(exported))


def publish(shell: Shell, year: int) -> None:
    """The year is published, with the paper of 市政府审定."""
    shell(OFFICE, "cycle", "stage", str(year), "发布", "--reason", "市政府审定：虚构政发〔2019〕1号")
