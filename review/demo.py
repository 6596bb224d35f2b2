"""The demo district (fictional): loads its evidence and case, and starts the app on this machine only."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from collections.abc import Callable
from contextlib import ExitStack
from importlib.resources import as_file, files
from pathlib import Path

from review.cases import record_case
from review.errors import PortInUseError
from review.intake import Progress, take_in
from review.rights import allowed
from review.workspace import Workspace

DISTRICT, CYCLE = "云山区", 2019
CASE_FILE = "案卷.yaml"
HOST = "127.0.0.1"
ROOT = Path(__file__).resolve().parent.parent


@allowed("maintain")
def load_demo(
    workspace: Workspace, say: Callable[[str], object], on_progress: Callable[[Progress], None] | None = None
) -> None:
    """Take in the demo evidence and record its case; nothing is added when they are there."""
    with ExitStack() as stack:
        folder = stack.enter_context(as_file(files("corpus") / "demo" / DISTRICT))
        case = stack.enter_context(as_file(files("corpus") / "demo" / CASE_FILE))
        if (DISTRICT, CYCLE) not in workspace.districts():
            say(f"正在导入演示材料（{DISTRICT}，虚构）……")
        result = take_in(workspace, [folder], district=DISTRICT, cycle=CYCLE, on_progress=on_progress)
        record_case(workspace, case.read_text(encoding="utf-8"), CASE_FILE)
    say(f"演示材料就绪：{len(result.files)} 个文件，其中新导入 {len(result.new)} 个。")


def start_app(port: int, say: Callable[[str], object]) -> int:
    """Run the app in the foreground until it is stopped; its exit code. Raises PortInUseError."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError as error:
            raise PortInUseError(port) from error
    say(f"程序地址：http://{HOST}:{port}　（按 Ctrl+C 结束）")
    command = [
        sys.executable, "-m", "streamlit", "run", str(ROOT / "app.py"),
        "--server.address", HOST, "--server.port", str(port), "--server.headless", "true",
        "--server.showEmailPrompt", "false", "--browser.gatherUsageStats", "false", "--", "--demo",
    ]  # fmt: skip
    try:
        return subprocess.run(command, cwd=ROOT, env={**os.environ, "PYTHONUTF8": "1"}).returncode
    except KeyboardInterrupt:
        return 0
