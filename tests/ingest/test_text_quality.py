"""Text layers: what can be read, and what looks like text and is none."""

from __future__ import annotations

import random

import pytest

from ingest.common_pairs import COMMON_PAIRS
from ingest.text_quality import is_readable, quality_of, visible_length
from tests.ingest.make_files import PARAGRAPH, SECOND

_PROSE = PARAGRAPH + SECOND + PARAGRAPH
_LEVEL_ONE = [bytes([high, low]).decode("gb2312") for high in range(0xB0, 0xD7) for low in range(0xA1, 0xFF)]


def _mapped(text: str, target: list[str], seed: int = 5) -> str:
    """The text with each Chinese character always read as the same wrong one, as a false ToUnicode table does."""
    random.seed(seed)
    table: dict[str, str] = {}
    return "".join(
        table.setdefault(char, random.choice(target)) if "\u4e00" <= char <= "\u9fff" else char for char in text
    )


GARBLED = {
    "私用区": "\ue001\ue002\ue003教育",
    "控制字符": "\x01\x02\x03\x04教育工作",
    "替换字符": "教\ufffd\ufffd育",
    "未知字形编号": "(cid:12)(cid:345)(cid:6)",
    "国标字节当作西文": PARAGRAPH.encode("gb18030").decode("latin-1"),
    "映射到生僻字": _mapped(_PROSE, [chr(code) for code in range(0x4E00, 0x9FA5)]),
    "映射到别的常用字": _mapped(_PROSE * 3, _LEVEL_ONE),
}
READABLE = {
    "公文": _PROSE,
    "一句话": "教育督导",
    "繁体": "學校教師隊伍建設與義務教育優質均衡發展情況報告，區政府已逐項建立問題清單並限期整改，經費保障到位。" * 2,
    "西文": "GDP growth of 6.5% in 2018; résumé, café.",
    "数字表": "12 345 67.8% 1,234 " * 20,
    "人名": "王建国、李秀英、张伟、刘洋、陈静、杨帆、赵磊、黄丽、周涛、吴敏、徐强、孙艳、胡军、朱霞、高飞、林杰",
    "项目符号": "\uf06c" + "加强教师队伍建设，提高待遇。" * 3,
}


@pytest.mark.parametrize("name", GARBLED)
def test_不能用的文字层(name: str) -> None:
    assert not is_readable(GARBLED[name])


@pytest.mark.parametrize("name", READABLE)
def test_能用的文字层(name: str) -> None:
    assert is_readable(READABLE[name])


def test_空白不可用() -> None:
    assert not is_readable(" \n\t")


def test_各项计数() -> None:
    found = quality_of("教育 ab\ue001é龘学校")
    assert (found.visible, found.odd, found.latin, found.chinese, found.common) == (9, 1, 1, 5, 4)
    assert (found.pairs, found.known) == (3, 2)  # 教育, 龘学, 学校


def test_基本平面之外的字() -> None:
    assert quality_of("𠮷𠮷").chinese == 2


def test_常用词对都是两个汉字() -> None:
    assert len(COMMON_PAIRS) == 600
    assert all(len(pair) == 2 and all("\u4e00" <= char <= "\u9fff" for char in pair) for pair in COMMON_PAIRS)


def test_字数不计空白() -> None:
    assert visible_length(" 教 育\n局") == 3
