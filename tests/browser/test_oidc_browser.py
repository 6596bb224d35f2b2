"""Sign-in through an identity provider, with the real server, a real browser and a provider on this computer."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from review.accounts import add_account
from review.audit import acts
from review.workspace import Settings, Workspace
from tests.browser.identity_provider import CLIENT, SECRET, Provider, provider
from tests.browser.test_sign_in_browser import BROWSER, PATIENCE_MS, ROOT, START_S, healthy

pytest.importorskip("authlib", reason='没有安装 Authlib（pip install -e ".[oidc]"）')
EMAIL = "jia@edu.example"


@dataclass(frozen=True, slots=True)
class Served:
    """The app's address, its data folder, and the provider it asks."""

    address: str
    home: Path
    provider: Provider


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Served]:
    """The app with one account that comes from the provider, and one that was disabled."""
    home = tmp_path / "home"
    workspace = Workspace(Settings(home))
    add_account(workspace, "虚构甲", "office", "", external=EMAIL)
    workspace.store.engine.dispose()
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    with provider() as asked:
        settings = tmp_path / "secrets.toml"
        settings.write_text(
            f'[auth]\nredirect_uri = "http://127.0.0.1:{port}/oauth2callback"\ncookie_secret = "{"虚构-" * 8}"\n'
            f'client_id = "{CLIENT}"\nclient_secret = "{SECRET}"\n'
            f'server_metadata_url = "{asked.address}/.well-known/openid-configuration"\n',
            encoding="utf-8",
        )
        command = [sys.executable, "-m", "streamlit", "run", str(ROOT / "app.py"), "--server.headless", "true"]
        command += ["--server.address", "127.0.0.1", "--server.port", str(port), "--secrets.files", str(settings)]
        process = subprocess.Popen(command, cwd=ROOT, env={**os.environ, "EDUREVIEW_HOME": str(home)})
        try:
            deadline = time.monotonic() + START_S
            while not healthy(port):
                assert process.poll() is None, "程序没有启动"
                assert time.monotonic() < deadline, "程序启动太慢"
                time.sleep(0.3)
            yield Served(f"http://127.0.0.1:{port}", home, asked)
        finally:
            process.terminate()
            process.wait(timeout=20)


@pytest.mark.browser
@pytest.mark.skipif(BROWSER is None, reason="没有找到 Chromium，浏览器测试已跳过；安装：apt-get install chromium（或用环境变量 CHROME 指明浏览器）")  # fmt: skip
def test_统一身份认证_对得上账号才进得来_退出要重新登录(served: Served) -> None:
    from playwright.sync_api import Page, expect, sync_playwright

    expect.set_options(timeout=PATIENCE_MS)

    def through_provider(page: Page) -> None:
        page.goto(served.address)
        expect(page.get_by_role("heading", name="登录")).to_be_visible()
        # Over the provider and back; whoever goes elsewhere before that cuts the way off.
        with page.expect_navigation(timeout=PATIENCE_MS):
            page.get_by_role("button", name="用统一身份认证登录").click()

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=BROWSER, args=["--no-sandbox"])
        refused = (
            ({"email": "nobody@edu.example", "email_verified": True}, "还没有可用的账号"),
            ({"email": EMAIL, "email_verified": False}, "没有给出可用的邮箱"),
            ({}, "没有给出可用的邮箱"),
        )
        for claims, told in refused:
            served.provider.claims = claims
            page = browser.new_context().new_page()
            through_provider(page)
            expect(page.get_by_text(told)).to_be_visible()
            expect(page.get_by_role("heading", name="登录")).to_be_visible()
            expect(page.get_by_text("导入材料")).to_have_count(0)
        served.provider.claims, served.provider.forged = {"email": EMAIL, "email_verified": True}, True
        page = browser.new_context().new_page()
        through_provider(page)
        page.goto(served.address)
        expect(page.get_by_role("heading", name="登录")).to_be_visible()

        served.provider.forged = False
        page = browser.new_context().new_page()
        through_provider(page)
        expect(page.get_by_role("heading", name="问答")).to_be_visible()
        expect(page.get_by_text("虚构甲")).to_be_visible()
        assert served.provider.asked[-1]["client_id"] == [CLIENT]
        assert served.provider.asked[-1]["code_challenge_method"] == ["S256"]
        page.reload()
        expect(page.get_by_text("虚构甲")).to_be_visible()
        with page.expect_navigation(timeout=PATIENCE_MS):
            page.get_by_role("button", name="退出").click()
        expect(page.get_by_role("heading", name="登录")).to_be_visible()
        page.reload()
        expect(page.get_by_role("heading", name="登录")).to_be_visible()
        browser.close()
    told = [(act.act, act.person) for act in acts(Workspace(Settings(served.home)))]
    assert told.count(("signed_in", "虚构甲")) == 1
    assert ("signed_out", "虚构甲") in told
