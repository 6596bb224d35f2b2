"""Sets up everything on a fresh machine and runs the app or the tests: `python -m review.bootstrap run|test|setup`.

Standard library only, because it runs before anything is installed. Each step leaves a stamp, so that a second run takes
seconds; a step that fails says in Chinese what failed and what to do, and leaves the whole output in `.venv/setup.log`.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
LOG = VENV / "setup.log"
# Written last by retrieval.e5_build, so its presence means that the model is whole.
MODEL = VENV / "share" / "edureview" / "models" / "multilingual-e5-small-int8" / "model.json"
OLDEST_PYTHON = (3, 11)
TAIL_LINES = 12


class StepFailedError(Exception):
    """A set-up step failed; the text is the Chinese sentence for the person."""


def venv_python() -> Path:
    """The interpreter inside `.venv`."""
    return VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def say(text: str) -> None:
    """Print at once, also into a pipe."""
    print(text, flush=True)


def run_logged(command: list[str], *, failed: str) -> None:
    """Run a command with its output in the log; on failure raise with the last lines of that output."""
    with LOG.open("a", encoding="utf-8") as log:
        log.write(f"\n$ {' '.join(command)}\n")
        log.flush()
        begin = log.tell()
        code = subprocess.run(
            command, cwd=ROOT, stdout=log, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL
        ).returncode
    if code:
        output = LOG.read_bytes()[begin:].decode("utf-8", "replace").splitlines()
        tail = "\n".join("    " + line for line in output[-TAIL_LINES:])
        raise StepFailedError(f"{failed}\n最后的输出：\n{tail}\n完整记录见 {LOG.relative_to(ROOT)}")


def make_environment() -> None:
    """`.venv` beside this repository, made anew when it is missing or broken."""
    if (
        venv_python().exists()
        and subprocess.run([str(venv_python()), "-m", "pip", "--version"], capture_output=True).returncode == 0
    ):
        return
    say("[1/3] 正在建立 Python 环境（.venv）……")
    shutil.rmtree(VENV, ignore_errors=True)
    made = subprocess.run([sys.executable, "-m", "venv", str(VENV)], capture_output=True, text=True)
    if made.returncode:
        raise StepFailedError(
            "建立 Python 环境失败。Debian/Ubuntu 请先安装 python3-venv；其他系统请确认 Python 安装完整。\n"
            f"最后的输出：{(made.stderr or made.stdout).strip()[-400:]}"
        )


def torch_at_hand() -> bool:
    """Whether installing torch would take a CPU build: only Linux wheels without `+cpu` bring gigabytes of CUDA packages.

    Asks pip itself (a dry run without dependencies), so that whatever index or folder it is configured with is respected.
    """
    if sys.platform != "linux":
        return True
    asked = subprocess.run(
        [
            str(venv_python()),
            "-m",
            "pip",
            "install",
            "--dry-run",
            "--ignore-installed",
            "--no-deps",
            "--quiet",
            "--report",
            "-",
            "-c",
            "constraints.txt",
            "torch",
        ],
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    if asked.returncode:
        return False
    plan = json.loads(asked.stdout[asked.stdout.index("{") :])["install"]
    return any(part["metadata"]["version"].endswith("+cpu") for part in plan)


def fingerprint(purpose: str) -> str:
    """Changes when what has to be installed changes."""
    content = b"".join((ROOT / name).read_bytes() for name in ("pyproject.toml", "constraints.txt"))
    return hashlib.sha256(content + f"{purpose} {sys.version_info[:2]} {ROOT}".encode()).hexdigest()


def install_packages(*, with_tests: bool) -> None:
    """The packages of pyproject.toml in the tested versions; nothing when they are there already."""
    purpose = "test" if with_tests else "run"
    stamp = VENV / f"installed-{purpose}"
    wanted = fingerprint(purpose)
    if stamp.exists() and stamp.read_text() == wanted:
        return
    say("[2/3] 正在安装软件包（首次约需数分钟）……")
    extras = ["test"] if with_tests else []
    if torch_at_hand():
        extras.append("models")
    else:
        say("      没有现成的 CPU 版 torch，已跳过 sentence-transformers（默认检索模型不需要它）。")
    target = f".[{','.join(extras)}]" if extras else "."
    run_logged(
        [
            str(venv_python()),
            "-m",
            "pip",
            "install",
            "--disable-pip-version-check",
            "--no-input",
            "-c",
            "constraints.txt",
            "-e",
            target,
        ],
        failed="安装软件包失败。请检查网络或单位的软件源设置，然后重新运行同一命令（已下载的会接着用）。",
    )
    stamp.write_text(wanted)


def prepare_model() -> None:
    """The embedding model, converted once; the module answers at once when it is there."""
    run_logged(
        [str(venv_python()), "-m", "retrieval.e5_build"],
        failed="准备检索模型失败。请检查网络（模型来自软件源中的一个软件包，约 90 MB）和磁盘空间，然后重新运行同一命令。",
    )


def set_up(*, with_tests: bool) -> None:
    """Environment, packages, model."""
    begin = time.monotonic()
    make_environment()
    install_packages(with_tests=with_tests)
    if not MODEL.exists():
        say("[3/3] 正在准备检索模型（只做一次，约一分钟）……")
        prepare_model()
    say(f"环境就绪（{time.monotonic() - begin:.0f} 秒）。")


def run_app(arguments: list[str]) -> int:
    """Load the demo evidence if absent and open the app; returns its exit code."""
    return subprocess.run([str(venv_python()), "-m", "review.cli", "demo", *arguments], cwd=ROOT).returncode


def side_by_side() -> list[str]:
    """Arguments for pytest: a process for each processor, each with whole files; more than four would only wait for the disk."""
    return ["-n", str(min(os.cpu_count() or 1, 4)), "--dist", "loadfile"]


def run_tests(arguments: list[str]) -> int:
    """Style, types, layers, then the tests; the first exit code that is not 0."""
    checks = [
        ("代码规范", ["-m", "ruff", "check", "."]),
        ("类型检查", ["-m", "mypy"]),
        ("分层检查", ["-c", "from importlinter.cli import lint_imports_command; lint_imports_command()"]),
        ("测试", ["-m", "pytest", *(arguments or side_by_side())]),
    ]
    if arguments:
        checks = checks[-1:]
    for name, command in checks:
        say(f"== {name}")
        code = subprocess.run([str(venv_python()), *command], cwd=ROOT).returncode
        if code:
            say(f"{name}没有通过。请看上面的输出。")
            return code
    return 0


def main() -> int:
    """Exit code of the chosen command; 1 when a step failed."""
    if sys.version_info < OLDEST_PYTHON:
        say(
            f"需要 Python 3.11 或更新的版本，当前是 {sys.version.split()[0]}。请安装后用它重新运行，例如：make run PYTHON=python3.11"
        )
        return 1
    parser = argparse.ArgumentParser(prog="python -m review.bootstrap", description="准备环境，并运行程序或测试。")
    parser.add_argument(
        "command", choices=["run", "test", "setup"], help="run 运行程序；test 运行测试；setup 只准备环境"
    )
    chosen, rest = parser.parse_known_args()
    try:
        set_up(with_tests=chosen.command == "test")
    except StepFailedError as error:
        say(f"没有完成：{error}")
        return 1
    except OSError as error:
        say(f"没有完成：读写文件失败（{error.strerror}：{error.filename}）。请检查磁盘空间和文件夹权限后重试。")
        return 1
    try:
        if chosen.command == "run":
            return run_app(rest)
        if chosen.command == "test":
            return run_tests(rest)
    except KeyboardInterrupt:
        return 0
    return 0


if __name__ == "__main__":
    sys.exit(main())
