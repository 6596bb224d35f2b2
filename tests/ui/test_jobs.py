"""An import in the background: its result, its progress, its errors; the uploaded copies are gone at the end."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from ingest.queue import enqueue, is_empty
from review.jobs import lock_of
from review.workspace import Settings, Workspace
from ui.jobs import IntakeJob, finished_jobs, forget_jobs, resume_job, running_jobs, start_job

WAIT_S = 120


@pytest.fixture
def workspace() -> Iterator[Workspace]:
    opened = Workspace(Settings.from_env())
    yield opened
    for job in running_jobs():
        finished(job)
    forget_jobs()
    opened.store.engine.dispose()


def folder_with(name: str, data: bytes) -> tempfile.TemporaryDirectory[str]:
    folder = tempfile.TemporaryDirectory()
    (Path(folder.name) / name).write_bytes(data)
    return folder


def finished(job: IntakeJob) -> IntakeJob:
    assert job.thread
    job.thread.join(WAIT_S)
    assert not job.running
    return job


def test_包自己的错误成为一句话(workspace: Workspace) -> None:
    folder = folder_with("a.txt", b"")
    folder.cleanup()
    job = finished(start_job(workspace, "云山区", 2019, folder))
    assert job.result is None
    assert "找不到" in job.error
    assert job.fault is None


def test_程序缺陷不会被吞掉(workspace: Workspace) -> None:
    job = finished(start_job(object(), "云山区", 2019, folder_with("a.txt", "普惠率 86.5%".encode())))  # type: ignore[arg-type]
    assert isinstance(job.fault, AttributeError)
    assert not job.error


def test_坏文件说明原因而不中断(workspace: Workspace) -> None:
    folder = folder_with("空.pdf", b"")
    job = finished(start_job(workspace, "云山区", 2019, folder))
    assert job.error == ""
    assert job.fault is None
    assert job.result
    assert [entry.state for entry in job.result.files] == ["failed"]
    assert job.progress
    assert not os.path.exists(folder.name)
    app = AppTest.from_file(Path(__file__).parents[2] / "app.py", default_timeout=WAIT_S).run()
    app = app.switch_page("ui/views/intake.py").run()
    assert not app.exception
    assert "导入完成：共 1 份" in app.warning[0].value.replace("\\", "")
    app = app.button(key="intake-forget").click().run()
    assert not app.warning
    assert finished_jobs() == []


@pytest.mark.model
def test_导入后看得到材料和所选区县(workspace: Workspace) -> None:
    text = "演示数据（虚构）\n2018年，全区学前教育普惠率达到86.5%。"
    job = finished(start_job(workspace, "青溪区", 2020, folder_with("学前教育情况.txt", text.encode())))
    assert job.result
    assert job.result.indexed >= 1
    forget_jobs()
    app = AppTest.from_file(Path(__file__).parents[2] / "app.py", default_timeout=WAIT_S).run()
    assert app.session_state["chosen"] == ("青溪区", 2020)
    app = app.switch_page("ui/views/intake.py").run()
    assert any("学前教育情况.txt" in element.proto.body for element in app.get("html"))


def test_程序重新打开后接着做上次没有做完的(workspace: Workspace, tmp_path: Path) -> None:
    (tmp_path / "空.txt").write_bytes(b"  ")
    enqueue(workspace.store, tmp_path / "空.txt", district="云山区", cycle=2019, label="空.txt")
    job = resume_job(workspace)
    assert job is not None
    assert job.places == (("云山区", 2019),)
    finished(job)
    assert (job.error, job.fault) == ("", None)
    assert is_empty(workspace.store)
    assert resume_job(workspace) is None
    assert finished_jobs() == [], "接着做完的没有结果要人看"


def test_别的程序正在导入时只跟着看(workspace: Workspace, tmp_path: Path) -> None:
    (tmp_path / "空.txt").write_bytes(b"  ")
    enqueue(workspace.store, tmp_path / "空.txt", district="云山区", cycle=2019, label="空.txt")
    lock = lock_of(workspace)
    assert lock.acquire()
    job = resume_job(workspace)
    assert job is not None
    assert job.thread
    job.thread.join(1.5)
    assert job.running
    assert not is_empty(workspace.store)
    assert resume_job(workspace) is None, "已经在跟着看"
    app = AppTest.from_file(Path(__file__).parents[2] / "app.py", default_timeout=WAIT_S).run()
    app = app.switch_page("ui/views/intake.py").run()
    assert not app.exception
    assert any("正在导入 云山区 2019 年度的材料" in element.proto.body for element in app.get("html"))
    lock.release()
    finished(job)
    assert is_empty(workspace.store)
