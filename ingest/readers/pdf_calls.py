"""Calls of pdfium that are made once for every character or object of a page, without what ctypes adds to each of them."""

from __future__ import annotations

import ctypes
from collections import deque
from collections.abc import Sequence
from functools import cache
from itertools import repeat
from typing import Any

import numpy as np
import pypdfium2.raw as pdfium_c
from numpy.typing import NDArray

_BATCH = 2048  # characters; most pages have fewer


def address_of(handle: Any) -> int:
    """The address of a pypdfium2 text page, page or object."""
    return ctypes.cast(handle.raw, ctypes.c_void_p).value or 0


def fast_call(function: Any, result: Any, *arguments: Any) -> Any:
    """The same function of pdfium for plain addresses and numbers: a third of the time, for calls made once a character.

    Without `arguments` none is converted, which halves the time again: then an address must be an instance of a ctypes type.
    """
    return ctypes.PYFUNCTYPE(result, *arguments)(ctypes.cast(function, ctypes.c_void_p).value or 0)


_char_box = fast_call(pdfium_c.FPDFText_GetCharBox, ctypes.c_int)


@cache
def _places() -> tuple[NDArray[np.float64], list[list[Any]]]:
    """Room for the boxes of a batch, and the places of all left, right, bottom and top values in it, as ctypes passes them.

    Making four such places for a character takes longer than asking for its box, so they are made once and used for every page.
    """
    room = (ctypes.c_double * (4 * _BATCH))()
    places = [[ctypes.byref(room, 32 * row + 8 * part) for row in range(_BATCH)] for part in (0, 2, 1, 3)]
    return np.ctypeslib.as_array(room).reshape(-1, 4), places


def char_boxes(textpage: int, numbers: Sequence[int]) -> NDArray[np.float64]:
    """left, bottom, right, top of the characters with these numbers, shape (n, 4); zeros where pdfium knows none.

    Like pdfium itself, for one thread at a time.
    """
    room, places = _places()
    handle = repeat(ctypes.c_void_p(textpage))
    found = np.empty((len(numbers), 4))
    for begin in range(0, len(numbers), _BATCH):
        batch = numbers[begin : begin + _BATCH]
        room[: len(batch)] = 0.0
        deque(map(_char_box, handle, batch, *places), maxlen=0)
        found[begin : begin + _BATCH] = room[: len(batch)]
    return found
