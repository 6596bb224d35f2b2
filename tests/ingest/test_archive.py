"""Archives: every file inside becomes a file with its own label; what is not unpacked is told; nothing is written elsewhere."""

from __future__ import annotations

import io
import os
import shutil
import stat
import struct
import subprocess
import zipfile
from pathlib import Path

import pytest

from ingest import archive
from ingest.archive import ArchiveProblemError, Budget, members
from ingest.errors import ArchiveError
from ingest.folder import find_files
from ingest.sniff import sniff
from ingest.unpack import unpack


def _zip(path: Path, files: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> Path:
    with zipfile.ZipFile(path, "w", method) as package:
        for name, content in files.items():
            package.writestr(name, content)
    return path


def _bytes(files: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as package:
        for name, content in files.items():
            package.writestr(name, content)
    return buffer.getvalue()


def _found(path: Path, scratch: Path) -> dict[str, bytes]:
    return {label: file.read_bytes() for file, label in find_files([path], scratch)}


def test_成员各有标签_文件夹和嵌套都在(tmp_path: Path) -> None:
    inner = _bytes({"总结.txt": "二".encode(), "再内.zip": _bytes({"深.txt": b"3"})})
    path = _zip(tmp_path / "材料.zip", {"一、学前/报告.txt": "一".encode(), "内包.zip": inner, "空夹/": b""})
    assert _found(path, tmp_path / "解压") == {
        "材料.zip/一、学前/报告.txt": "一".encode(),
        "材料.zip/内包.zip/再内.zip/深.txt": b"3",
        "材料.zip/内包.zip/总结.txt": "二".encode(),
    }


def test_不给临时文件夹时不解压(tmp_path: Path) -> None:
    path = _zip(tmp_path / "材料.zip", {"a.txt": b"1"})
    assert find_files([path]) == [(path, "材料.zip")]


def test_文件夹里的压缩包带路径(tmp_path: Path) -> None:
    (tmp_path / "报送" / "B5").mkdir(parents=True)
    _zip(tmp_path / "报送" / "B5" / "包.zip", {"a.txt": b"1"})
    assert list(_found(tmp_path / "报送", tmp_path / "解压")) == ["B5/包.zip/a.txt"]


def test_Office文件不当压缩包(tmp_path: Path) -> None:
    content = {"[Content_Types].xml": b"wordprocessingml.document.main+xml", "word/document.xml": b"<x/>"}
    path = _zip(tmp_path / "其实是文档.zip", content)
    assert find_files([path], tmp_path / "解压") == [(path, "其实是文档.zip")]


def _raw_names(path: Path, names: list[bytes], flag: int = 0) -> Path:
    """An archive whose names are these very bytes, as Windows and old tools write them."""
    placeholders = [b"%0*d" % (len(name), index) for index, name in enumerate(names)]
    _zip(path, {placeholder.decode(): b"x%d" % index for index, placeholder in enumerate(placeholders)})
    content = path.read_bytes()
    for placeholder, name in zip(placeholders, names, strict=True):
        content = content.replace(placeholder, name)
    path.write_bytes(content)
    return path


@pytest.mark.parametrize("encoding", ["gbk", "utf-8", "big5"])
def test_文件名编码(encoding: str, tmp_path: Path) -> None:
    folder, name = ("縣政府", "教育經費編列.txt") if encoding == "big5" else ("云山区材料", "自评报告（终稿）.txt")
    path = _raw_names(tmp_path / "旧.zip", [f"{folder}/{name}".encode(encoding)])
    assert list(_found(path, tmp_path / "解压")) == [f"旧.zip/{folder}/{name}"]


def test_反斜杠是文件夹(tmp_path: Path) -> None:
    path = _raw_names(tmp_path / "旧.zip", ["学前教育\\总结报告.txt".encode("gbk")])
    assert list(_found(path, tmp_path / "解压")) == ["旧.zip/学前教育/总结报告.txt"]


def test_同名成员不互相覆盖(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "重.zip", "w") as package:
        package.writestr("a.txt", b"1")
        with pytest.warns(UserWarning, match="Duplicate"):
            package.writestr("a.txt", b"2")
    assert _found(tmp_path / "重.zip", tmp_path / "解压") == {"重.zip/a.txt": b"1", "重.zip/a（2）.txt": b"2"}


TRICKS = ["../../外面.txt", "/etc/外面.txt", "C:/外面.txt", "好/../../外面.txt", "..\\外面.txt"]


@pytest.mark.parametrize("name", TRICKS)
def test_路径花招不解出并说明(name: str, tmp_path: Path) -> None:
    (tmp_path / "上").mkdir()
    path = tmp_path / "上" / "坏.zip"
    with zipfile.ZipFile(path, "w") as package:
        package.writestr("好.txt", b"1")
        info = zipfile.ZipInfo("x")
        info.filename = name
        package.writestr(info, b"2")
    before = {file for file in tmp_path.rglob("*") if file.is_file()}
    found = _found(path, tmp_path / "上" / "解压")
    assert set(found) == {"坏.zip", "坏.zip/好.txt"}
    after = {file for file in tmp_path.rglob("*") if file.is_file()} - before
    assert all(file.is_relative_to(tmp_path / "上" / "解压") for file in after)
    assert not Path("/etc/外面.txt").exists()
    with pytest.raises(ArchiveError, match=r"有 1 个文件没有解出.*名称指向压缩包以外的位置.*其余 1 个已逐个读取.*请"):
        sniff(path, "坏.zip")


def test_链接不跟随(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "链.zip", "w") as package:
        info = zipfile.ZipInfo("密码.txt")
        info.external_attr = (stat.S_IFLNK | 0o777) << 16
        package.writestr(info, "/etc/passwd")
        package.writestr("好.txt", b"1")
    assert set(_found(tmp_path / "链.zip", tmp_path / "解压")) == {"链.zip", "链.zip/好.txt"}
    with pytest.raises(ArchiveError, match="指向别处的链接"):
        sniff(tmp_path / "链.zip", "链.zip")


def _encrypt(content: bytes) -> bytes:
    """Sets the flag of encryption in every local header and directory entry."""
    out = bytearray(content)
    for magic, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = content.find(magic)
        while at >= 0:
            out[at + offset] |= 1
            at = content.find(magic, at + 4)
    return bytes(out)


def test_加密的压缩包(tmp_path: Path) -> None:
    path = tmp_path / "密.zip"
    path.write_bytes(_encrypt(_bytes({"a.docx": b"1" * 50, "b.docx": b"2" * 50})))
    assert list(_found(path, tmp_path / "解压")) == ["密.zip"]
    with pytest.raises(ArchiveError, match=r"已加密，需要密码才能打开.*请解压后上传"):
        sniff(path, "密.zip")


def test_炸弹与过多文件(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    bomb = _zip(tmp_path / "炸.zip", {f"{number}.txt": b"0" * 15_000_000 for number in range(2)})
    assert list(_found(bomb, tmp_path / "解压")) == ["炸.zip"]
    with pytest.raises(ArchiveError, match=r"压缩比.*炸弹"):
        sniff(bomb, "炸.zip")
    many = _zip(tmp_path / "多.zip", {f"{number}.txt": b"" for number in range(5_001)})
    with pytest.raises(ArchiveError, match="5001 个文件，上限 5000"):
        sniff(many, "多.zip")
    monkeypatch.setattr(archive, "_MAX_DIRECTORY_MB", 0)
    with pytest.raises(ArchiveProblemError, match="过多"):
        list(members(many, "多.zip", None, Budget()))


def test_谎报大小的成员(tmp_path: Path) -> None:
    content = bytearray(_bytes({"好.txt": b"1", "谎.txt": b"2" * 1000}))
    for magic, offset in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        struct.pack_into("<I", content, content.rfind(magic) + offset, 10)
    (tmp_path / "谎.zip").write_bytes(bytes(content))
    found = _found(tmp_path / "谎.zip", tmp_path / "解压")
    assert set(found) == {"谎.zip", "谎.zip/好.txt"}


def test_总量算到嵌套里(tmp_path: Path) -> None:
    """Archives inside archives share one budget: the second inner one no longer fits."""
    inner = _bytes({f"{number}.txt": b"x" for number in range(3)})
    path = _zip(tmp_path / "外.zip", {"甲.zip": inner, "乙.zip": inner})
    (tmp_path / "解压").mkdir()
    labels = [member.label for member in unpack(path, "外.zip", tmp_path / "解压", Budget(members=7))]
    assert labels == [f"外.zip/甲.zip/{number}.txt" for number in range(3)] + ["外.zip/乙.zip"]


def test_第四层不再解开(tmp_path: Path) -> None:
    content = b"x"
    for level in range(5):
        content = _bytes({f"{level}.zip" if level else "底.txt": content})
    (tmp_path / "层.zip").write_bytes(content)
    found = _found(tmp_path / "层.zip", tmp_path / "解压")
    assert list(found) == ["层.zip/4.zip/3.zip/2.zip"]
    (tmp_path / "里").write_bytes(found["层.zip/4.zip/3.zip/2.zip"])
    with pytest.raises(ArchiveError, match="最多解开 3 层"):
        sniff(tmp_path / "里", "层.zip/4.zip/3.zip/2.zip")


def test_截断的压缩包(tmp_path: Path) -> None:
    path = tmp_path / "半.zip"
    path.write_bytes(_bytes({"a.txt": os.urandom(5000)})[:3000])
    assert list(_found(path, tmp_path / "解压")) == ["半.zip"]


def test_系统文件不算材料(tmp_path: Path) -> None:
    path = _zip(tmp_path / "苹果.zip", {"a.txt": b"1", "__MACOSX/._a.txt": b"2", "夹/.DS_Store": b"3"})
    assert list(_found(path, tmp_path / "解压")) == ["苹果.zip/a.txt"]


@pytest.mark.parametrize(
    ("head", "name"),
    [(b"Rar!\x1a\x07\x01\x00", "RAR"), (b"7z\xbc\xaf\x27\x1c", "7z"), (b"\x1f\x8b\x08", "GZIP")],
    ids=["RAR", "7z", "GZIP"],
)
def test_其他压缩格式说明怎么办(head: bytes, name: str, tmp_path: Path) -> None:
    (tmp_path / "包").write_bytes(head + b"\0" * 50)
    with pytest.raises(ArchiveError, match=f"{name} 压缩包.*只能解开 ZIP.*请解压后上传"):
        sniff(tmp_path / "包", "包.rar")


@pytest.mark.skipif(shutil.which("zip") is None, reason="没有 zip 程序")
def test_真正的zip程序(tmp_path: Path) -> None:
    (tmp_path / "材料").mkdir()
    (tmp_path / "材料" / "报告.txt").write_text("演示", encoding="utf-8")
    subprocess.run(["zip", "-qr", "真.zip", "材料"], cwd=tmp_path, check=True)
    assert list(_found(tmp_path / "真.zip", tmp_path / "解压")) == ["真.zip/材料/报告.txt"]
    subprocess.run(["zip", "-qrP", "mima", "密.zip", "材料"], cwd=tmp_path, check=True)
    with pytest.raises(ArchiveError, match="已加密"):
        sniff(tmp_path / "密.zip", "密.zip")
