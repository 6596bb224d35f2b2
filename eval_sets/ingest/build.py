"""Builds the reading corpus: `python -m eval_sets.ingest.build FOLDER [--only NAME…]`, one truth, about forty real files.

LibreOffice (writer, calc, impress), Chromium and fonts-noto-cjk are needed; what a missing one would make is left out and said.
"""

from __future__ import annotations

import argparse
import hashlib
import pickle
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Literal

from PIL import Image

from eval_sets.ingest import ofd, office, pdfs, plain, scans
from eval_sets.ingest.truth import Table, Truth, truths

Kind = Literal["digital", "clean", "noisy"]


@dataclass(frozen=True, slots=True)
class Case:
    """A file and what it says.

    kind : "digital" = its characters are in the file; "clean" = (partly) pictures without a flaw; "noisy" = soiled pictures.
    texts : headings, paragraphs and captions in reading order. tables : in order; not measured where the format has no cells.
    """

    file: str
    kind: Kind
    what: str
    texts: tuple[str, ...]
    tables: tuple[Table, ...] = ()

    @property
    def format(self) -> str:
        """The file's suffix without the dot."""
        return self.file.rpartition(".")[2]


@dataclass(slots=True)
class Corpus:
    """The folder the files go to, and what several of them are made from."""

    folder: Path
    cases: list[Case] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)

    def path(self, file: str) -> Path:
        """Where a file goes."""
        return self.folder / file

    def add(self, file: str, kind: Kind, what: str, *parts: Truth, texts: Sequence[str] | None = None) -> None:
        """Notes a file that was just written; `texts` where it does not say all of the truth's texts."""
        said = [text for part in parts for text in part.texts] if texts is None else texts
        self.cases.append(Case(file, kind, what, tuple(said), tuple(table for part in parts for table in part.tables)))


Recipe = Callable[[Corpus], None]
RECIPES: dict[str, Recipe] = {}


def _recipe(function: Recipe) -> Recipe:
    RECIPES[function.__name__.strip("_")] = function
    return function


def build(folder: Path, only: Sequence[str] = ()) -> Corpus:
    """The corpus of these recipes (default: all), written into `folder`; files that are there from the same truth are kept."""
    corpus = Corpus(folder)
    work = folder / ".work"
    work.mkdir(parents=True, exist_ok=True)
    _pdf_of.cache_clear()
    for name in only or RECIPES:
        noted = work / f"{name}-{_digest()}.pickle"
        if noted.exists():
            corpus.cases += pickle.loads(noted.read_bytes())
            continue
        before = len(corpus.cases)
        try:
            RECIPES[name](corpus)
        except (FileNotFoundError, RuntimeError) as exc:
            corpus.left_out.append(f"{name}：{exc}")
            continue
        noted.write_bytes(pickle.dumps(corpus.cases[before:]))
    return corpus


@cache
def _digest() -> str:
    """Changes whenever the truth or a writer changes."""
    here = Path(__file__).parent
    sources = [here / f"{name}.py" for name in ("build", "ofd", "office", "pdfs", "plain", "scans", "truth")]
    return hashlib.sha256(b"".join(path.read_bytes() for path in (here / "truth.yaml", *sources))).hexdigest()[:12]


def _prose(truth: Truth) -> Truth:
    return truth.only(tables=False)


@cache
def _pdf_of(folder: Path, name: str, part: str = "all", columns: int = 1) -> Path:
    """The PDF that LibreOffice makes of a document, in a folder that is no part of the corpus; made once."""
    work = folder / ".work"
    truth = truths()[name] if part == "all" else _prose(truths()[name])
    source = office.write_docx(truth, work / f"{name}-{part}-{columns}.docx", columns=columns)
    return office.convert([source], "pdf", work)[0]


def _png(picture: Image.Image) -> bytes:
    data = BytesIO()
    picture.save(data, "PNG", dpi=(scans.DPI, scans.DPI))
    return data.getvalue()


@_recipe
def _text(corpus: Corpus) -> None:
    minutes, traditional, report = truths()["minutes"], truths()["traditional"], truths()["report"]
    for encoding in ("utf-8", "utf-8-sig", "gb18030", "utf-16"):
        file = f"纪要_{encoding}.txt"
        plain.write_txt(minutes, corpus.path(file), encoding)
        corpus.add(file, "digital", encoding, minutes)
    plain.write_txt(traditional, corpus.path("紀要_big5.txt"), "big5")
    corpus.add("紀要_big5.txt", "digital", "big5", traditional)
    table = Truth("", "", "", (report.tables[0],))
    for encoding, delimiter in (("utf-8-sig", ","), ("gb18030", ","), ("utf-16", "\t")):
        file = f"经费_{encoding}.csv"
        plain.write_csv(table.tables[0], corpus.path(file), encoding, delimiter=delimiter)
        corpus.add(file, "digital", encoding, table, texts=())


@_recipe
def _word(corpus: Corpus) -> None:
    for name, file in (("report", "自评报告.docx"), ("roster", "名册.docx")):
        office.write_docx(truths()[name], corpus.path(file))
        corpus.add(file, "digital", "python-docx", truths()[name])


@_recipe
def _sheet(corpus: Corpus) -> None:
    for name, file in (("report", "经费与学校.xlsx"), ("roster", "名册.xlsx")):
        only = truths()[name].only(tables=True)
        office.write_xlsx(only, corpus.path(file))
        corpus.add(file, "digital", "openpyxl", only, texts=only.texts[1:])


@_recipe
def _slides(corpus: Corpus) -> None:
    office.write_pptx(truths()["report"], corpus.path("汇报.pptx"))
    corpus.add("汇报.pptx", "digital", "python-pptx", truths()["report"])


@_recipe
def _legacy(corpus: Corpus) -> None:
    report, work = truths()["report"], corpus.folder / ".work"
    word = office.write_docx(report, work / "自评.docx")
    for suffix in ("doc", "rtf", "odt"):
        office.convert([word], suffix, corpus.folder)
        corpus.add(f"自评.{suffix}", "digital", "LibreOffice", report)
    corpus.path("自评.wps").write_bytes(corpus.path("自评.doc").read_bytes())
    corpus.add("自评.wps", "digital", "LibreOffice 的 DOC 改名", report)
    only = report.only(tables=True)
    book = office.write_xlsx(only, work / "经费.xlsx")
    for suffix in ("xls", "ods"):
        office.convert([book], suffix, corpus.folder)
        corpus.add(f"经费.{suffix}", "digital", "LibreOffice", only, texts=only.texts[1:])
    corpus.path("经费.et").write_bytes(corpus.path("经费.xls").read_bytes())
    corpus.add("经费.et", "digital", "LibreOffice 的 XLS 改名", only, texts=only.texts[1:])


@_recipe
def _legacy_slides(corpus: Corpus) -> None:
    show = office.write_pptx(truths()["report"], corpus.folder / ".work" / "汇报旧版.pptx")
    office.convert([show], "ppt", corpus.folder)
    corpus.add("汇报旧版.ppt", "digital", "LibreOffice", truths()["report"])


@_recipe
def _ofd(corpus: Corpus) -> None:
    ofd.write_ofd(truths()["report"], corpus.path("自评报告.ofd"))
    corpus.add("自评报告.ofd", "digital", "GB/T 33190", truths()["report"])


@_recipe
def _containers(corpus: Corpus) -> None:
    report, minutes, work = truths()["report"], truths()["minutes"], corpus.folder / ".work"
    first = office.write_docx(minutes, work / "纪要.docx")
    second = plain.write_txt(truths()["traditional"], work / "交流.txt", "utf-8")
    inner = plain.write_zip(work / "2 内层.zip", {second.name: second.read_bytes()})
    members = {f"1 材料/{first.name}": first.read_bytes(), inner.name: inner.read_bytes()}
    for file, gbk in (("材料包.zip", False), ("材料包_GBK文件名.zip", True)):
        plain.write_zip(corpus.path(file), members, gbk_names=gbk)
        corpus.add(file, "digital", "文件名 GBK" if gbk else "文件名 UTF-8", minutes, truths()["traditional"])
    plain.write_eml(_prose(report), corpus.path("报送邮件.eml"), [first])
    # Who wrote to whom, and when, is part of what a mail says.
    head = [f"主题：{report.title}", f"发件人：{plain.SENDER}", f"收件人：{plain.RECEIVER}", f"日期：{plain.SENT}"]
    said = [*head, *_prose(report).texts[1:], f"附件：{first.name}", *minutes.texts]
    corpus.add("报送邮件.eml", "digital", "正文 GB18030，附件 DOCX", minutes, texts=said)


@_recipe
def _pdf(corpus: Corpus) -> None:
    for name, file in (("report", "自评报告.pdf"), ("roster", "名册.pdf")):
        corpus.path(file).write_bytes(_pdf_of(corpus.folder, name).read_bytes())
        corpus.add(file, "digital", "LibreOffice，页眉页码", truths()[name])
    prose = _prose(truths()["report"])
    corpus.path("双栏.pdf").write_bytes(_pdf_of(corpus.folder, "report", "prose", 2).read_bytes())
    corpus.add("双栏.pdf", "digital", "两栏", prose)
    source = _pdf_of(corpus.folder, "report")
    pdfs.turned(source, corpus.path("旋转.pdf"), shown_upright=[True])
    corpus.add("旋转.pdf", "digital", "/Rotate 90、180、270，显示为正", truths()["report"])
    pdfs.turned(source, corpus.path("侧放.pdf"), shown_upright=[False])
    corpus.add("侧放.pdf", "digital", "页面横放、倒放", truths()["report"])
    pdfs.out_of_order(_pdf_of(corpus.folder, "report", "prose"), corpus.path("乱序.pdf"))
    corpus.add("乱序.pdf", "digital", "内容流次序打乱", prose)


@_recipe
def _browser(corpus: Corpus) -> None:
    office.print_html(office.to_html(truths()["report"]), corpus.path("网页打印.pdf"))
    corpus.add("网页打印.pdf", "digital", "Chromium", truths()["report"])


@_recipe
def _no_unicode(corpus: Corpus) -> None:
    pdfs.without_unicode(_pdf_of(corpus.folder, "minutes"), corpus.path("无字符映射.pdf"))
    corpus.add("无字符映射.pdf", "clean", "字体没有 ToUnicode", truths()["minutes"])


@_recipe
def _mixed(corpus: Corpus) -> None:
    source = _pdf_of(corpus.folder, "report")
    pictures = scans.draw(source)
    pdfs.with_pictures(source, corpus.path("混合.pdf"), {1: pictures[1]})
    corpus.add("混合.pdf", "clean", "第2页为扫描，其余有文字层", truths()["report"])
    pdfs.with_text_layer(source, corpus.path("扫描带文字层.pdf"), pictures)
    corpus.add("扫描带文字层.pdf", "clean", "整页图片后有看不见的文字层", truths()["report"])


@_recipe
def _scan(corpus: Corpus) -> None:
    for name, file in (("report", "扫描.pdf"), ("roster", "扫描名册.pdf")):
        scans.save_pdf(scans.draw(_pdf_of(corpus.folder, name)), corpus.path(file))
        corpus.add(file, "clean", "200 dpi", truths()[name])


@_recipe
def _scan_columns(corpus: Corpus) -> None:
    scans.save_pdf(scans.draw(_pdf_of(corpus.folder, "report", "prose", 2)), corpus.path("扫描双栏.pdf"))
    corpus.add("扫描双栏.pdf", "clean", "200 dpi，两栏", _prose(truths()["report"]))


@_recipe
def _scan_turned(corpus: Corpus) -> None:
    pages = scans.draw(_pdf_of(corpus.folder, "report", "prose"))
    turns = (Image.Transpose.ROTATE_90, Image.Transpose.ROTATE_180, Image.Transpose.ROTATE_270)
    scans.save_pdf([page.transpose(turns[n % 3]) for n, page in enumerate(pages)], corpus.path("扫描转向.pdf"))
    corpus.add("扫描转向.pdf", "clean", "200 dpi，90°、180°、270°", _prose(truths()["report"]))


@_recipe
def _pictures(corpus: Corpus) -> None:
    minutes = truths()["minutes"]
    page = scans.draw(_pdf_of(corpus.folder, "minutes"))[0]
    page.save(corpus.path("纪要.png"), dpi=(200, 200))
    corpus.add("纪要.png", "clean", "200 dpi", minutes)
    page.convert("L").save(corpus.path("纪要.bmp"))
    corpus.add("纪要.bmp", "clean", "200 dpi，灰度", minutes)
    # As a telephone held sideways saves it: the pixels lie on their side, the EXIF mark says how to turn them.
    exif = Image.Exif()
    exif[0x0112] = 6
    page.transpose(Image.Transpose.ROTATE_90).save(corpus.path("纪要_EXIF.jpg"), quality=88, exif=exif, dpi=(200, 200))
    corpus.add("纪要_EXIF.jpg", "clean", "200 dpi，EXIF 方向 6", minutes)
    first, *rest = scans.draw(_pdf_of(corpus.folder, "report", "prose"))
    first.save(corpus.path("自评.tif"), save_all=True, append_images=rest, compression="tiff_lzw", dpi=(200, 200))
    corpus.add("自评.tif", "clean", "200 dpi，多页 LZW", _prose(truths()["report"]))


@_recipe
def _picture_inside(corpus: Corpus) -> None:
    prose, minutes = _prose(truths()["report"]), truths()["minutes"]
    page = scans.draw(_pdf_of(corpus.folder, "minutes"))[0]
    office.write_docx(prose, corpus.path("内含扫描.docx"), picture=_png(page))
    corpus.add("内含扫描.docx", "clean", "文末贴有扫描图片", prose, minutes)


@_recipe
def _soiled(corpus: Corpus) -> None:
    for name, file in (("report", "污损.pdf"), ("roster", "污损名册.pdf")):
        scans.save_pdf(scans.soiled(scans.draw(_pdf_of(corpus.folder, name))), corpus.path(file), quality=60)
        corpus.add(file, "noisy", "200 dpi，噪点、倾斜、红章、明暗不匀", truths()[name])


@_recipe
def _soiled_pictures(corpus: Corpus) -> None:
    minutes = truths()["minutes"]
    page = scans.draw(_pdf_of(corpus.folder, "minutes"))[0]
    scans.photographed(page).save(corpus.path("拍照.jpg"), quality=70)
    corpus.add("拍照.jpg", "noisy", "手机拍照：透视、暗角、桌面", minutes)
    scans.faxed(page).save(corpus.path("传真.tif"), compression="group4", dpi=(200, 200))
    corpus.add("传真.tif", "noisy", "黑白二值、斑点，G4", minutes)


def main(arguments: Sequence[str] | None = None) -> int:
    """The command line; the exit code."""
    parser = argparse.ArgumentParser(
        prog="python -m eval_sets.ingest.build", description="生成读取测评的文件（虚构内容）。"
    )
    parser.add_argument("folder", type=Path, help="放在哪里")
    parser.add_argument(
        "--only",
        nargs="*",
        default=(),
        choices=sorted(RECIPES),
        metavar="组",
        help=f"只生成这些组：{'、'.join(RECIPES)}",
    )
    options = parser.parse_args(arguments)
    corpus = build(options.folder, options.only)
    for case in corpus.cases:
        size = corpus.path(case.file).stat().st_size / 1024
        print(f"{case.file}　{case.kind}　{case.what}　{size:.0f} KB")
    for reason in corpus.left_out:
        print(f"没有生成 {reason}", file=sys.stderr)
    return 0 if not corpus.left_out else 3


if __name__ == "__main__":
    sys.exit(main())
