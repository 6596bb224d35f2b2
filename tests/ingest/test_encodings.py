"""Encodings: every one is told from the others, also on short texts."""

from __future__ import annotations

import random
import re
from pathlib import Path

import pytest

from ingest.encodings import decode, decode_name

SIMPLIFIED = "".join(
    re.findall("[\u4e00-\u9fa5]", (Path(__file__).parents[2] / "corpus/schemes/2019/official.txt").read_text("utf-8"))
)
TRADITIONAL = (
    "本縣各級學校應依規定編列經費並按月公告執行情形縣政府教育局應於每學年度開始前完成學區劃分確保適齡兒童就近入學各校應落實校園安全"
    "與營養午餐管理教師薪資不得低於公務人員平均水準並應逐年降低學生近視比率普及學前教育提升幼兒園覆蓋率改善偏遠地區學校設備"
)


@pytest.mark.parametrize(
    ("encoding", "found"),
    [
        ("utf-8", "utf-8"),
        ("utf-8-sig", "utf-8-sig"),
        ("utf-16", "utf-16"),
        ("utf-16-le", "utf-16-le"),
        ("utf-16-be", "utf-16-be"),
        ("utf-32", "utf-32"),
        ("gb18030", "gb18030"),
    ],
)
def test_简体(encoding: str, found: str) -> None:
    words = "云山区零报告：2018年未发生校车责任事故。𠮷㛃\n第二行 ABC"
    assert decode(words.encode(encoding)) == (words, found)


@pytest.mark.parametrize("encoding", ["big5", "cp950", "utf-16-le", "utf-8"])
def test_繁体(encoding: str) -> None:
    words = "一、學前教育\n" + TRADITIONAL + "，計 3,260 萬元。"
    decoded = decode(words.encode(encoding))
    assert decoded is not None
    assert decoded[0] == words


def test_短文本不认错() -> None:
    """Every encoding, pieces of 6 characters from everywhere in the official text and in a text in traditional characters."""
    chance = random.Random(20190701)
    for _ in range(3000):
        at = chance.randrange(len(SIMPLIFIED) - 6)
        piece = SIMPLIFIED[at : at + 6]
        for encoding in ("gb18030", "utf-8", "utf-16-le", "utf-16-be"):
            assert (decode(f"{piece}\n".encode(encoding)) or ("",))[0] == f"{piece}\n", (piece, encoding)
    for at in range(len(TRADITIONAL) - 6):
        piece = TRADITIONAL[at : at + 6]
        assert (decode(piece.encode("big5")) or ("",))[0] == piece


def test_联通不是希腊字母() -> None:
    """Two characters whose GB18030 bytes are valid UTF-8 by chance; the same bytes as real UTF-8 text stay so."""
    assert decode("联通".encode("gb18030")) == ("联通", "gb18030")
    assert decode("café à la carte".encode()) == ("café à la carte", "utf-8")


def test_随机字节不是文本() -> None:
    chance = random.Random(7)
    assert not any(decode(chance.randbytes(4000)) for _ in range(50))


def test_截断在字中间() -> None:
    for encoding in ("utf-8", "gb18030", "big5", "utf-16-le"):
        content = TRADITIONAL.replace("確", "").encode(encoding)
        for end in range(41, 47):
            decoded = decode(content[:end], whole=False)
            assert decoded is not None
            assert TRADITIONAL.replace("確", "").startswith(decoded[0])


@pytest.mark.parametrize("encoding", ["gbk", "utf-8", "big5"])
def test_压缩包里的文件名(encoding: str) -> None:
    name = "材料/縣政府教育局編列經費.docx" if encoding == "big5" else "材料/云山区自评报告.docx"
    assert decode_name(name.encode(encoding)) == name
