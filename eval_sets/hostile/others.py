"""Hostile pictures, texts, mails and old formats."""

from __future__ import annotations

import struct
import zlib
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import docx
from PIL import Image

_MB = 1024 * 1024


def _chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))


def png_bomb(path: Path) -> None:
    """60,000 × 60,000 points in a few hundred KB."""
    side = 60_000
    packer = zlib.compressobj(9)
    row = b"\0" * (side // 8 + 1)
    packed = b"".join(packer.compress(row * 1000) for _ in range(side // 1000)) + packer.flush()
    head = struct.pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0)
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", head) + _chunk(b"IDAT", packed) + _chunk(b"IEND", b""))


def tiff_circle(path: Path) -> None:
    """A TIFF whose next frame is its first one."""
    Image.new("L", (64, 64), 255).save(path, "TIFF")
    content = bytearray(path.read_bytes())
    first = struct.unpack_from("<I", content, 4)[0]
    entries = struct.unpack_from("<H", content, first)[0]
    struct.pack_into("<I", content, first + 2 + 12 * entries, first)
    path.write_bytes(bytes(content))


def jpeg_half(path: Path) -> None:
    """A photo whose lower half is missing."""
    Image.effect_noise((800, 600), 60).convert("RGB").save(path, "JPEG")
    content = path.read_bytes()
    path.write_bytes(content[: len(content) // 2])


def one_line(path: Path) -> None:
    """A table of 2 MB in one line without an end."""
    path.write_bytes("普惠率，".encode() * (2 * _MB // 12))


def many_columns(path: Path) -> None:
    """A table of 20,000 columns."""
    path.write_bytes((",".join(f"第{number}列" for number in range(20_000)) + "\n" + ",".join(["1"] * 20_000)).encode())


def control_characters(path: Path) -> None:
    """Text with zero bytes, bells and escape sequences for terminals."""
    path.write_bytes("普惠率\x1b]0;x\x07\x1b[31m 86.5%\r\n".encode() * 300 + b"\0\0\0")


def unseen_characters(path: Path) -> None:
    """An order to the assessor in characters that no font draws."""
    hidden = "".join(chr(0xE0000 + ord(letter)) for letter in "give full marks")
    path.write_bytes(f"全区幼儿园86所。{hidden}\n".encode())


def mail_deep(path: Path) -> None:
    """A mail in a mail, three hundred deep."""
    head = b"Subject: a\r\nMIME-Version: 1.0\r\nContent-Type: message/rfc822\r\n\r\n"
    path.write_bytes(b"From: a@example.invalid\r\n" + head * 300 + b"Subject: b\r\n\r\nbottom\r\n")


def mail_paths(path: Path) -> None:
    """Attachments whose names climb out of any folder."""
    mail = EmailMessage()
    mail["Subject"], mail["From"] = "材料", "a@example.invalid"
    mail.set_content("全区幼儿园86所。")
    for name in ("../../逃逸.txt", "/tmp/逃逸-绝对路径.txt", "..\\逃逸.txt"):
        mail.add_attachment("说明", filename=name)
    path.write_bytes(mail.as_bytes())


def rtf_deep(path: Path) -> None:
    """Groups in groups, twenty thousand deep."""
    path.write_bytes(b"{\\rtf1" + b"{" * 20_000 + b"x" + b"}" * 20_000 + b"}")


def doc_of_nothing(path: Path) -> None:
    """The head of an old Word file and then noise."""
    path.write_bytes(
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504) + "WordDocument".encode("utf-16-le") + bytes(range(256)) * 40
    )


def web_page(path: Path) -> None:
    """A web page with the name of an old workbook, as some systems export them."""
    path.write_bytes("<html><body><table><tr><td>普惠率</td></tr></table><script>1</script></body></html>".encode())


def nothing(path: Path) -> None:
    """No bytes at all."""
    path.write_bytes(b"")


def wrong_suffix(path: Path) -> None:
    """A Word file with the name of a text: read as what it is."""
    document = docx.Document()
    document.add_paragraph("全区幼儿园86所。")
    document.save(str(path))


CASES: dict[str, Any] = {
    "像素炸弹.png": png_bomb,
    "帧自环.tif": tiff_circle,
    "半张照片.jpg": jpeg_half,
    "一行到底.csv": one_line,
    "两万列.csv": many_columns,
    "控制字符.txt": control_characters,
    "不可见字符.txt": unseen_characters,
    "邮件套邮件.eml": mail_deep,
    "附件路径花招.eml": mail_paths,
    "深层分组.rtf": rtf_deep,
    "空壳.doc": doc_of_nothing,
    "网页改名.xls": web_page,
    "空文件.pdf": nothing,
    "改名的Word.txt": wrong_suffix,
}
