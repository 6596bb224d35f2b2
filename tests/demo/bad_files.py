"""The files a district hands in by mistake, made on the spot: a damaged PDF, one with a password, an empty one, an unknown one."""

from __future__ import annotations

from pathlib import Path

from pypdf import PdfReader, PdfWriter

DEMO = Path(__file__).parents[2] / "corpus" / "demo" / "云山区"
GOOD_PDF = DEMO / "03 教育保障" / "关于健全区政府教育督导机构的通知.pdf"
PASSWORD = "yanshi-2018"


def make_bad_files(folder: Path) -> dict[str, Path]:
    """Write the four files into `folder`; keys: damaged, encrypted, empty, unknown."""
    folder.mkdir(parents=True, exist_ok=True)
    files = {
        "damaged": folder / "区政府文件（损坏）.pdf",
        "encrypted": folder / "督导机构通知（加密）.pdf",
        "empty": folder / "空白材料.docx",
        "unknown": folder / "活动照片打包.dat",
    }
    files["damaged"].write_bytes(b"%PDF-1.6\n" + bytes(range(256)) * 8)
    writer = PdfWriter(clone_from=PdfReader(GOOD_PDF))
    writer.encrypt(user_password=PASSWORD, owner_password=PASSWORD, algorithm="AES-256")
    with files["encrypted"].open("wb") as out:
        writer.write(out)
    files["empty"].write_bytes(b"")
    files["unknown"].write_bytes(bytes((7 * index + 3) % 256 for index in range(4096)))
    return files
