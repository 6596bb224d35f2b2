"""Finds the encoding of a text: marks first, then UTF-16 without a mark, UTF-8, and GB18030 told from Big5.

The last two are told apart by where their frequent characters lie: the 3,755 commonest of GB2312 have first bytes B0–D7,
the 5,401 commonest of Big5 first bytes A4–C6. Text of the one read as the other is full of rare characters.
"""

from __future__ import annotations

import re

_MARKS = (
    (b"\xff\xfe\x00\x00", "utf-32"),
    (b"\x00\x00\xfe\xff", "utf-32"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
    (b"\xef\xbb\xbf", "utf-8-sig"),
)
_MARGIN = 0.1  # how much more plausible Big5 must be; mainland material is GB18030
_BIG5_PAIR = re.compile(rb"[\x81-\xfe][\x40-\x7e\xa1-\xfe]|[\x00-\xff]", re.DOTALL)
_GB_PAIR = re.compile(
    rb"[\x81-\xfe][\x30-\x39][\x81-\xfe][\x30-\x39]|[\x81-\xfe][\x40-\x7e\x80-\xfe]|[\x00-\xff]", re.DOTALL
)
_HIGH = re.compile(rb"[\x80-\xff]+")
_SAMPLE = 200_000  # bytes; enough to judge by


def decode(content: bytes, *, whole: bool = True) -> tuple[str, str] | None:
    """The text and the encoding's name; None when it is not text.

    whole : False when `content` is the beginning of something longer and may end inside a character.
    """
    for encoding in _candidates(content):
        for cut in range(1 if whole else 4):
            try:
                text = content[: len(content) - cut].decode(encoding)
            except UnicodeDecodeError:
                continue
            if _looks_like_text(text):
                return text, encoding
    return None


def decode_name(raw: bytes) -> str:
    """The name of a file inside an archive that does not say how its names are written."""
    for encoding in (*_chinese(raw), "utf-8") if _seems_utf8(raw) else ("utf-8", *_chinese(raw)):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return raw.decode("gb18030", errors="replace")


def _candidates(content: bytes) -> tuple[str, ...]:
    for mark, encoding in _MARKS:
        if content.startswith(mark):
            return (encoding,)
    wide = _wide(content[:_SAMPLE])
    if b"\0" in content[:_SAMPLE]:
        return wide
    if _seems_utf8(content):
        return (*_chinese(content), "utf-8")
    return ("utf-8", *wide, *_chinese(content))


def _seems_utf8(content: bytes) -> bool:
    """Whether a few Chinese characters in GB18030 only happen to be valid UTF-8, as 联通 is: Latin and Greek letters in pairs."""
    runs = _HIGH.findall(content) if len(content) <= 64 else []
    if not runs or any(len(run) % 4 for run in runs) or _common_gb(content) < 1:
        return False
    return all(char < "\u0800" for char in content.decode("utf-8", errors="replace"))


def _wide(content: bytes) -> tuple[str, ...]:
    """UTF-16 without a mark, when nearly all of it would be Chinese, ASCII and the punctuation of both."""
    best = ("", 0.0)
    for encoding in ("utf-16-le", "utf-16-be"):
        text = content[: len(content) // 2 * 2].decode(encoding, errors="replace")
        usual = sum(_usual(char) for char in text)
        if text and usual / len(text) > best[1]:
            best = (encoding, usual / len(text))
    return (best[0],) if best[1] >= 0.97 else ()


def _usual(char: str) -> float:
    """1 for what Chinese texts are made of, a little less for rare characters, 0 for everything else."""
    if "\u3400" <= char <= "\u4dbf" or "\U00020000" <= char <= "\U0003134f":
        return 0.8
    return float(
        " " <= char <= "~"
        or char in "\t\r\n·"
        or "\u4e00" <= char <= "\u9fff"
        or "\u3000" <= char <= "\u303f"
        or "\uff01" <= char <= "\uff5e"
        or "\u2010" <= char <= "\u203b"
    )


def _chinese(content: bytes) -> tuple[str, ...]:
    """GB18030 and the Big5 variants, the more plausible first."""
    sample = content[:_SAMPLE]
    gb, big5 = _common_gb(sample), _common_big5(sample)
    if big5 >= 0.8 and big5 > gb + _MARGIN:
        return ("big5", "cp950", "big5hkscs", "gb18030")
    return ("gb18030", "cp950", "big5hkscs") if big5 >= 0.9 else ("gb18030",)


def _common_gb(content: bytes) -> float:
    """The share of characters that are frequent ones, when the bytes are read as GB18030."""
    pairs = [pair for pair in _GB_PAIR.findall(content) if pair[0] > 0x80]
    common = sum(
        1
        for pair in pairs
        if len(pair) == 2 and pair[1] >= 0xA1 and (0xB0 <= pair[0] <= 0xD7 or 0xA1 <= pair[0] <= 0xA3)
    )
    return common / len(pairs) if pairs else 1.0


def _common_big5(content: bytes) -> float:
    """The share of characters that are frequent ones, when the bytes are read as Big5."""
    pairs = [pair for pair in _BIG5_PAIR.findall(content) if pair[0] > 0x80]
    common = sum(1 for pair in pairs if len(pair) == 2 and 0xA1 <= pair[0] <= 0xC6)
    return common / len(pairs) if pairs else 0.0


def _looks_like_text(text: str) -> bool:
    """Random bytes sometimes decode as GB18030; then they are full of control and private-use characters."""
    odd = sum(
        1
        for char in text
        if (char < " " and char not in "\t\n\r\f") or char == "\x7f" or "\ue000" <= char <= "\uf8ff" or char == "\ufffd"
    )
    return odd * 100 <= len(text)
