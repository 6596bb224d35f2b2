"""The real server in a real browser: a question, its answer, and the cited page with the quoted words marked."""

from __future__ import annotations

import io
import os
import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image

ROOT = Path(__file__).parents[2]
START_S = 60
PATIENCE_MS = 120_000
# What draw_highlights leaves of white paper: yellow, so clearly less blue than red.
YELLOW_GAP = 60


def chromium() -> str | None:
    """Path of the browser, None when there is none."""
    for name in (os.environ.get("CHROME"), "chromium", "chromium-browser", "google-chrome"):
        found = shutil.which(name) if name else None
        if found:
            return found
    return None


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="module")
def server(demo_home: Path) -> Iterator[str]:
    """Address of the app over the demo evidence."""
    if chromium() is None:
        pytest.skip(
            "没有找到 Chromium，浏览器测试已跳过；安装：apt-get install chromium（或用环境变量 CHROME 指明浏览器）"
        )
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    command = [sys.executable, "-m", "streamlit", "run", str(ROOT / "app.py"), "--server.headless", "true"]
    command += ["--server.address", "127.0.0.1", "--server.port", str(port)]
    process = subprocess.Popen(command, cwd=ROOT, env={**os.environ, "EDUREVIEW_HOME": str(demo_home)})
    try:
        deadline = time.monotonic() + START_S
        while not healthy(address):
            assert process.poll() is None, "程序没有启动"
            assert time.monotonic() < deadline, "程序启动太慢"
            time.sleep(0.3)
        yield address
    finally:
        process.terminate()
        process.wait(timeout=20)


def healthy(address: str) -> bool:
    try:
        with urllib.request.urlopen(f"{address}/_stcore/health", timeout=2) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False


@pytest.mark.browser
@pytest.mark.model
@pytest.mark.skipif(
    chromium() is None,
    reason="没有找到 Chromium，浏览器测试已跳过；安装：apt-get install chromium（或用环境变量 CHROME 指明浏览器）",
)
def test_提问后看到标出引文的原页(server: str) -> None:
    from playwright.sync_api import expect, sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium(), args=["--no-sandbox", "--disable-dev-shm-usage"]
        )
        page = browser.new_page(viewport={"width": 1440, "height": 900})
        requested: list[str] = []
        page.on("request", lambda request: requested.append(request.url))
        page.goto(server)
        box = page.get_by_placeholder("请输入问题，例如：学前教育普惠率达到多少？")
        box.wait_for(timeout=PATIENCE_MS)
        box.fill("学前教育普惠率达到多少？")
        box.press("Enter")
        answer = page.get_by_test_id("stChatMessage").nth(1)
        expect(answer).to_contain_text("86.5%", timeout=PATIENCE_MS)
        answer.get_by_role("button").filter(has_text="页").first.click()
        image = page.locator(".st-key-source").get_by_test_id("stImage").locator("img")
        expect(image).to_be_visible(timeout=PATIENCE_MS)
        expect(image).to_have_attribute("alt", re.compile(r"第\d+页，标出的文字：.*86\.5%"))
        drawn = page.request.get(str(image.evaluate("img => img.src"))).body()
        browser.close()
    assert marked_pixels(Image.open(io.BytesIO(drawn))) > 500
    assert [url for url in requested if not url.startswith((server, "data:", "blob:"))] == []


def marked_pixels(image: Image.Image) -> int:
    """How many pixels are yellow."""
    red, _, blue = image.convert("RGB").split()
    pairs = zip(red.tobytes(), blue.tobytes(), strict=True)
    return sum(r - b > YELLOW_GAP and r > 180 for r, b in pairs)
