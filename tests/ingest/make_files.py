"""Makes the office files of these tests. Everything in them is made up: 演示数据（虚构）.

`python tests/ingest/make_files.py` rewrites the committed tests/ingest/files/自评报告.pdf (needs LibreOffice).
"""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from pathlib import Path

from docx import Document
from docx.shared import Pt

FILES = Path(__file__).parent / "files"
PARAGRAPH = (
    "2018年，云山区共有幼儿园86所，在园幼儿21000人，其中公办园在园10920人，普惠性民办园在园7245人，"
    "普惠性幼儿园覆盖率为86.5%，学前三年入园率达到97.2%。区财政全年安排学前教育专项资金3,260万元，"
    "用于新建改扩建幼儿园11所，新增学位3240个。"
)
SECOND = (
    "区政府常务会议于2018年3月14日和2018年11月27日两次专题研究教育工作，印发《云山区学前教育行动计划》"
    "（云政办发〔2018〕7号），明确编制、财政、规划等部门职责，逐项建立问题清单并限期销号。"
)
ROWS = [
    ("镇街", "幼儿园数（所）", "在园幼儿（人）", "普惠率"),
    ("城关街道", "31", "8,420", "88.1%"),
    ("北河镇", "27", "6,310", "85.0%"),
    ("南岭镇（含开发区代管的三个行政村及两个新建社区）", "28", "6,270", "85.9%"),
]


def report_docx(path: Path) -> Path:
    """A report of three pages with header, footer, headings, justified paragraphs and a table."""
    document = Document()
    document.styles["Normal"].font.name = "Noto Serif CJK SC"
    document.styles["Normal"].font.size = Pt(12)
    document.sections[0].header.paragraphs[0].text = "演示数据（虚构）"
    document.add_paragraph("云山区人民政府2018年度履行教育职责自评报告").alignment = 1
    for number, name in enumerate(("学前教育", "义务教育", "教师队伍"), 1):
        document.add_paragraph(f"{'一二三'[number - 1]}、{name}发展情况")
        for round_ in range(4):
            paragraph = document.add_paragraph(PARAGRAPH if round_ % 2 == 0 else SECOND)
            paragraph.paragraph_format.first_line_indent = Pt(24)
            paragraph.alignment = 3
        if number == 1:
            table = document.add_table(rows=0, cols=4, style="Table Grid")
            for row in ROWS:
                for cell, text in zip(table.add_row().cells, row, strict=True):
                    cell.text = text
    document.add_page_break()
    document.add_paragraph("四、下一步打算")
    document.add_paragraph("继续巩固普惠成果。")
    document.save(str(path))
    return path


def to_pdf(source: Path, folder: Path) -> Path:
    """The PDF that LibreOffice makes of an office file."""
    with tempfile.TemporaryDirectory() as profile:
        subprocess.run(
            [
                "soffice",
                f"-env:UserInstallation=file://{profile}",
                "--headless",
                "--convert-to",
                "pdf",
                "--outdir",
                str(folder),
                str(source),
            ],
            check=True,
            capture_output=True,
            timeout=180,
        )
    return folder / f"{source.stem}.pdf"


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as scratch:
        shutil.move(to_pdf(report_docx(Path(scratch) / "自评报告.docx"), Path(scratch)), FILES / "自评报告.pdf")
