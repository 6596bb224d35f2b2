"""Red ink: seals are taken out of the picture before it is read, because text under them is lost otherwise."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ingest.ocr.engine import Pixels

_REDDER = 50  # how much more red than green or blue a pixel of a stamp is, out of 255


def red_mask(pixels: Pixels) -> NDArray[np.bool_]:
    """Which pixels of an RGB picture (h, w, 3) are red ink."""
    red = pixels[:, :, 0].astype(np.int16)
    return np.asarray(red - pixels[:, :, 1:].max(axis=2) > _REDDER, dtype=np.bool_)


def without_red(pixels: Pixels, mask: NDArray[np.bool_]) -> Pixels:
    """The picture as through a red glass where the ink is red: the stamp turns to paper, black print under it stays black."""
    if not mask.any():
        return pixels
    cleaned = pixels.copy()
    cleaned[mask] = pixels[mask][:, :1]
    return cleaned
