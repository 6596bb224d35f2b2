"""Uploaded names are labels: whatever they are, the bytes land below the one folder."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest

from ui.uploads import safe_parts, write_uploads


@dataclass
class Upload:
    name: str
    data: bytes = b"x"

    def getvalue(self) -> bytes:
        return self.data


@pytest.mark.parametrize(
    ("name", "parts"),
    [
        ("纪要.pdf", ["纪要.pdf"]),
        ("02 教育/纪要.pdf", ["02 教育", "纪要.pdf"]),
        ("../../etc/passwd", ["etc", "passwd"]),
        ("..\\..\\system.ini", ["system.ini"]),
        ("/abs/纪要.pdf", ["abs", "纪要.pdf"]),
        ('a<b>:"c|d?*.pdf', ["a_b___c_d__.pdf"]),
        ("纪要\u202efdp.exe", ["纪要_fdp.exe"]),
        ("..", ["未命名"]),
        ("", ["未命名"]),
    ],
)
def test_名称不会成为路径(name: str, parts: list[str]) -> None:
    assert safe_parts(name) == parts


def test_过长的名称截短而保留后缀() -> None:
    (name,) = safe_parts("关" * 300 + ".pdf")
    assert name.endswith("关.pdf")
    assert len(name.encode()) <= 200


def test_同名文件都留下(tmp_path: Path) -> None:
    assert write_uploads([Upload("a.txt", b"1"), Upload("a.txt", b"2"), Upload("子/a.txt", b"3")], tmp_path) == 3
    assert (tmp_path / "a.txt").read_bytes() == b"1"
    assert (tmp_path / "a（2）.txt").read_bytes() == b"2"
    assert (tmp_path / "子" / "a.txt").read_bytes() == b"3"


def test_全部写在指定文件夹之内(tmp_path: Path) -> None:
    inside = tmp_path / "in"
    write_uploads(
        [Upload("../外面.txt"), Upload("..\\..\\外面.txt"), Upload("/etc/外面.txt"), Upload("C:/外面.txt")], inside
    )
    assert {path.relative_to(tmp_path).parts[0] for path in tmp_path.rglob("*")} == {"in"}


def test_选文件夹时名称从文件夹之内算起(tmp_path: Path) -> None:
    write_uploads([Upload("材料/01/纪要.pdf"), Upload("材料/说明.txt"), Upload("单独.txt")], tmp_path, below_top=True)
    files = {path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*") if path.is_file()}
    assert files == {"01/纪要.pdf", "说明.txt", "单独.txt"}
