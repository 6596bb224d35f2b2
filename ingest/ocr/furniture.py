"""Page numbers and running heads of a single scanned page, told by where they stand."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ingest.headings import heading_level
from ingest.ocr.lines import Line

_EDGE = 0.1  # share of the page's height in which its number stands
_MARGIN = 0.07  # text never begins in the upper 7 % of a sheet (A4: 21 mm); a running head does
_FOLIO = re.compile(r"[-—–－·.一\s]*(?:第\s*)?\d{1,4}(?:\s*页)?(?:\s*[/／,，共]+\s*\d{1,4}\s*页?)?[-—–－·.一\s]*")
_LONGEST_HEAD = 40


def is_folio(line: Line, height: float) -> bool:
    """Whether the line is the number of the page: — 3 — or 第 3 页 at the upper or lower edge."""
    _, top, _, bottom = line.box
    at_edge = bottom < _EDGE * height or top > (1 - _EDGE) * height
    return at_edge and _FOLIO.fullmatch(line.text) is not None


def has_running_head(rows: Sequence[Sequence[Line]], width: float, height: float) -> bool:
    """Whether the first printed row of a sheet of paper is a running head: in the upper margin, with a gap below it."""
    if len(rows) < 3 or not rows[0] or not rows[1] or not 1.2 < max(width, height) / max(min(width, height), 1) < 1.6:
        return False
    bottom = max(line.box[3] for line in rows[0])
    gap = min(line.box[1] for line in rows[1]) - bottom
    text = "".join(line.text for line in rows[0])
    short = len(text) <= _LONGEST_HEAD and heading_level(text) is None and not text.endswith("。")
    return short and bottom < _MARGIN * height and gap > 0.8 * rows[0][0].height
