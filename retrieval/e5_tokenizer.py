"""Splits text into the unigram pieces of multilingual-e5-small.

Own code instead of the `tokenizers` package because that needs about a second to build its tree of 250,000 pieces, which every
one-question run would pay; a plain dictionary is ready in a tenth of it, and cutting a passage costs a small part of embedding it.
The tests compare both, piece by piece.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

import numpy as np

from retrieval.e5_weights import Vocabulary

SPACE_MARK: Final = "▁"
UNKNOWN_PENALTY: Final = 10.0  # an unknown character scores this much below the rarest piece, as in SentencePiece
_SPACES = re.compile(" {2,}")
_PIECES, _SCORES, _SETTINGS = "pieces.txt", "scores.npy", "tokenizer.json"


def save_vocabulary(vocabulary: Vocabulary, folder: Path) -> None:
    """Writes the three files that E5Tokenizer.load reads."""
    pieces, scores = zip(*vocabulary.pieces, strict=True)
    settings = {name: getattr(vocabulary, name) for name in ("bos", "eos", "pad", "unk")}
    settings["characters"] = {str(code): text for code, text in vocabulary.characters.items()}
    (folder / _PIECES).write_text("\n".join(pieces), encoding="utf-8", newline="\n")
    np.save(folder / _SCORES, np.array(scores, dtype=np.float32))
    (folder / _SETTINGS).write_text(json.dumps(settings, ensure_ascii=True), encoding="utf-8")


class E5Tokenizer:
    """Text → piece ids, without the marks of begin and end (`bos`, `eos`), which belong to a window, not to a text."""

    def __init__(
        self,
        pieces: Sequence[str],
        scores: Sequence[float],
        characters: Mapping[int, str],
        *,
        bos: int,
        eos: int,
        pad: int,
        unk: int,
    ) -> None:
        self.bos, self.eos, self.pad, self.unk = bos, eos, pad, unk
        self._characters = characters
        self._scores = scores
        self._ids = dict(zip(pieces, range(len(pieces)), strict=True))
        # The marks are never written in a text: a file that spells "</s>" must not end its own passage.
        for special in (bos, eos, pad, unk):
            self._ids.pop(pieces[special], None)
        self._longest: dict[str, int] = {}
        for piece in self._ids:
            if len(piece) > self._longest.get(piece[0], 0):
                self._longest[piece[0]] = len(piece)
        self._unknown = min(scores) - UNKNOWN_PENALTY

    @classmethod
    def load(cls, folder: Path) -> E5Tokenizer:
        """The tokenizer saved in a model folder."""
        settings = json.loads((folder / _SETTINGS).read_text(encoding="utf-8"))
        characters = {int(code): text for code, text in settings.pop("characters").items()}
        pieces = (folder / _PIECES).read_text(encoding="utf-8").split("\n")
        return cls(pieces, np.load(folder / _SCORES).tolist(), characters, **settings)

    def encode(self, text: str) -> list[int]:
        """The most probable sequence of piece ids; neighbouring unknown characters share one `unk`."""
        text = _SPACES.sub(" ", text.translate(self._characters)).replace(" ", SPACE_MARK)
        if not text:
            return []
        if text[0] != SPACE_MARK:
            text = SPACE_MARK + text
        return self._backtrack(*self._best_ends(text))

    def _best_ends(self, text: str) -> tuple[list[int], list[int]]:
        """For each position: where the last piece of the best cut up to there begins, and its id (Viterbi)."""
        ids, scores, longest, unknown = self._ids, self._scores, self._longest, self._unknown
        length = len(text)
        best = [float("-inf")] * (length + 1)
        begins, chosen = [0] * (length + 1), [self.unk] * (length + 1)
        best[0] = 0.0
        for start in range(length):
            base, single = best[start], False
            for end in range(start + 1, min(start + longest.get(text[start], 0), length) + 1):
                piece = ids.get(text[start:end])
                if piece is not None:
                    single = single or end == start + 1
                    if base + scores[piece] > best[end]:
                        best[end], begins[end], chosen[end] = base + scores[piece], start, piece
            if not single and base + unknown > best[start + 1]:
                best[start + 1], begins[start + 1], chosen[start + 1] = base + unknown, start, self.unk
        return begins, chosen

    def _backtrack(self, begins: list[int], chosen: list[int]) -> list[int]:
        found: list[int] = []
        end = len(begins) - 1
        while end > 0:
            if not (chosen[end] == self.unk and found and found[-1] == self.unk):
                found.append(chosen[end])
            end = begins[end]
        return found[::-1]
