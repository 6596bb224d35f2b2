"""登记替补, 改写句子, 年度报告 and 备份: each act as a person does it on the page, refusals told where the form is."""

from __future__ import annotations

import hashlib
import zipfile
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from review.cycles import District, open_year
from review.kept_backups import FOLDER, backup_bytes, backups, check_kept
from review.papers.wording import revise, revisions, wording
from review.rectification import raise_problem
from review.sampling import draw_sample, recorded_replacements, sampled_units
from review.workspace import Workspace
from tests.review.submissions import CYCLE, DISTRICT
from tests.ui.test_views import opened, shown

BOSS, PLACE = "虚构主任", (DISTRICT, CYCLE)


def refused(app: AppTest) -> str:
    assert not app.exception
    return app.error[0].value.replace("\\", "")


def bodies(app: AppTest) -> str:
    return "".join(element.proto.body for element in app.get("html"))


def test_替补由页面说出是谁_不由人挑(stored: Workspace) -> None:
    draw_sample(stored, *PLACE, 7)
    units = sampled_units(stored, *PLACE)
    first = next(one for one in units if one.reserve is not None)
    app = opened("verification")
    app.text_input(key="verification-by").set_value(BOSS).run()
    app.selectbox(key="replace-unit").set_value(first.unit).run()
    assert f"由 {first.reserve} " in shown(app)
    app.button(key="replace-go").click().run()
    assert "替补要写明原因和批准人" in refused(app)
    app.text_input(key="replace-reason").set_value("虚构：<b>撤并</b>")
    app.text_input(key="replace-by").set_value(BOSS)
    app.button(key="replace-go").click().run()
    assert not app.exception
    (one,) = recorded_replacements(stored, *PLACE)
    assert (one["out"], one["in"], one["approved_by"]) == (first.unit, first.reserve, BOSS)
    assert "&lt;b&gt;撤并" in bodies(app)
    assert first.unit not in [unit.unit for unit in sampled_units(stored, *PLACE)]
    left = sampled_units(stored, *PLACE)
    empty = next((unit for unit in left if unit.reserve is None), None)
    if empty is not None:
        app.selectbox(key="replace-unit").set_value(empty.unit).run()
        assert "没有替补了" in shown(app)


def test_改写句子_各版本并排_数变了当场拒绝(stored: Workspace) -> None:
    said = "全区<i>普惠率</i>为 86.5%，差 2 所。"
    raise_problem(stored, *PLACE, "B5-5", said, "虚构督导记录", "2019-12-31", BOSS)
    app = opened("wording")
    line = f"wording-line-{DISTRICT}-{CYCLE}"
    app.selectbox(key=line).set_value(said).run()
    app.text_input(key="wording-by").set_value(BOSS).run()
    (area,) = app.text_area
    assert area.value == said
    area.set_value(said.replace("86.5", "68.5"))
    app.button(key="wording-go").click().run()
    assert "68.5%" in refused(app)
    first, second = said.replace("差 2", "还差 2"), said.replace("差 2", "<b>尚差 2")
    for after in (first, second):
        app.text_area[0].set_value(after)
        app.button(key="wording-go").click().run()
        assert not app.exception
        app.selectbox(key=line).set_value(said).run()
    assert [one.after for one in revisions(stored, *PLACE)] == [first, second]
    assert wording(stored, *PLACE) == {said: second}
    told = bodies(app)
    assert all(
        one in told
        for one in ("第 1 版", "第 2 版", "现用第 2 版", "<mark>还</mark>", "<del>还</del><mark>&lt;b&gt;尚</mark>")
    )
    assert "<i>普惠率" not in told
    assert "<b>尚" not in told


def test_草稿里没有了的一句说明不再使用(stored: Workspace) -> None:
    revise(stored, *PLACE, "虚构的旧句。", "虚构的旧的一句。", BOSS)
    assert "草稿里已没有这一句" in bodies(opened("wording"))


def test_年度报告_没有审定不给签发_说明缺哪几个区县(stored: Workspace) -> None:
    open_year(stored, CYCLE, [District(DISTRICT), District("鹤汀区")], BOSS)
    app = opened("report")
    text = shown(app)
    assert "2 个区县，已有认定 0 个" in text
    assert f"还没有登记市政府审定：{DISTRICT}、鹤汀区" in text
    assert "report-go" not in {button.key for button in app.button}


def test_备份_做_列_核对_坏了当场说(stored: Workspace, tmp_path: Path) -> None:
    app = opened("backup")
    assert "还没有备份" in shown(app)
    app.button(key="backup-make").click().run()
    assert not app.exception
    (one,) = backups(stored)
    assert one.manifest is not None
    assert f"已备份：{one.name}" in shown(app)
    assert "材料 1 份" in shown(app)
    app.button(key=f"backup-check-{one.name}").click().run()
    data = backup_bytes(stored, one.name)
    assert hashlib.sha256(data).hexdigest() in shown(app)
    assert check_kept(stored, one.name)[0].files == one.manifest.files
    folder = tmp_path / FOLDER
    (folder / "坏的.zip").write_bytes(data[: len(data) // 2])
    with zipfile.ZipFile(folder / "别的.zip", "w") as archive:
        archive.writestr("a.txt", "a")
    altered = bytearray(data)
    altered[data.index(b"SQLite format") if b"SQLite format" in data else 200] ^= 1
    (folder / one.name).write_bytes(bytes(altered))
    app = app.run()
    assert not app.exception
    assert "读不出，不是完整的备份文件" in shown(app)
    assert "不是本程序的备份" in shown(app)
    app.button(key=f"backup-check-{one.name}").click().run()
    assert app.error
    assert "备份完好" not in shown(app)


@pytest.mark.parametrize("name", ["../record.zip", "", "没有.zip", "/etc/hosts.zip"])
def test_备份的名字不是路径(stored: Workspace, name: str, tmp_path: Path) -> None:
    from review.errors import BackupError

    (tmp_path / FOLDER).mkdir()
    for there in (tmp_path / FOLDER / "有.zip", tmp_path / "record.zip"):
        there.write_bytes(b"PK")
    for call in (check_kept, backup_bytes):
        with pytest.raises(BackupError, match="没有这个文件"):
            call(stored, name)
