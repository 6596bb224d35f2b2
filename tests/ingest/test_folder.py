"""Finding files: nothing is left out silently; labels are text, never paths."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from ingest.folder import find_files, label_of, skip_reason


def test_逐层查找并按标签排序(tmp_path: Path) -> None:
    for name in ("乙/2.pdf", "乙/1.pdf", "甲.docx", ".DS_Store", "乙/~$总结.docx"):
        path = tmp_path / "材料" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"x")
    found = find_files([tmp_path / "材料", tmp_path / "材料" / "甲.docx", tmp_path / "不存在.pdf"])
    assert [label for _, label in found] == sorted(
        [".DS_Store", "乙/1.pdf", "乙/2.pdf", "乙/~$总结.docx", "甲.docx", "不存在.pdf"]
    )


SKIPPED = {
    "~$总结.docx": "临时锁文件",
    ".~lock.总结.docx#": "临时锁文件",
    ".DS_Store": "系统文件",
    "子夹/Thumbs.db": "缩略图",
    ".隐藏.pdf": "隐藏文件",
    ".git/config": "隐藏文件",
    "__MACOSX/a.pdf": "隐藏文件",
}


@pytest.mark.parametrize("label", SKIPPED)
def test_跳过的文件说明原因(label: str, tmp_path: Path) -> None:
    reason = skip_reason(tmp_path / "x", label)
    assert SKIPPED[label] in reason
    assert f"《{label}》" in reason


def test_普通文件不跳过(tmp_path: Path) -> None:
    (tmp_path / "a.pdf").write_bytes(b"x")
    assert skip_reason(tmp_path / "a.pdf", "材料/2018~总结.pdf") == ""


@pytest.mark.skipif(sys.platform == "win32", reason="Windows 没有命名管道文件")
def test_管道文件跳过(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "a.pdf")
    assert "不是普通文件" in skip_reason(tmp_path / "a.pdf", "a.pdf")


def test_标签统一写法() -> None:
    assert label_of("e\u0301.pdf") == "é.pdf"
    assert label_of("a\nb\x1b.pdf") == "a\ufffdb\ufffd.pdf"
    assert len(label_of("长" * 900)) <= 500


@pytest.mark.skipif(sys.platform != "linux", reason="只有 Linux 的文件名是字节")
def test_GBK文件名(tmp_path: Path) -> None:
    (tmp_path / os.fsdecode("自评报告.pdf".encode("gbk"))).write_bytes(b"x")
    assert [label for _, label in find_files([tmp_path])] == ["自评报告.pdf"]
