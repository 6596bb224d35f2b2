"""The pipeline that tutorials build, to compare with: PyPDFLoader → RecursiveCharacterTextSplitter → HuggingFaceEmbeddings → Chroma.

It gets the same weights in full precision, made into a folder that sentence-transformers loads. Needs the extra `bench`.
"""

from __future__ import annotations

import importlib.util
import json
import shutil
import sys
import tempfile
import warnings
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from retrieval.e5_weights import E5Weights, fetch_weights, parse_weights
from retrieval.embedder import PASSAGE_PREFIX
from review.errors import BenchToolError

PACKAGES = (
    "langchain_community",
    "langchain_text_splitters",
    "langchain_huggingface",
    "langchain_chroma",
    "sentence_transformers",
)
CHUNK = 300
_LAYERS = (
    ("attention.self.query", "q"),
    ("attention.self.key", "k"),
    ("attention.self.value", "v"),
    ("attention.output.dense", "ao"),
)


def check_packages(names: Sequence[str] = PACKAGES) -> None:
    """Raises BenchToolError when a package of the reference pipeline is not installed."""
    if absent := [name for name in names if importlib.util.find_spec(name) is None]:
        raise BenchToolError("、".join(absent), "请运行 pip install 'edureview[bench]'")


def reference_model_folder() -> Path:
    """Where the full-precision model lies, beside the converted one."""
    return Path(sys.prefix) / "share" / "edureview" / "models" / "multilingual-e5-small-fp32"


def build_reference_model(target: Path | None = None, say: Callable[[str], object] = lambda line: None) -> Path:
    """The folder of the full-precision model, made now unless it is there. Raises WeightsError."""
    folder = target or reference_model_folder()
    if (folder / "modules.json").is_file():
        return folder
    say("取得权重，生成对照流程用的全精度模型……")
    weights = parse_weights(fetch_weights())
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=f".{folder.name}-", dir=folder.parent) as scratch:
        _write_transformer(weights, Path(scratch) / "transformer")
        _write_sentence_model(weights, Path(scratch) / "transformer", Path(scratch) / "model")
        if folder.exists():
            shutil.rmtree(folder)
        (Path(scratch) / "model").rename(folder)
    return folder


def _write_transformer(weights: E5Weights, folder: Path) -> None:
    """Weights and tokenizer as transformers keeps them."""
    import torch
    from transformers import BertConfig, BertModel

    config = BertConfig(
        vocab_size=weights.vocabulary_size, hidden_size=weights.hidden, num_hidden_layers=weights.layers,
        num_attention_heads=weights.heads, intermediate_size=weights.inner, max_position_embeddings=weights.positions,
        type_vocab_size=weights.token_types, layer_norm_eps=weights.epsilon, pad_token_id=weights.vocabulary.pad,
    )  # fmt: skip
    model = BertModel(config, add_pooling_layer=False)
    hidden, inner = weights.hidden, weights.inner

    def vector(name: str, *shape: int) -> Any:
        return torch.from_numpy(weights.vector(name, *shape).copy())

    def matrix(name: str, rows: int, columns: int) -> Any:
        return torch.from_numpy(weights.matrix(name, rows, columns).dense())

    state = {
        "embeddings.word_embeddings.weight": matrix("emb.word", weights.vocabulary_size, hidden),
        "embeddings.position_embeddings.weight": vector("emb.pos", weights.positions, hidden),
        "embeddings.token_type_embeddings.weight": vector("emb.type", weights.token_types, hidden),
        "embeddings.LayerNorm.weight": vector("emb.ln.w", hidden),
        "embeddings.LayerNorm.bias": vector("emb.ln.b", hidden),
    }
    for layer in range(weights.layers):
        parts = [(name, short, hidden, hidden) for name, short in _LAYERS]
        parts += [("intermediate.dense", "fi", inner, hidden), ("output.dense", "fo", hidden, inner)]
        for name, short, rows, columns in parts:
            state[f"encoder.layer.{layer}.{name}.weight"] = matrix(f"l{layer}.{short}.w", rows, columns)
            state[f"encoder.layer.{layer}.{name}.bias"] = vector(f"l{layer}.{short}.b", rows)
        for name, short in (("attention.output.LayerNorm", "aln"), ("output.LayerNorm", "oln")):
            state[f"encoder.layer.{layer}.{name}.weight"] = vector(f"l{layer}.{short}.w", hidden)
            state[f"encoder.layer.{layer}.{name}.bias"] = vector(f"l{layer}.{short}.b", hidden)
    model.load_state_dict(state, strict=True)
    model.save_pretrained(folder)
    _write_tokenizer(weights, folder)


def _write_tokenizer(weights: E5Weights, folder: Path) -> None:
    from tokenizers import Regex, Tokenizer, models, normalizers, pre_tokenizers, processors

    vocabulary = weights.vocabulary
    names = {part: vocabulary.pieces[getattr(vocabulary, part)][0] for part in ("bos", "eos", "pad", "unk")}
    tokenizer = Tokenizer(models.Unigram(list(vocabulary.pieces), unk_id=vocabulary.unk, byte_fallback=False))
    # The file's own character map is NFKC with few additions; thousands of single replacements would slow the tokenizer down.
    tokenizer.normalizer = normalizers.Sequence([normalizers.NFKC(), normalizers.Replace(Regex(" {2,}"), " ")])
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace(prepend_scheme="always", split=False)
    ends = [(names["bos"], vocabulary.bos), (names["eos"], vocabulary.eos)]
    tokenizer.post_processor = processors.TemplateProcessing(
        single=f"{names['bos']} $A {names['eos']}", special_tokens=ends
    )
    tokenizer.save(str(folder / "tokenizer.json"))
    settings = {"tokenizer_class": "PreTrainedTokenizerFast", "model_max_length": weights.positions}
    settings |= {f"{part}_token": name for part, name in names.items()}
    (folder / "tokenizer_config.json").write_text(json.dumps(settings), encoding="utf-8")


def _write_sentence_model(weights: E5Weights, transformer: Path, folder: Path) -> None:
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.models import Normalize, Pooling, Transformer

    parts = [Transformer(str(transformer), max_seq_length=512), Pooling(weights.hidden, "mean"), Normalize()]
    SentenceTransformer(modules=parts, device="cpu").save(str(folder))


def load_text(path: Path) -> list[Any]:
    """The pages of a PDF as LangChain documents, by PyPDFLoader."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from langchain_community.document_loaders import PyPDFLoader
    return PyPDFLoader(str(path)).load()


class Reference:
    """The whole reference pipeline on one store. Making it loads the model."""

    def __init__(self, model: Path, folder: Path) -> None:
        from langchain_chroma import Chroma
        from langchain_huggingface import HuggingFaceEmbeddings
        from langchain_text_splitters import RecursiveCharacterTextSplitter

        embeddings = HuggingFaceEmbeddings(
            model_name=str(model), model_kwargs={"device": "cpu"}, encode_kwargs={"prompt": PASSAGE_PREFIX, "normalize_embeddings": True}
        )  # fmt: skip
        self._splitter = RecursiveCharacterTextSplitter(chunk_size=CHUNK, chunk_overlap=0)
        self._chroma = Chroma("bench", embedding_function=embeddings, persist_directory=str(folder))
        embeddings.embed_documents(["预热"])

    def take_in(self, paths: Sequence[Path]) -> list[str]:
        """Loads, splits, embeds and stores the files; the chunks that were indexed."""
        chunks: list[str] = []
        for path in paths:
            parts = self._splitter.split_documents(load_text(path))
            self._chroma.add_documents(parts)
            chunks += [part.page_content for part in parts]
        return chunks
