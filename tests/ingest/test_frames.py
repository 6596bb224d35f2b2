"""Frames between the processes: what is sent comes back the same; nonsense is refused."""

from __future__ import annotations

import io

import numpy as np
import pytest

from ingest.frames import from_frame, read_frame, spans_from_json, spans_to_json, to_frame, write_frame
from ingest.pages import ParsedPage, Span
from ingest.readers.base import Properties

_BOXES = np.array([[1, 2, 3, 4], [np.nan] * 4], dtype=np.float32)
_PAGE = ParsedPage(3, "第3页", "text", "督\ud800", "说明", (Span(0, 1, "line", 0, {"page": 3}),), 595.0, 842.0, _BOXES)


def test_一页来回不变() -> None:
    stream = io.BytesIO()
    write_frame(stream, *to_frame(Properties("pdf", 3, "题目", ("缺陷",))))
    write_frame(stream, *to_frame(_PAGE))
    stream.seek(0)
    first, second = read_frame(stream), read_frame(stream)
    assert first is not None
    assert second is not None
    assert from_frame(*first) == Properties("pdf", 3, "题目", ("缺陷",))
    page = from_frame(*second)
    assert page == _PAGE
    assert isinstance(page, ParsedPage)
    assert page.char_boxes is not None
    np.testing.assert_array_equal(page.char_boxes, _BOXES)
    assert read_frame(stream) is None


def test_写到一半断开等于结束() -> None:
    stream = io.BytesIO()
    write_frame(stream, *to_frame(_PAGE))
    whole = stream.getvalue()
    for length in range(0, len(whole), 7):
        assert read_frame(io.BytesIO(whole[:length])) is None


def test_超大的长度不照单分配() -> None:
    class Watched(io.BytesIO):
        def read(self, size: int | None = -1, /) -> bytes:
            assert size is not None
            assert size < 1 << 30
            return super().read(size)

    assert read_frame(Watched(b"\xff\xff\xff\xff{}")) is None


def test_框数与字数不符() -> None:
    head, body = to_frame(_PAGE)
    with pytest.raises(ValueError, match="1 boxes for 2"):
        from_frame(head, body[:16])


def test_片段越界() -> None:
    head, body = to_frame(_PAGE)
    with pytest.raises(ValueError, match="outside"):
        from_frame({**head, "spans": [[0, 99, "line", 0, {}]]}, body)


def test_片段存取() -> None:
    assert spans_from_json(spans_to_json(_PAGE.spans)) == _PAGE.spans
