"""What a reader returns: pages with their text, and where each stretch of that text stands in the file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
from numpy.typing import NDArray

PageState = Literal["text", "ocr", "empty", "failed", "waiting"]
SpanKind = Literal["heading", "paragraph", "cell", "line"]
LocatorValue = str | int


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch `text[start:end]` of a page (`end` exclusive) and its place in the original file.

    group : paragraph or table row the span belongs to; all spans of one group stay in one passage unless it is too long.
    locator : {"page": 3} for PDF; {"path": "二、经费 > 第4段"} or {"path": "表1 第2行 第3列"} for DOCX;
        {"sheet": "普惠率", "cell": "C7", "header": "在园幼儿数 / 公办"} for XLSX; {"line": 12} for TXT.
        "hidden": "白色文字" marks words that nobody sees on paper; "confidence": 87 (percent) marks words read by text
        recognition; "furniture": "页眉" marks running headers, footers and page numbers. Passages leave out the first and the last.
    """

    start: int
    end: int
    kind: SpanKind
    group: int
    locator: Mapping[str, LocatorValue]


@dataclass(frozen=True, slots=True)
class Finding:
    """Something about a page or file that an expert must see, such as hidden words or a total that does not add up.

    kind : short Chinese word people can filter by: 隐藏文字, 合计不符, 附件, 脚本, 批注, 修订 …
    sentence : what, where, 请…. excerpt : the words it is about, "" when there are none.
    """

    kind: str
    sentence: str
    excerpt: str = ""


@dataclass(frozen=True, slots=True)
class ParsedPage:
    """One page (PDF), one sheet (XLSX) or one whole body (DOCX, TXT).

    number : 1-based.
    state : "waiting" = there is a picture to be read by text recognition; every other state is final.
    source : where the picture of a waiting page is: "page" (the PDF page drawn), "frame" (of a TIFF), "part:word/media/image1.png".
    label : what a person calls it: 第3页, the sheet's name, 正文.
    reason : Chinese sentence when state is "empty" or "failed" (or when "text" has a defect worth telling), else "".
    text : as extracted; never normalised. Lines end with a single newline character.
    width, height : of a PDF page in points, else 0.
    char_boxes : array of shape (len(text), 4), float32: left, bottom, right, top in points, origin at the lower left of
        the page as displayed; NaN where a character has no box. None where the format has no boxes.
    """

    number: int
    label: str
    state: PageState
    text: str
    reason: str = ""
    spans: tuple[Span, ...] = ()
    width: float = 0.0
    height: float = 0.0
    char_boxes: NDArray[np.float32] | None = field(default=None, compare=False)
    source: str = ""
    findings: tuple[Finding, ...] = ()
