"""Whether extracted text is what a person reads on the page, or the ruins of a font without a meaning for its glyphs."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

import numpy as np

from ingest.common_pairs import COMMON_PAIRS

_GARBLED = 0.05  # more than this share of control, private-use and replacement characters
_LATIN = 0.3  # more than this share of letters of Latin-1 beyond ASCII: bytes of GBK taken for Latin letters
_COMMON = 0.6  # less than this share of common characters among the Chinese ones: mapped to the wrong characters
_PAIRS = 0.01  # less than this share of common pairs: the right characters in a wrong order, or shifted
_ENOUGH_CHINESE, _ENOUGH_PAIRS = 30, 200  # below, a page may be a list of names
_SAMPLE = 600  # characters whose neighbours are looked at

_PLAIN, _ODD, _LETTER, _RARE, _COMMON_CHAR, _UNKNOWN = range(6)
_kinds = np.full(
    0x40000, _UNKNOWN, dtype=np.uint8
)  # of each code point, filled as they are met; planes above count as the last
_known_pairs = np.array(sorted(ord(pair[0]) << 32 | ord(pair[1]) for pair in COMMON_PAIRS), dtype=np.int64)


@dataclass(frozen=True, slots=True)
class Quality:
    """Counts of a text without its white space.

    visible : characters; of them odd (no reader can have meant them), latin (letters U+00C0–U+00FF), chinese, and of the
    Chinese ones common. pairs : of the first _SAMPLE characters, neighbours that are both Chinese; known : of them in the list of very common pairs.
    """

    visible: int
    odd: int
    latin: int
    chinese: int
    common: int
    pairs: int
    known: int

    @property
    def readable(self) -> bool:
        """Whether the text can be used as it is. A short text is given the benefit of the doubt."""
        if not self.visible:
            return False
        return not (
            self.odd > _GARBLED * self.visible
            or self.latin > _LATIN * self.visible
            or (self.chinese >= _ENOUGH_CHINESE and self.common < _COMMON * self.chinese)
            or (self.pairs >= _ENOUGH_PAIRS and self.known < _PAIRS * self.pairs)
        )


def quality_of(text: str) -> Quality:
    """What the text is made of. "(cid:12)", as some programs write an unknown glyph, counts as odd throughout."""
    visible = "".join(text.split())
    codes = np.frombuffer(visible.encode("utf-32-le", "surrogatepass"), dtype="<u4")
    places = np.minimum(codes, len(_kinds) - 1)
    kinds = _kinds[places]
    if (kinds == _UNKNOWN).any():
        for place in set(places[kinds == _UNKNOWN].tolist()):
            _kinds[place] = _kind(chr(place))
        kinds = _kinds[places]
    counts = np.bincount(kinds, minlength=_UNKNOWN).tolist()
    chinese = kinds[:_SAMPLE] >= _RARE
    pairs = chinese[:-1] & chinese[1:]
    sample = codes[:_SAMPLE].astype(np.int64)
    packed = sample[:-1] << 32 | sample[1:]
    known = int((_known_pairs[np.searchsorted(_known_pairs[:-1], packed)] == packed).sum())
    odd = counts[_ODD] + 5 * visible.count("(cid:")
    return Quality(
        len(visible),
        odd,
        counts[_LETTER],
        counts[_RARE] + counts[_COMMON_CHAR],
        counts[_COMMON_CHAR],
        int(pairs.sum()),
        known,
    )


def is_readable(text: str) -> bool:
    """Whether the text can be used as it is."""
    return quality_of(text).readable


def visible_length(text: str) -> int:
    """Characters that are not white space."""
    return sum(map(len, text.split()))


def _kind(char: str) -> int:
    if char == "\ufffd" or unicodedata.category(char) in ("Cc", "Co", "Cn", "Cs"):
        return _ODD
    if "\u00c0" <= char <= "\u00ff" and char not in "×÷":
        return _LETTER
    if "\u3400" <= char <= "\u9fff" or "\U00020000" <= char <= "\U0003ffff":
        return _COMMON_CHAR if _is_common(char) else _RARE
    return _PLAIN


def _is_common(char: str) -> bool:
    """Whether it is in the first level of GB 2312 (3,755 characters) or, for traditional ones, of Big5 (5,401)."""
    try:
        if b"\xb0\xa1" <= char.encode("gb2312") <= b"\xd7\xf9":
            return True
    except UnicodeEncodeError:
        pass
    try:
        return b"\xa4\x40" <= char.encode("big5") <= b"\xc6\x7e"
    except UnicodeEncodeError:
        return False
