"""Reads mails (EML): headers and words as one page. What is attached becomes files of its own, see ingest.unpack."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from ingest.errors import DamagedFileError
from ingest.headings import heading_level
from ingest.mail import read_mail
from ingest.pages import Finding, ParsedPage
from ingest.readers.base import Properties
from ingest.readers.builder import PageBuilder
from ingest.readers.html_text import Line, lines_of


def read(path: Path, file: str, first: int = 1) -> Iterator[Properties | ParsedPage]:
    """One page 邮件. Raises DamagedFileError."""
    try:
        mail = read_mail(path)
        lines = [Line(line.strip()) for line in mail.text.split("\n") if line.strip()] or lines_of(mail.html)
    except ValueError as exc:
        raise DamagedFileError(file, "邮件（EML）", "邮件结构不完整或嵌套过深") from exc
    secret = [line.text for line in (lines_of(mail.html) if mail.html else ()) if line.hidden]
    findings: tuple[Finding, ...] = ()
    if secret:
        sentence = f"《{file}》的邮件正文有 {len(secret)} 处看不见的文字，没有作为佐证使用，请核对。"
        findings = (Finding("隐藏文字", sentence, "；".join(secret)[:500]),)
    yield Properties("eml", 1, mail.headers.get("主题", ""), (), findings)
    if first > 1:
        return
    builder = PageBuilder()
    for name, value in mail.headers.items():
        builder.line(f"{name}：{value}", "paragraph", {"path": f"邮件头 > {name}"})
    for number, line in enumerate(lines, 1):
        locator = {"path": f"正文 > 第{number}段"}
        if line.hidden:
            locator["hidden"] = "隐藏文字"
        builder.line(line.text, "paragraph" if heading_level(line.text) is None else "heading", locator)
    if mail.attachments:
        builder.line(f"附件：{'、'.join(mail.attachments)}", "paragraph", {"path": "附件"})
    if builder.empty:
        yield builder.page(1, "邮件", "empty", f"《{file}》里没有文字。")
    else:
        yield builder.page(1, "邮件", "text")
