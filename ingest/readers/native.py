"""Keeps a panic of a native library from ending the reading process."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def no_panic() -> Iterator[None]:
    """Turns a panic of a library written in Rust into a ValueError.

    pyo3 raises it as a BaseException, so that no `except Exception` sees it; on a damaged file it only means: damaged.
    """
    try:
        yield
    except BaseException as exc:
        if type(exc).__name__ != "PanicException":
            raise
        raise ValueError(f"the native reader gave up: {exc}") from None
