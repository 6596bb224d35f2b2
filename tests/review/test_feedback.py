"""The feedback letter of the demo district, opened as a Word file: what it must name, and that every number resolves."""

from __future__ import annotations

import io
import re
import shutil
import subprocess
from pathlib import Path

import docx
import pytest

from review.feedback import Feedback, feedback_points
from review.official_document import OfficialDocument
from review.papers.letter import letter_values
from review.papers.record import read_record
from review.papers.render import render
from review.workspace import Settings, Workspace


@pytest.fixture(scope="module")
def feedback(demo_home: Path) -> Feedback:
    return feedback_points(Workspace(Settings(demo_home)), "云山区", 2019)


@pytest.fixture(scope="module")
def paper(demo_home: Path) -> bytes:
    return render("feedback", letter_values(read_record(Workspace(Settings(demo_home)), "云山区", 2019)))


@pytest.fixture(scope="module")
def body(paper: bytes) -> str:
    return "\n".join(paragraph.text for paragraph in docx.Document(io.BytesIO(paper)).paragraphs)


@pytest.fixture(scope="module")
def tables(paper: bytes) -> list[list[list[str]]]:
    opened = docx.Document(io.BytesIO(paper))
    return [[[cell.text for cell in row.cells] for row in table.rows] for table in opened.tables]


def test_故意缺失的要点逐个点名(body: str) -> None:
    for item in ("B4-2", "B7-2", "B16-5", "B19-2"):
        assert re.search(rf"（{item}）.*未见佐证材料", body), item


def test_年度不符的文件点名(body: str) -> None:
    assert "关于健全区政府教育督导机构的通知.pdf" in body
    assert "区政府常务会议纪要（2017年9月）.pdf" in body


def test_矛盾的两个数都写出(body: str) -> None:
    (line,) = [line for line in body.splitlines() if "镇街社区教育中心覆盖率前后不一" in line]
    assert "91.7%" in line
    assert "83.3%" in line


def test_主要成绩有数据和佐证编号(body: str) -> None:
    (line,) = [line for line in body.splitlines() if line.startswith("（B5-5）")]
    assert "86.5%" in line
    assert re.search(r"〔\d+〕", line)


def test_得分来自案卷(body: str) -> None:
    assert "自评总得分 939.00 分" in body
    assert "776/821" in body
    assert "894.28" in body
    assert "待认定" in body


def test_每个佐证编号都能在索引中找到(paper: bytes, body: str, tables: list[list[list[str]]]) -> None:
    listed = {row[0] for row in tables[-1][1:]}
    used = set(re.findall(r"〔\d+〕", body + "".join(row[5] for row in tables[0][1:]))) - set(
        re.findall(r"发〔\d+〕", body)
    )
    assert used - {"〔2019〕", "〔2018〕", "〔2017〕"} <= listed
    assert len(listed) == len(tables[-1]) - 1 > 0


def test_问题清单与问题数一致_得分表有全部二级指标(feedback: Feedback, tables: list[list[list[str]]]) -> None:
    assert len(tables[0]) - 1 == len(feedback.problems)
    assert [row[0] for row in tables[1][1:22]] == [f"B{number}" for number in range(1, 22)]


def test_标明拟定稿(paper: bytes) -> None:
    assert "拟定稿" in docx.Document(io.BytesIO(paper)).sections[0].header.paragraphs[0].text


def test_没有空条目和None(body: str, tables: list[list[list[str]]]) -> None:
    everything = body + "".join(cell for table in tables for row in table for cell in row)
    assert "None" not in everything
    assert "：。" not in everything


def test_控制字符不会弄坏文件() -> None:
    paper = OfficialDocument(header="拟定稿")
    paper.body("前\x00后 & <标签>\x0b")
    assert "前后 & <标签>" in [p.text for p in docx.Document(io.BytesIO(paper.to_bytes())).paragraphs]


@pytest.mark.skipif(
    shutil.which("soffice") is None,
    reason="没有 LibreOffice，跳过打开检查；可用 apt-get install libreoffice-writer 安装",
)
def test_办公软件能打开(paper: bytes, tmp_path: Path) -> None:
    (tmp_path / "反馈意见.docx").write_bytes(paper)
    command = ["soffice", f"-env:UserInstallation=file://{tmp_path}/profile", "--headless", "--convert-to", "pdf"]
    subprocess.run(
        [*command, "--outdir", str(tmp_path), str(tmp_path / "反馈意见.docx")],
        check=True,
        capture_output=True,
        timeout=180,
    )
    import pypdfium2

    document = pypdfium2.PdfDocument(tmp_path / "反馈意见.pdf")
    assert len(document) >= 3
    assert "反馈意见" in document[0].get_textpage().get_text_range().replace("\r\n", "")
