"""Red ink: seals are taken out of the picture before it is read, because text under them is lost otherwise."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ingest.ocr.engine import Pixels

_INK = 40  # percentile of the red light inside a stamp that is bare ink; less is print under it and edges
_REDDER = 50  # how much more red than green or blue a pixel of a stamp is, out of 255


def red_mask(pixels: Pixels) -> NDArray[np.bool_]:
    """Which pixels of an RGB picture (h, w, 3) are red ink."""
    red = pixels[:, :, 0].astype(np.int16)
    return np.asarray(red - pixels[:, :, 1:].max(axis=2) > _REDDER, dtype=np.bool_)


def only_red(pixels: Pixels, mask: NDArray[np.bool_]) -> Pixels:
    """The red ink of `mask` in black on white: the head of an official document is printed in red."""
    redness = pixels[:, :, 0].astype(np.int16) - pixels[:, :, 1:].max(axis=2)
    ink = np.where(mask, 255 - np.clip(redness * 2, 0, 255), 255).astype(np.uint8)
    return np.repeat(ink[:, :, None], 3, axis=2)


def without_red(pixels: Pixels, mask: NDArray[np.bool_]) -> Pixels:
    """The picture as through a red glass where the ink is red: the stamp turns to paper, black print under it stays black.

    The red light of the stamp's ink is a little less than that of the paper; it is raised to it, or the stamp stays as a shadow.
    """
    if not mask.any():
        return pixels
    cleaned = pixels.copy()
    light = pixels[mask][:, 0].astype(np.float32)
    ink, paper = float(np.percentile(light, _INK)), float(np.median(pixels[::8, ::8]))
    raised = np.clip(light * (paper / max(ink, 1.0)), 0, paper)
    cleaned[mask] = raised.astype(np.uint8)[:, None]
    return cleaned
