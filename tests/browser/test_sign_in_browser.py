"""Signing in with the real server and a real browser: the session outlives a reload, and ends everywhere on signing out."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from shutil import which

import pytest

from review.accounts import add_account
from review.workspace import Settings, Workspace

ROOT = Path(__file__).parents[2]
GOOD = "九曲黄河万里沙-77"
START_S, PATIENCE_MS = 60, 60_000
BROWSER = next((found for name in (os.environ.get("CHROME"), "chromium", "google-chrome") if name and (found := which(name))), None)  # fmt: skip


@pytest.fixture
def server(tmp_path: Path) -> Iterator[str]:
    """Address of the app over a record that has one account and nothing else."""
    workspace = Workspace(Settings(tmp_path))
    add_account(workspace, "虚构甲", "district", GOOD, districts=["云山区"])
    workspace.store.engine.dispose()
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    command = [sys.executable, "-m", "streamlit", "run", str(ROOT / "app.py"), "--server.headless", "true"]
    command += ["--server.address", "127.0.0.1", "--server.port", str(port)]
    process = subprocess.Popen(command, cwd=ROOT, env={**os.environ, "EDUREVIEW_HOME": str(tmp_path)})
    try:
        deadline = time.monotonic() + START_S
        while not healthy(port):
            assert process.poll() is None, "程序没有启动"
            assert time.monotonic() < deadline, "程序启动太慢"
            time.sleep(0.3)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(timeout=20)


def healthy(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/_stcore/health", timeout=2) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False


@pytest.mark.browser
@pytest.mark.skipif(BROWSER is None, reason="没有找到 Chromium，浏览器测试已跳过；安装：apt-get install chromium（或用环境变量 CHROME 指明浏览器）")  # fmt: skip
def test_登录经得起刷新_退出后每个窗口都要重新登录(server: str) -> None:
    from playwright.sync_api import Page, expect, sync_playwright

    expect.set_options(timeout=PATIENCE_MS)

    def form_is_shown(page: Page) -> None:
        expect(page.get_by_role("heading", name="登录")).to_be_visible()

    def is_inside(page: Page) -> None:
        expect(page.get_by_role("heading", name="问答")).to_be_visible()
        expect(page.get_by_text("虚构甲")).to_be_visible()

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=BROWSER, args=["--no-sandbox"])
        context = browser.new_context()
        page = context.new_page()
        page.goto(server)
        form_is_shown(page)
        expect(page.get_by_text("导入材料")).to_have_count(0)
        page.get_by_label("姓名").fill("虚构甲")
        page.get_by_label("密码", exact=True).fill("不是这个密码一二三")
        page.get_by_role("button", name="登录", exact=True).click()
        expect(page.get_by_text(re.compile("姓名或密码不对"))).to_be_visible()
        page.get_by_label("密码", exact=True).fill(GOOD)
        page.get_by_role("button", name="登录", exact=True).click()
        is_inside(page)
        page.wait_for_function("document.cookie.includes('edureview_')", timeout=PATIENCE_MS)
        (cookie,) = [one for one in context.cookies() if one["name"].startswith("edureview_")]
        assert cookie["sameSite"] == "Strict"
        page.reload()
        is_inside(page)
        other = context.new_page()
        other.goto(f"{server}/intake")
        expect(other.get_by_role("heading", name="导入材料")).to_be_visible()
        stranger = browser.new_context().new_page()
        stranger.goto(server)
        form_is_shown(stranger)
        page.get_by_role("button", name="退出").click()
        form_is_shown(page)
        page.wait_for_function("!document.cookie.includes('edureview_')", timeout=PATIENCE_MS)
        page.reload()
        form_is_shown(page)
        other.get_by_role("link", name="问答").click()
        form_is_shown(other)
        # The token itself is worth nothing any more.
        context.add_cookies([{**cookie, "expires": -1}])
        page.reload()
        form_is_shown(page)
        browser.close()
