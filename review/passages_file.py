"""Reads a JSONL file of passages, a batch at a time."""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from review.errors import BadPassagesFileError


def read_passages(path: Path, size: int) -> Iterator[list[tuple[str, str]]]:
    """Batches of at most `size` (id, text). Raises BadPassagesFileError at the first line that is no passage."""
    with path.open(encoding="utf-8-sig") as lines:
        passages = (_passage(path.name, number, line) for number, line in enumerate(lines, 1) if line.strip())
        while batch := list(islice(passages, size)):
            yield batch


def _passage(name: str, number: int, line: str) -> tuple[str, str]:
    try:
        record = json.loads(line)
    except json.JSONDecodeError as error:
        raise BadPassagesFileError(name, number, "不是一个 JSON 对象") from error
    if not isinstance(record, dict) or not isinstance(record.get("id"), str) or not isinstance(record.get("text"), str):
        raise BadPassagesFileError(name, number, "缺少文字型的 id 或 text")
    return record["id"], record["text"]
