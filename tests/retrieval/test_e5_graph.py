"""The ONNX graph is the BERT encoder it claims to be, pooled over the tokens that count."""

from __future__ import annotations

import numpy as np
import pytest

from retrieval.e5_graph import Precision, build_graph
from retrieval.e5_weights import parse_weights
from retrieval.embedder import open_session
from tests.retrieval import tiny_weights


def _batch(lengths: tuple[int, ...]) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(7)
    ids = rng.integers(4, len(tiny_weights.PIECES), (len(lengths), max(lengths))).astype(np.int32)
    mask = np.zeros_like(ids)
    for row, length in enumerate(lengths):
        mask[row, :length] = 1
    return ids, mask


def _run(precision: Precision, ids: np.ndarray, mask: np.ndarray) -> np.ndarray:
    session = open_session(build_graph(parse_weights(tiny_weights.make()[0]), precision).SerializeToString())
    (vectors,) = session.run(None, {"input_ids": ids, "attention_mask": mask})
    return vectors


def test_与_transformers_的全精度模型一致() -> None:
    torch = pytest.importorskip("torch", reason="没有安装 torch，无法与参照实现比较")
    transformers = pytest.importorskip("transformers", reason="没有安装 transformers，无法与参照实现比较")
    ids, mask = _batch((23, 9, 1))
    model = _reference(torch, transformers, tiny_weights.make()[1])
    with torch.no_grad():
        hidden = model(
            input_ids=torch.from_numpy(ids).long(), attention_mask=torch.from_numpy(mask).long()
        ).last_hidden_state.numpy()
    mean = (hidden * mask[:, :, None]).sum(axis=1) / mask.sum(axis=1, keepdims=True)
    expected = mean / np.linalg.norm(mean, axis=1, keepdims=True)
    assert np.abs(_run("fp32", ids, mask) - expected).max() < 2e-6


def _reference(torch: object, transformers: object, tensors: dict[str, np.ndarray]) -> object:
    t = tiny_weights
    config = transformers.BertConfig(  # type: ignore[attr-defined]
        vocab_size=len(t.PIECES), hidden_size=t.HIDDEN, num_hidden_layers=t.LAYERS, num_attention_heads=t.HEADS, intermediate_size=t.INNER,
        max_position_embeddings=t.POSITIONS, type_vocab_size=t.TYPES, layer_norm_eps=1e-12, attn_implementation="eager",
    )  # fmt: skip
    model = transformers.BertModel(config, add_pooling_layer=False).eval()  # type: ignore[attr-defined]
    names = {"emb.word": "word_embeddings.weight", "emb.pos": "position_embeddings.weight", "emb.type": "token_type_embeddings.weight", "emb.ln.w": "LayerNorm.weight", "emb.ln.b": "LayerNorm.bias"}  # fmt: skip
    state = {f"embeddings.{theirs}": tensors[ours] for ours, theirs in names.items()}
    parts = {"q": "attention.self.query", "k": "attention.self.key", "v": "attention.self.value", "ao": "attention.output.dense", "aln": "attention.output.LayerNorm", "fi": "intermediate.dense", "fo": "output.dense", "oln": "output.LayerNorm"}  # fmt: skip
    for layer in range(t.LAYERS):
        for ours, theirs in parts.items():
            state[f"encoder.layer.{layer}.{theirs}.weight"] = tensors[f"l{layer}.{ours}.w"]
            state[f"encoder.layer.{layer}.{theirs}.bias"] = tensors[f"l{layer}.{ours}.b"]
    model.load_state_dict({name: torch.from_numpy(value.copy()) for name, value in state.items()})  # type: ignore[attr-defined]
    return model


@pytest.mark.parametrize("precision", ["fp32", "int8", "int7"])
def test_向量长度为一且填充不改变结果(precision: Precision) -> None:
    ids, mask = _batch((20, 6))
    vectors = _run(precision, ids, mask)
    assert vectors.shape == (2, tiny_weights.HIDDEN)
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)
    ids[1, 6:] = 5  # what stands under the mask does not matter
    # int8 takes one scale for the whole batch, so padding moves the last digits there.
    near = 1e-5 if precision == "fp32" else 0.05
    assert np.abs(_run(precision, ids, mask) - vectors).max() < near
    assert np.abs(_run(precision, ids[1:, :6].copy(), mask[1:, :6].copy()) - vectors[1:]).max() < near


@pytest.mark.parametrize("precision", ["int8", "int7"])
def test_量化后仍与全精度相近(precision: Precision) -> None:
    ids, mask = _batch((30, 12, 3))
    cosines = (_run("fp32", ids, mask) * _run(precision, ids, mask)).sum(axis=1)
    assert cosines.min() > 0.98


def test_七位量化不超出六十三() -> None:
    from onnx import numpy_helper

    model = build_graph(parse_weights(tiny_weights.make()[0]), "int7")
    values = [numpy_helper.to_array(t) for t in model.graph.initializer if t.name.endswith(".q")]
    assert len(values) == 4 * tiny_weights.LAYERS
    assert max(np.abs(v.astype(int)).max() for v in values) == 63


def test_词向量按原样保存不损失() -> None:
    weights = parse_weights(tiny_weights.make()[0])
    graph = build_graph(weights, "int8").graph
    table = next(t for t in graph.initializer if t.name == "words.int4")
    scales = next(t for t in graph.initializer if t.name == "words.scale")
    from onnx import numpy_helper

    matrix = weights.matrix("emb.word", len(tiny_weights.PIECES), tiny_weights.HIDDEN)
    assert np.array_equal(numpy_helper.to_array(table).astype(np.int8), matrix.nibbles)
    assert np.array_equal(numpy_helper.to_array(scales), matrix.scales)
