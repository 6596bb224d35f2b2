"""Builds the ONNX graph of multilingual-e5-small from its weights: token ids in, unit sentence vectors out.

The graph is written node by node with onnx.helper, so that no training framework is needed to convert the model. It uses the fused
operators of onnxruntime (domain com.microsoft). Word embeddings stay in the 4-bit form they are stored in, which is exact; the
matrices of the layers are float32 or int8.
"""

from __future__ import annotations

from typing import Any, Literal

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

from retrieval.e5_weights import BLOCK, E5Weights, Q4Matrix

Precision = Literal["fp32", "int8", "int7"]
"""fp32: full precision, for checking. int8: one scale per output column. int7: int8 kept within ±63, for processors
whose 8-bit products saturate (AVX2 without VNNI)."""

MICROSOFT = "com.microsoft"
OPSET = 17


class _Graph:
    """Collects nodes and initializers; each method adds an operation and returns the name of its output."""

    def __init__(self, precision: Precision) -> None:
        self.precision = precision
        self.nodes: list[onnx.NodeProto] = []
        self.initializers: list[onnx.TensorProto] = []

    def constant(self, name: str, value: NDArray[np.generic]) -> str:
        self.initializers.append(numpy_helper.from_array(np.ascontiguousarray(value), name))
        return name

    def op(
        self,
        kind: str,
        inputs: list[str],
        output: str,
        *,
        domain: str = "",
        outputs: tuple[str, ...] = (),
        **attributes: Any,
    ) -> str:
        names = [output, *outputs]
        self.nodes.append(helper.make_node(kind, inputs, names, name=output, domain=domain, **attributes))
        return output

    def quantised(self, name: str, weights: NDArray[np.float32]) -> tuple[str, str]:
        """Names of the int8 matrix and of its scales, one per output column; zero is zero. weights: (inputs, outputs)."""
        limit = 127 if self.precision == "int8" else 63
        scales = np.maximum(np.abs(weights).max(axis=0), 1e-12) / limit
        values = np.clip(np.rint(weights / scales), -limit, limit).astype(np.int8)
        return self.constant(f"{name}.q", values), self.constant(f"{name}.scale", scales.astype(np.float32))

    def product(self, x: str, name: str, weights: NDArray[np.float32]) -> str:
        """x @ weights; the operator that follows adds the bias. weights: (inputs, outputs)."""
        if self.precision == "fp32":
            return self.op("MatMul", [x, self.constant(f"{name}.w", weights)], f"{name}.out")
        values, scales = self.quantised(name, weights)
        return self.op("DynamicQuantizeMatMul", [x, values, scales], f"{name}.out", domain=MICROSOFT)

    def attention(self, x: str, mask: str, name: str, weights: NDArray[np.float32], bias: str, heads: int) -> str:
        """Self-attention of all heads. weights: (hidden, 3 × hidden) for query, key and value."""
        if self.precision == "fp32":
            inputs = [x, self.constant(f"{name}.w", weights), bias, mask]
            return self.op("Attention", inputs, f"{name}.out", domain=MICROSOFT, num_heads=heads)
        values, scales = self.quantised(name, weights)
        quantised, scale, zero = f"{name}.x", f"{name}.x.scale", f"{name}.x.zero"
        self.op("DynamicQuantizeLinear", [x], quantised, outputs=(scale, zero))
        weight_zero = self.constant(f"{name}.zero", np.zeros(weights.shape[1], np.int8))
        inputs = [quantised, values, bias, scale, scales, mask, zero, weight_zero]
        return self.op("QAttention", inputs, f"{name}.out", domain=MICROSOFT, num_heads=heads)


def _embedding_table(graph: _Graph, matrix: Q4Matrix) -> tuple[str, str]:
    """The 4-bit table as ONNX INT4 (two weights to a byte, the first in the low half) and its scales, 32 weights each."""
    pairs = matrix.nibbles.view(np.uint8) & 15
    packed = (pairs[:, 0::2] | (pairs[:, 1::2] << 4)).tobytes()
    graph.initializers.append(
        helper.make_tensor("words.int4", TensorProto.INT4, matrix.nibbles.shape, packed, raw=True)
    )
    return "words.int4", graph.constant("words.scale", matrix.scales)


def build_graph(weights: E5Weights, precision: Precision) -> onnx.ModelProto:
    """The model: `input_ids` and `attention_mask` (int32, texts × tokens) → `embedding` (float32, texts × hidden, unit rows).

    Masked positions count neither in attention nor in the mean.
    """
    graph, hidden = _Graph(precision), weights.hidden
    x = _embed(graph, weights)
    for layer in range(weights.layers):
        x = _layer(graph, weights, layer, x)
    _pool(graph, x)
    ids = [
        helper.make_tensor_value_info(n, TensorProto.INT32, ["texts", "tokens"])
        for n in ("input_ids", "attention_mask")
    ]
    out = helper.make_tensor_value_info("embedding", TensorProto.FLOAT, ["texts", hidden])
    body = helper.make_graph(graph.nodes, "multilingual-e5-small", ids, [out], graph.initializers)
    opsets = [helper.make_opsetid("", OPSET), helper.make_opsetid(MICROSOFT, 1)]
    return helper.make_model(body, opset_imports=opsets, ir_version=10, producer_name="edureview")


def _norm_weights(graph: _Graph, weights: E5Weights, name: str) -> list[str]:
    return [graph.constant(f"{name}.{part}", weights.vector(f"{name}.{part}", weights.hidden)) for part in ("w", "b")]


def _embed(graph: _Graph, weights: E5Weights) -> str:
    table, scales = _embedding_table(graph, weights.matrix("emb.word", weights.vocabulary_size, weights.hidden))
    words = graph.op(
        "GatherBlockQuantized", [table, "input_ids", scales], "words", domain=MICROSOFT,
        gather_axis=0, quantize_axis=1, block_size=BLOCK,
    )  # fmt: skip
    # Texts are never paired here, so every token has type 0 and its vector can be added to the positions once and for all.
    places = (
        weights.vector("emb.pos", weights.positions, weights.hidden)
        + weights.vector("emb.type", weights.token_types, weights.hidden)[0]
    )
    positions = graph.constant("positions.all", places)
    shape = graph.op("Shape", ["input_ids"], "tokens.shape", start=1, end=2)
    starts = graph.constant("positions.start", np.zeros(1, np.int64))
    used = graph.op("Slice", [positions, starts, shape, starts], "positions")
    summed = graph.op("Add", [words, used], "embeddings")
    return graph.op(
        "LayerNormalization",
        [summed, *_norm_weights(graph, weights, "emb.ln")],
        "embeddings.norm",
        axis=-1,
        epsilon=weights.epsilon,
    )


def _layer(graph: _Graph, weights: E5Weights, number: int, x: str) -> str:
    name, hidden, inner = f"l{number}", weights.hidden, weights.inner
    qkv = np.concatenate([weights.matrix(f"{name}.{part}.w", hidden, hidden).dense().T for part in "qkv"], axis=1)
    bias = graph.constant(
        f"{name}.qkv.b", np.concatenate([weights.vector(f"{name}.{part}.b", hidden) for part in "qkv"])
    )
    seen = graph.attention(x, "attention_mask", f"{name}.qkv", qkv, bias, weights.heads)
    x = _add_and_norm(graph, weights, x, seen, f"{name}.ao", f"{name}.aln", hidden)
    widened = graph.product(x, f"{name}.fi", weights.matrix(f"{name}.fi.w", inner, hidden).dense().T)
    bias = graph.constant(f"{name}.fi.b", weights.vector(f"{name}.fi.b", inner))
    active = graph.op("BiasGelu", [widened, bias], f"{name}.gelu", domain=MICROSOFT)
    return _add_and_norm(graph, weights, x, active, f"{name}.fo", f"{name}.oln", inner)


def _add_and_norm(graph: _Graph, weights: E5Weights, residual: str, x: str, name: str, norm: str, inputs: int) -> str:
    projected = graph.product(x, name, weights.matrix(f"{name}.w", weights.hidden, inputs).dense().T)
    bias = graph.constant(f"{name}.b", weights.vector(f"{name}.b", weights.hidden))
    scale, shift = _norm_weights(graph, weights, norm)
    return graph.op(
        "SkipLayerNormalization", [projected, residual, scale, shift, bias], f"{norm}.out", domain=MICROSOFT, epsilon=weights.epsilon
    )  # fmt: skip


def _pool(graph: _Graph, x: str) -> str:
    """Mean over the tokens that count, then unit length."""
    kept = graph.op("Cast", ["attention_mask"], "mask", to=TensorProto.FLOAT)
    row = graph.op("Unsqueeze", [kept, graph.constant("axis.row", np.array([1], np.int64))], "mask.row")
    summed = graph.op("MatMul", [row, x], "pooled.sum")
    flat = graph.op("Squeeze", [summed, "axis.row"], "pooled.flat")
    count = graph.op("ReduceSum", [kept, "axis.row"], "pooled.count", keepdims=1)
    mean = graph.op("Div", [flat, count], "pooled.mean")
    return graph.op("LpNormalization", [mean], "embedding", axis=1, p=2)
