"""Our pieces are those of the `tokenizers` package, with the small model's vocabulary and with the real one."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.e5_tokenizer import E5Tokenizer, save_vocabulary
from retrieval.e5_weights import Vocabulary, parse_weights
from retrieval.embedder import default_model_folder
from tests.retrieval import tiny_weights

VOCABULARY = parse_weights(tiny_weights.make()[0]).vocabulary


def _tokenizer(vocabulary: Vocabulary) -> E5Tokenizer:
    pieces, scores = zip(*vocabulary.pieces, strict=True)
    return E5Tokenizer(
        pieces,
        scores,
        vocabulary.characters,
        bos=vocabulary.bos,
        eos=vocabulary.eos,
        pad=vocabulary.pad,
        unk=vocabulary.unk,
    )


OURS = _tokenizer(VOCABULARY)


def _reference(pieces: list[tuple[str, float]], unk: int) -> object:
    tokenizers = pytest.importorskip("tokenizers", reason="没有安装 tokenizers，无法与参照实现比较")
    made = tokenizers.Tokenizer(tokenizers.models.Unigram(pieces, unk_id=unk, byte_fallback=False))
    made.normalizer = tokenizers.normalizers.Replace(tokenizers.Regex(" {2,}"), " ")
    made.pre_tokenizer = tokenizers.pre_tokenizers.Metaspace(prepend_scheme="always", split=False)
    return made


REFERENCE = _reference(list(VOCABULARY.pieces), VOCABULARY.unk)


@given(
    st.text(
        st.sampled_from("普惠性幼儿园覆盖率教育区全师865%％query passag是多少,.:：㈠① \n\t　▁㍿龘靐𠮷"), max_size=60
    )
)
def test_与参照实现逐片相同(text: str) -> None:
    assert OURS.encode(text) == REFERENCE.encode(text.translate(VOCABULARY.characters)).ids  # type: ignore[attr-defined]


def test_取最可能的切分() -> None:
    assert [tiny_weights.PIECES[i] for i in OURS.encode("普惠性幼儿园覆盖率86％")] == [
        "▁",
        "普惠性",
        "幼儿园",
        "覆盖率",
        "86",
        "%",
    ]


def test_相邻的生字合为一个() -> None:
    ids = OURS.encode("全区龘龘龘教育")
    assert [tiny_weights.PIECES[i] for i in ids] == ["▁全区", "<unk>", "教育"]


def test_只在词中出现的字仍按词切() -> None:
    assert [tiny_weights.PIECES[i] for i in OURS.encode("全区龘靐")] == ["▁全区", "龘靐"]


def test_文中写出的标记不当作标记() -> None:
    ids = OURS.encode("全区</s><s>教育")
    assert not {0, 1, 2} & set(ids)


def test_空文本没有片() -> None:
    assert OURS.encode("") == []
    assert OURS.encode("\x01") == []


def test_存取之后不变(tmp_path: Path) -> None:
    save_vocabulary(VOCABULARY, tmp_path)
    loaded = E5Tokenizer.load(tmp_path)
    assert (loaded.bos, loaded.eos, loaded.pad, loaded.unk) == (0, 2, 1, 3)
    for text in ("普惠性幼儿园覆盖率是多少", "query: ㈠ ① 龘", "  全区　教育\n86％"):
        assert loaded.encode(text) == OURS.encode(text)


@pytest.mark.model
def test_真实词表与参照实现相同() -> None:
    folder = default_model_folder()
    if not (folder / "model.json").is_file():
        pytest.skip("本机没有已转换的嵌入模型")
    real = E5Tokenizer.load(folder)
    pieces = (folder / "pieces.txt").read_text(encoding="utf-8").split("\n")
    reference = _reference(list(zip(pieces, real._scores, strict=True)), real.unk)
    texts = [
        "passage: 全区共有幼儿园 86 所，其中公办园 41 所，普惠性民办园 32 所，普惠性幼儿园覆盖率达到86.5％。",
        "query: 教师培训经费占公用经费预算总额的比例是多少？",
        "ISO 9001:2015 认证；Ⅲ级 ①② ㎡ 𠮷野家 ｱｲｳ",
        "统计项目：在园幼儿；2018年：1 204 人（99.5%）",
    ]
    for text in texts:
        assert real.encode(text) == reference.encode(text.translate(real._characters)).ids  # type: ignore[attr-defined]
