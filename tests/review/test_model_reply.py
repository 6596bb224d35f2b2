"""Replies as models write them: as prescribed, wrapped, fenced, broken."""

from __future__ import annotations

import json

import pytest

from review.model_reply import SENTENCE_LENGTH, Claim, ReplyReader, clean

ONE = {"sentence": "示例园12所。", "cite": [{"key": "K1", "quote": "示例园12所"}]}
WANTED = Claim("示例园12所。", (("K1", "示例园12所"),))


def read(text: str, size: int = 3) -> tuple[list[Claim], ReplyReader]:
    reader, found = ReplyReader(), []
    for at in range(0, len(text), size):
        found += reader.feed(text[at : at + size])
    return found, reader


@pytest.mark.parametrize(
    "text",
    [
        json.dumps(ONE, ensure_ascii=False) + "\n",
        json.dumps(ONE),
        json.dumps([ONE], ensure_ascii=False, indent=2),
        json.dumps({"answer": [ONE]}, ensure_ascii=False),
        "好的，回答如下：\n```json\n" + json.dumps(ONE, ensure_ascii=False) + "\n```\n希望有帮助。",
        "<think>先看 {材料} 再答</think>" + json.dumps(ONE, ensure_ascii=False),
        json.dumps({"sentence": "示例园12所。", "key": "K1", "quote": "示例园12所"}, ensure_ascii=False),
        json.dumps(ONE | {"points": 60, "verdict": "met"}, ensure_ascii=False),
    ],
)
@pytest.mark.parametrize("size", [1, 7, 1000])
def test_各种写法都读得出(text: str, size: int) -> None:
    assert read(text, size)[0] == [WANTED]


@pytest.mark.parametrize(
    "text",
    ["", "没有 JSON", '{"sentence": "断', '{"sentence": 5}', '{"sentence": ""}', "[1, 2]", '{"a": "}"}', "}}}{{{", '{"sentence": null, "cite": 3}', "{" * 5000 + "}" * 5000],
)  # fmt: skip
def test_不成样子的都当没有(text: str) -> None:
    assert read(text)[0] == []


def test_出处不成样子就当没有出处() -> None:
    for cite in (3, "K1", [3], [{"key": 1, "quote": "x"}], [{"key": "K1"}], {}):
        found, _ = read(json.dumps({"sentence": "甲。", "cite": cite}, ensure_ascii=False))
        assert [claim.cited for claim in found] == [()]


def test_正在写的一句看得到_括号和引号都不怕() -> None:
    reader = ReplyReader()
    reader.feed('{"sentence": "他说\\"{好}\\"，覆盖')
    assert reader.open_words == '他说"{好}"，覆盖'
    assert reader.feed('率", "cite": []}') == [Claim('他说"{好}"，覆盖率', ())]
    assert reader.open_words == ""
    reader.feed('{"sentence": "断在转义\\u4e')
    assert reader.open_words == "断在转义"


def test_说没有回答() -> None:
    found, reader = read('{"none": true}')
    assert (found, reader.none) == ([], True)
    assert not read('{"none": "true"}')[1].none
    for text in ('{"answer": []}', '{"proposals": [ ]}'):
        assert read(text)[1].none
    for text in ('{"answer": [', '{"answer": [{"sentence": "甲。", "cite": []}]}', '{"cite": []}', "[]"):
        assert not read(text)[1].none


def test_看不见的字符和过长的句子() -> None:
    assert clean("甲\u202e乙\u200b\n 丙\x00\U000e0041") == "甲乙 丙"
    found, _ = read(json.dumps({"sentence": "长" * 5000, "cite": []}, ensure_ascii=False), 4000)
    assert [len(claim.sentence) for claim in found] == [SENTENCE_LENGTH]
