"""The set-up says in Chinese what failed, and leaves nothing half done that a second run would trust."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from review import bootstrap

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def venv(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(bootstrap, "ROOT", tmp_path)
    monkeypatch.setattr(bootstrap, "VENV", tmp_path / ".venv")
    monkeypatch.setattr(bootstrap, "LOG", tmp_path / ".venv" / "setup.log")
    (tmp_path / ".venv").mkdir()
    return tmp_path / ".venv"


def test_失败的步骤给出中文原因和最后的输出(venv: Path) -> None:
    with pytest.raises(bootstrap.StepFailedError) as caught:
        bootstrap.run_logged(
            [sys.executable, "-c", "print('disk is full'); raise SystemExit(2)"], failed="安装软件包失败。请检查网络。"
        )
    assert "安装软件包失败。请检查网络。" in str(caught.value)
    assert "disk is full" in str(caught.value)
    assert "disk is full" in (venv / "setup.log").read_text(encoding="utf-8")


def test_只显示这一步的输出(venv: Path) -> None:
    bootstrap.run_logged([sys.executable, "-c", "print('earlier step')"], failed="")
    with pytest.raises(bootstrap.StepFailedError) as caught:
        bootstrap.run_logged([sys.executable, "-c", "raise SystemExit('later step')"], failed="失败")
    assert "later step" in str(caught.value)
    assert "earlier step" not in str(caught.value)


def test_安装失败不留完成标记_下次会重做(venv: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("pyproject.toml", "constraints.txt"):
        (venv.parent / name).write_text("x")
    monkeypatch.setattr(bootstrap, "torch_at_hand", lambda: False)
    monkeypatch.setattr(bootstrap, "venv_python", lambda: Path(sys.executable))
    ran: list[list[str]] = []

    def failing(command: list[str], *, failed: str) -> None:
        ran.append(command)
        raise bootstrap.StepFailedError(failed)

    monkeypatch.setattr(bootstrap, "run_logged", failing)
    for _ in range(2):
        with pytest.raises(bootstrap.StepFailedError, match="请检查网络"):
            bootstrap.install_packages(with_tests=False)
    assert len(ran) == 2

    monkeypatch.setattr(bootstrap, "run_logged", lambda command, *, failed: ran.append(command))
    bootstrap.install_packages(with_tests=False)
    bootstrap.install_packages(with_tests=False)
    assert len(ran) == 3
    assert not any("sentence-transformers" in part or "models" in part for part in ran[-1])


def test_没有_CPU_版_torch_就不装它(monkeypatch: pytest.MonkeyPatch) -> None:
    def answer(version: str) -> object:
        report = f'{{"install": [{{"metadata": {{"name": "torch", "version": "{version}"}}}}]}}'
        return lambda *args, **kwargs: subprocess.CompletedProcess(args, 0, report, "")

    monkeypatch.setattr(bootstrap.sys, "platform", "linux")
    monkeypatch.setattr(bootstrap.subprocess, "run", answer("2.13.0"))
    assert not bootstrap.torch_at_hand()
    monkeypatch.setattr(bootstrap.subprocess, "run", answer("2.13.0+cpu"))
    assert bootstrap.torch_at_hand()


def test_旧版_Python_得到一句中文(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(bootstrap.sys, "version_info", (3, 9, 18))
    assert bootstrap.main() == 1
    assert "需要 Python 3.11" in capsys.readouterr().out


def test_引导程序只用标准库() -> None:
    """It runs before anything is installed: isolated from site-packages it must import."""
    code = "import sys; sys.path.insert(0, sys.argv[1]); import review.bootstrap"
    assert (
        subprocess.run([sys.executable, "-S", "-E", "-c", code, str(ROOT)], capture_output=True, text=True).stderr == ""
    )
