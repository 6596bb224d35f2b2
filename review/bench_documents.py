"""Documents to measure with: made-up reports, turned into PDF by LibreOffice, and pictures of their pages as scans."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

from docx import Document
from docx.oxml.ns import qn
from docx.shared import Pt

from review.errors import BenchToolError

SCAN_DPI = 200
FONT = "Noto Serif CJK SC"
_TOPICS = (
    "学前教育",
    "义务教育",
    "高中阶段教育",
    "职业教育",
    "特殊教育",
    "教师队伍",
    "经费投入",
    "学校布局",
    "校园安全",
    "督导问责",
)
TOWNS = (
    "城关街道",
    "柳林镇",
    "石门镇",
    "望江镇",
    "金竹乡",
    "龙泉镇",
    "双溪乡",
    "新桥镇",
    "青石镇",
    "白鹭街道",
    "枫树乡",
)
_SENTENCES = (
    "{town}现有{topic}阶段学校{a}所，在校学生{b}人，其中随迁子女{c}人，全部就近安排入学。",
    "{year}年区财政安排{town}{topic}专项资金{b}.{d:02d}万元，比上年增加{c}.{a:02d}万元，已按进度拨付到校。",
    "区政府常务会议于{year}年{m}月{d}日听取{topic}工作汇报，议定由区教育局牵头，区财政局、区委编办配合，逐项落实责任。",
    "{town}新建、改扩建{topic}项目{a}个，新增学位{b}个，其中{c}个学位已于{m}月投入使用。",
    "全年组织{topic}专题培训{a}期，参训教师{b}人次，人均{d}学时，培训经费按不低于公用经费预算总额的百分之五安排。",
    "针对{topic}检查发现的{d}个问题，{town}建立整改台账，明确责任人和完成时限，截至{m}月底已销号{c}个。",
    "{town}按照“一校一策”要求完善{topic}制度{a}项，签订责任书{d}份，印发《{town}{topic}工作要点》（临教〔{year}〕{c}号）。",
    "经第三方评估，群众对{town}{topic}工作的满意度为{e}.{m}%，比上年提高{a}.{d}个百分点。",
)  # fmt: skip


def paragraphs(document: int, page: int) -> Iterator[str]:
    """The paragraphs of one page, about 700 characters; other figures and names on every page of every document."""
    seed = document * 1009 + page * 31 + 7
    topic = _TOPICS[seed % len(_TOPICS)]
    yield f"{'一二三四五六七八九十'[page % 10]}、{topic}工作情况（{document + 1}—{page + 1}）"
    for block in range(5):
        said = []
        for step in range(3):
            seed = (seed * 1103515245 + 12345) % (1 << 31)
            value = seed >> 8
            said.append(
                _SENTENCES[(block * 3 + step + page) % len(_SENTENCES)].format(
                    town=TOWNS[value % len(TOWNS)], topic=topic, year=2016 + value % 3, m=value % 12 + 1, d=value % 28 + 1,
                    a=value % 37 + 3, b=value % 4800 + 200, c=value % 190 + 5, e=value % 9 + 90,
                )
            )  # fmt: skip
        yield "".join(said)


def write_docx(path: Path, number: int, pages: int) -> Path:
    """One report; every page of it begins with a heading and a page break ends it."""
    document = Document()
    style = document.styles["Normal"]
    style.font.size = Pt(12)
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for attribute in ("w:ascii", "w:hAnsi", "w:eastAsia"):
        fonts.set(qn(attribute), FONT)
    for page in range(pages):
        heading, *body = paragraphs(number, page)
        document.add_paragraph(heading).paragraph_format.page_break_before = page > 0
        for text in body:
            document.add_paragraph(text).paragraph_format.first_line_indent = Pt(24)
    document.save(str(path))
    return path


def write_pdfs(folder: Path, documents: int, pages: int, *, first: int = 0) -> list[Path]:
    """Reports of so many pages each, with embedded fonts. Raises BenchToolError without LibreOffice."""
    program = shutil.which("soffice") or shutil.which("libreoffice")
    if program is None:
        raise BenchToolError("LibreOffice", "请安装 libreoffice-writer")
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="edureview-bench-") as scratch:
        sources = [write_docx(Path(scratch) / f"报告{n:03d}.docx", n, pages) for n in range(first, first + documents)]
        command = [program, f"-env:UserInstallation={(Path(scratch) / 'profile').as_uri()}", "--headless"]
        command += ["--convert-to", "pdf", "--outdir", str(folder), *map(str, sources)]
        subprocess.run(command, capture_output=True, timeout=900)
    made = [folder / f"{source.stem}.pdf" for source in sources]
    if absent := [path.name for path in made if not path.exists()]:
        raise BenchToolError("LibreOffice", f"它没有生成 {'、'.join(absent)}，请检查其安装（需要 writer 与中文字体）")
    return made


def write_scans(source: Path, path: Path) -> Path:
    """A PDF of nothing but pictures of the pages of `source`, as a scanner at 200 dpi writes it."""
    import pypdfium2

    document = pypdfium2.PdfDocument(source)
    try:
        first, *rest = [page.render(scale=SCAN_DPI / 72).to_pil().convert("RGB") for page in document]
    finally:
        document.close()
    first.save(path, "PDF", save_all=True, append_images=rest, resolution=SCAN_DPI, quality=85)
    return path
