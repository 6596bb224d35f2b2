"""Which recognised lines are one paragraph."""

from __future__ import annotations

import itertools
import re
import statistics
from collections.abc import Sequence

import numpy as np

from ingest.headings import heading_level
from ingest.ocr.lines import Line, glue

_MAY_END = tuple("。！？；!?;:：）”")
_OPEN, _CLOSE = frozenset("（《“〔【"), frozenset("）》”〕】，。、；：")
_NUMBERED = re.compile(
    r"(?:[一二三四五六七八九十]{1,3}、|[（(][一二三四五六七八九十\d]{1,3}[）)]|\d{1,2}[.．、](?!\d)|第[一二三四五六七八九十]{1,3}[章条])"
)
_NO_BOX = np.full((1, 4), np.nan, dtype=np.float32)


def one_line(row: Sequence[Line]) -> Line:
    """The parts of one printed row as one line; a wide gap between them becomes a made-up space."""
    whole = row[0]
    for part in row[1:]:
        # A wide bracket brings its own room.
        if part.box[0] - whole.box[2] > whole.height and whole.text[-1] not in _CLOSE and part.text[0] not in _OPEN:
            spaced = None if whole.confidences is None else (1.0,)
            whole = glue([whole, Line(" ", _NO_BOX, spaced)])
        whole = glue([whole, part])
    return whole


def paragraphs(rows: Sequence[Sequence[Line]]) -> list[list[Line]]:
    """Printed rows of one column, top to bottom, grouped into paragraphs by indent, short last lines, gaps and size of type."""
    if not rows:
        return []
    lines = [one_line(row) for row in rows]
    em = statistics.median(line.height for line in lines)
    left, right = min(line.box[0] for line in lines), max(line.box[2] for line in lines)
    steps = [_middle(b) - _middle(a) for a, b in itertools.pairwise(lines)]
    near = [step for step in steps if 0 < step < 4 * em]
    pitch = statistics.median_low(near) if near else 1.5 * em
    groups = [[lines[0]]]
    for index, (before, line) in enumerate(itertools.pairwise(lines)):
        step = _middle(line) - _middle(before)
        apart = step <= 0.3 * em or step > 1.6 * pitch or abs(line.height - before.height) > 0.4 * em
        short = before.box[2] < right - 2.2 * em
        indented = line.box[0] > left + 1.2 * em and not (before.box[0] > left + 1.2 * em and len(groups[-1]) > 1)
        title = heading_level(before.text) is not None and len(groups[-1]) == 1 and short
        starts = before.text.endswith(_MAY_END) and (indented or _NUMBERED.match(line.text) is not None)
        columns = len(rows[index]) > 2 or len(rows[index + 1]) > 2
        if apart or short or title or starts or columns:
            groups.append([line])
        else:
            groups[-1].append(line)
    return groups


def _middle(line: Line) -> float:
    return (line.box[1] + line.box[3]) / 2
