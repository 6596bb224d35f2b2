"""Build the demo hand-in: `python -m corpus.demo.build` turns evidence/*.yaml into the files under 云山区/.

Word and Excel files and plain texts come out byte for byte the same each time. PDFs are printed by LibreOffice from the
Word form and differ between LibreOffice versions; `--keep-pdf` leaves the committed ones alone.
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

from corpus.demo.sources import DISTRICT, FOLDER, NOTICE, Source, load_sources
from corpus.demo.write_docx import write_docx
from corpus.demo.write_xlsx import write_xlsx

# Fonts that exist wherever LibreOffice prints for us; a PDF carries them along.
PDF_FONTS = ("Noto Serif CJK SC", "Noto Sans CJK SC")
_ZIP_DAY = (2019, 3, 20, 9, 0, 0)
_STAMP = "2019-03-20T09:00:00Z"


def build(target: Path = FOLDER / DISTRICT, *, pdf: bool = True) -> list[Path]:
    """Write every demo document below `target` and return their paths.

    Files that no YAML describes any more are removed. Raises RuntimeError when LibreOffice is needed and missing or fails.
    """
    sources = load_sources()
    written: list[Path] = []
    with tempfile.TemporaryDirectory() as scratch:
        to_print: list[tuple[Path, Path]] = []
        for index, source in enumerate(sources):
            path = target / source.file
            path.parent.mkdir(parents=True, exist_ok=True)
            written.append(path)
            if source.suffix == ".docx":
                write_docx(source, path)
                settle(path)
            elif source.suffix == ".xlsx":
                write_xlsx(source, path)
                settle(path)
            elif source.suffix == ".txt":
                path.write_bytes(plain_text(source).encode(source.encoding))
            elif source.suffix == ".pdf":
                draft = Path(scratch) / f"{index:03}.docx"
                write_docx(source, draft, fonts=PDF_FONTS)
                to_print.append((draft, path))
            else:
                raise ValueError(f"{source.origin}：不会生成“{source.suffix}”文件，请用 pdf、docx、xlsx 或 txt。")
        if pdf:
            print_pdfs(to_print, Path(scratch))
    for stale in set(target.rglob("*.*")) - set(written):
        stale.unlink()
    return written


def plain_text(source: Source) -> str:
    """The document as lines of text: first the title, then the notice, tables with their cells joined by "｜"."""
    lines = [source.title, NOTICE, *([source.number] if source.number else []), ""]
    for block in source.sheets[0].blocks:
        if block.table is not None:
            lines.append(block.table.caption)
            lines.extend("｜".join(row) for row in (*block.table.header, *block.table.rows))
        lines.extend(f"{key}：{value}" for key, value in block.pairs)
        if block.text:
            lines.append(block.text)
    lines.extend(["", *(text for text in (source.signed, source.dated) if text), ""])
    return "\r\n".join(lines)


def print_pdfs(pairs: list[tuple[Path, Path]], scratch: Path) -> None:
    """Print each Word file to its PDF with one LibreOffice run, dates fixed."""
    if not pairs:
        return
    office = shutil.which("soffice")
    if office is None:
        raise RuntimeError("没有找到 LibreOffice（soffice），无法生成 PDF，请安装后再运行，或加 --keep-pdf。")
    out = scratch / "pdf"
    command = [
        office,
        f"-env:UserInstallation={(scratch / 'profile').as_uri()}",
        *("--headless", "--convert-to", "pdf", "--outdir", str(out)),
        *(str(draft) for draft, _ in pairs),
    ]
    environment = {**os.environ, "SOURCE_DATE_EPOCH": "1553072400"}
    subprocess.run(command, check=True, capture_output=True, env=environment, timeout=600)
    for draft, path in pairs:
        printed = out / f"{draft.stem}.pdf"
        if not printed.exists():
            raise RuntimeError(f"LibreOffice 没有打印出《{path.name}》，请检查它的 YAML。")
        shutil.move(printed, path)


def settle(path: Path) -> None:
    """Rewrite an Office file so that its bytes depend on its content only: fixed member dates and a fixed save time."""
    with zipfile.ZipFile(path) as archive:
        members = [(name, archive.read(name)) for name in archive.namelist()]
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members:
            if name == "docProps/core.xml":
                data = re.sub(rb"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", _STAMP.encode(), data)
            member = zipfile.ZipInfo(name, date_time=_ZIP_DAY)
            member.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(member, data)


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m corpus.demo.build", description="生成演示材料（虚构）。")
    parser.add_argument("--keep-pdf", action="store_true", help="不重新打印 PDF")
    options = parser.parse_args(arguments)
    written = build(pdf=not options.keep_pdf)
    size = sum(path.stat().st_size for path in written if path.exists())
    print(f"已生成 {len(written)} 个演示文件，共 {size / 1e6:.2f} MB。")
    return 0


if __name__ == "__main__":
    sys.exit(main())
