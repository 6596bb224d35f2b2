"""Every error is a Chinese sentence that names the file and says what to do."""

from __future__ import annotations

import re

import pytest

from ingest import errors

EXAMPLES: list[errors.IngestError] = [
    errors.RecordTooNewError("9999"),
    errors.RecordLockedError(),
    errors.DiskFullError(),
    errors.UnreadableFileError("甲.pdf", "《甲.pdf》读不了，请重新导出。"),
    errors.EmptyFileError("甲.pdf"),
    errors.MissingFileError("甲.pdf", "没有读取权限"),
    errors.UnknownKindError("甲.pdf", "RAR 压缩包"),
    errors.DamagedFileError("甲.pdf", "PDF", "文件结构不完整"),
    errors.EncryptedFileError("甲.pdf", "PDF"),
    errors.ArchiveError("甲.zip", "ZIP 压缩包", "有 1 个文件没有解出：“乙.docx”（已加密，需要密码才能打开）"),
    errors.NoOfficeError("甲.doc", "旧版 Word（DOC）"),
    errors.ConversionError("甲.doc", "旧版 Word（DOC）", "转换超过 110 秒"),
    errors.TooLargeError("甲.pdf", 400, 300),
    errors.UnsafeFileError("甲.pdf", "压缩比 1000:1，上限 200:1"),
    errors.ReaderStoppedError("甲.pdf", 3, "超过时间限额 120 秒"),
]


def test_每个错误类都有例子() -> None:
    classes = {
        value for value in vars(errors).values() if isinstance(value, type) and issubclass(value, errors.IngestError)
    }
    assert classes - {errors.IngestError} == {type(example) for example in EXAMPLES}


@pytest.mark.parametrize("error", EXAMPLES, ids=lambda error: type(error).__name__)
def test_是一句带请字的中文(error: errors.IngestError) -> None:
    sentence = str(error)
    assert re.search(r"[\u4e00-\u9fff]{4}", sentence)
    assert "请" in sentence
    assert sentence.endswith("。")
    assert "/" not in sentence
    if hasattr(error, "file"):
        assert f"《{error.file}》" in sentence


def test_说明中的树列出每个类() -> None:
    assert all(type(example).__name__ in (errors.__doc__ or "") for example in EXAMPLES)
