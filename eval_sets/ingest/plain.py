"""Writes a document as text, CSV, mail and archive, in the encodings that turn up."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Sequence
from email.message import EmailMessage
from pathlib import Path

from eval_sets.ingest.truth import Table, Text, Truth

SENDER, RECEIVER, SENT = "office@linjiang.example", "review@city.example", "Mon, 14 Jan 2019 09:30:00 +0800"


def write_txt(truth: Truth, path: Path, encoding: str) -> Path:
    """One paragraph a line, tables left out."""
    lines = [truth.title, *(block.text for block in truth.blocks if isinstance(block, Text))]
    path.write_bytes("\r\n".join(lines).encode(encoding))
    return path


def write_csv(table: Table, path: Path, encoding: str, *, delimiter: str = ",") -> Path:
    """The table's grid; merged cells repeat nothing, as spreadsheets export them."""
    places = {(cell.row, cell.column): cell.text for cell in table.cells()}
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=delimiter)
    for row in range(len(table.grid)):
        writer.writerow([places.get((row, column), "") for column in range(table.width)])
    path.write_bytes(text.getvalue().encode(encoding))
    return path


def write_eml(truth: Truth, path: Path, attachments: Sequence[Path]) -> Path:
    """A mail whose body is the document's prose, with files attached."""
    mail = EmailMessage()
    mail["Subject"], mail["From"], mail["To"] = truth.title, SENDER, RECEIVER
    mail["Date"] = SENT
    mail.set_content("\n".join(block.text for block in truth.blocks if isinstance(block, Text)), charset="gb18030")
    for attachment in attachments:
        mail.add_attachment(
            attachment.read_bytes(), maintype="application", subtype="octet-stream", filename=attachment.name
        )
    path.write_bytes(mail.as_bytes())
    return path


def write_zip(path: Path, members: dict[str, bytes], *, gbk_names: bool = False) -> Path:
    """An archive; gbk_names : names in GBK without the mark for UTF-8, as Windows in China packs them."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            info = zipfile.ZipInfo(name, date_time=(2019, 1, 14, 9, 30, 0))
            info.compress_type = zipfile.ZIP_DEFLATED
            if gbk_names:
                info = _GbkName(info)
            archive.writestr(info, data)
    return path


class _GbkName(zipfile.ZipInfo):
    """A member whose name is written as GBK bytes without the UTF-8 flag."""

    def __init__(self, info: zipfile.ZipInfo) -> None:
        super().__init__(info.filename, info.date_time)
        self.compress_type = info.compress_type

    def _encodeFilenameFlags(self) -> tuple[bytes, int]:
        return self.filename.encode("gbk"), self.flag_bits & ~0x800
