"""Charts for page and paper from the same data: PNG drawn by matplotlib without a window, a network or a browser.

Colours are Okabe and Ito's, which colour-blind people tell apart; every distinction is also made by hatching, sign or
lightness, so that a black and white print still tells everything. The font is the first Chinese one found on the machine.
"""

from __future__ import annotations

import io
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

from matplotlib import font_manager
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.collections import PatchCollection
from matplotlib.figure import Figure

FONTS = (
    "Noto Sans CJK SC", "Source Han Sans SC", "Microsoft YaHei", "SimHei", "PingFang SC", "Heiti SC", "WenQuanYi Zen Hei",
    "Noto Sans CJK JP", "SimSun",
)  # fmt: skip
BLUE, ORANGE, GREEN, GREY, DARK = "#0072B2", "#E69F00", "#009E73", "#BBBBBB", "#222222"
DPI = 140
# Charts kept for the other papers, and the pages, that show the same one.
KEPT = 64
# State of an item → (shade, sign): light = complete, dark = missing; the sign alone would do.
STATES: Mapping[str, tuple[str, str]] = {
    "found": ("#F2F2F2", "○"), "partly": ("#BFD7EA", "△"), "out_of_period": ("#E69F00", "年"),
    "unreadable": ("#7F7F7F", "读"), "missing": ("#08306B", "×"),
}  # fmt: skip
_LOCK = threading.Lock()


@dataclass(frozen=True, slots=True)
class Bar:
    """A district in the ranking. low, high : equal once the total is known."""

    name: str
    low: float
    high: float


@cache
def font() -> font_manager.FontProperties:
    """The first Chinese font of FONTS on this machine; matplotlib's own where there is none."""
    for name in FONTS:
        try:
            path = font_manager.findfont(name, fallback_to_default=False)
        except ValueError:
            continue
        return font_manager.FontProperties(fname=path)
    return font_manager.FontProperties()


def profile_chart(
    names: Sequence[str], shares: Sequence[float], median: Sequence[float] | None, district: str
) -> bytes:
    """Share of the points of each indicator (percent), beside the median of all districts where there is one."""
    figure, axes = _figure(6.2, 3.0)
    places = range(len(names))
    width = 0.38 if median else 0.6
    own = axes.bar([p - (width / 2 if median else 0) for p in places], shares, width, color=BLUE, edgecolor=DARK)
    _label(axes, own, shares)
    labels = [district]
    drawn = [own]
    if median:
        other = axes.bar([p + width / 2 for p in places], median, width, color="white", edgecolor=DARK, hatch="///")
        _label(axes, other, median)
        drawn.append(other)
        labels.append("各区县中位数")
    axes.set_ylim(0, 118)
    axes.set_xticks(list(places), [_short(name, 9) for name in names])
    axes.set_ylabel("得分率（%）", fontproperties=font())
    axes.legend(
        drawn,
        [_short(label, 16) for label in labels],
        prop=font(),
        loc="upper center",
        ncol=2,
        frameon=False,
        fontsize=8,
    )
    return _png(figure, axes)


@lru_cache(maxsize=KEPT)
def waterfall_chart(full: float, losses: tuple[tuple[str, float], ...], total: float) -> bytes:
    """From the full points down to the points obtained, one step per criterion that lost (or gained) any."""
    steps = [(name, value) for name, value in losses if abs(value) >= 0.005]
    figure, axes = _figure(7.2, 3.4)
    level, bottoms, heights, colours, hatches = full, [0.0], [full], [GREY], [""]
    for _, value in steps:
        level -= value
        bottoms.append(min(level, level + value))
        heights.append(abs(value))
        colours.append(ORANGE if value > 0 else GREEN)
        hatches.append("" if value > 0 else "...")
    bottoms.append(0.0)
    heights.append(total)
    colours.append(BLUE)
    hatches.append("///")
    labels = ["满分", *(name for name, _ in steps), "得分"]
    bars = axes.bar(range(len(labels)), heights, 0.7, bottom=bottoms, color=colours, edgecolor=DARK, linewidth=0.6)
    for bar, hatch in zip(bars, hatches, strict=True):
        bar.set_hatch(hatch)
    texts = [f"{full:.2f}", *(f"{-value:+.2f}" for _, value in steps), f"{total:.2f}"]
    lowest = min([*bottoms[1:-1], total, full])
    floor = max(0.0, lowest - (full - lowest) * 0.25 - 5)
    for place, (bottom, height, text) in enumerate(zip(bottoms, heights, texts, strict=True)):
        axes.text(
            place,
            bottom + height + (full - floor) * 0.015,
            text,
            ha="center",
            va="bottom",
            fontproperties=_sized(6.5),
            rotation=0 if len(labels) < 12 else 60,
        )
    axes.set_ylim(floor, full + (full - floor) * 0.18)
    axes.set_xticks(range(len(labels)), labels, rotation=0 if len(labels) < 16 else 45)
    axes.set_ylabel("分（纵轴不从 0 起）", fontproperties=font())
    return _png(figure, axes)


def heat_chart(rows: Sequence[tuple[str, Sequence[tuple[str, str]]]], words: Mapping[str, str]) -> bytes:
    """A cell per item. rows : (label, [(text of the cell, state)…]); words : state → how people call it."""
    columns = max((len(cells) for _, cells in rows), default=1)
    figure, axes = _figure(7.2, 0.24 * len(rows) + 1.0)
    many = columns > 20
    drawn = []
    for line, (_, cells) in enumerate(rows):
        for place, (text, state) in enumerate(cells):
            shade, sign = STATES[state]
            drawn.append(_rectangle(place, line, shade))
            ink = "white" if state in ("missing", "unreadable") else DARK
            shown = sign if many else f"{text}{sign}"
            axes.text(
                place + 0.5,
                line + 0.5,
                shown,
                ha="center",
                va="center",
                color=ink,
                fontproperties=_sized(4.5 if many else 6.5),
            )
    axes.add_collection(PatchCollection(drawn, match_original=True))
    axes.set_xlim(0, columns)
    axes.set_ylim(max(len(rows), 1), 0)
    axes.set_yticks([line + 0.5 for line in range(len(rows))], [_short(label, 12) for label, _ in rows])
    axes.set_xticks([])
    for side in axes.spines.values():
        side.set_visible(False)
    handles = [_rectangle(0, 0, shade) for shade, _ in STATES.values()]
    labels = [f"{sign} {words[state]}" for state, (_, sign) in STATES.items()]
    axes.legend(
        handles,
        labels,
        prop=_sized(7),
        ncol=len(labels),
        loc="upper center",
        bbox_to_anchor=(0.5, -0.02),
        frameon=False,
    )
    return _png(figure, axes)


def ranking_chart(bars: Sequence[Bar], bands: Sequence[tuple[str, float]], cap: float) -> bytes:
    """The totals, best first, over the grade bands. bands : (grade, at least), best first. An open total is a hatched interval."""
    figure, axes = _figure(7.2, 0.26 * len(bars) + 1.1)
    upper = cap
    for number, (name, least) in enumerate(bands):
        axes.axvspan(least, upper, color="#E8E8E8" if number % 2 else "#FFFFFF", zorder=0)
        middle = max(least, 0) + (upper - max(least, 0)) / 2
        axes.text(middle if least > 0 else upper * 0.5, -0.75, name, ha="center", va="center", fontproperties=_sized(8))
        upper = least
    for line, bar in enumerate(bars):
        axes.barh(line, bar.low, 0.62, color=BLUE, edgecolor=DARK, linewidth=0.6, zorder=2)
        if bar.high > bar.low:
            axes.barh(
                line,
                bar.high - bar.low,
                0.62,
                left=bar.low,
                color="white",
                edgecolor=DARK,
                hatch="////",
                linewidth=0.6,
                zorder=2,
            )
        text = f"{bar.low:.2f}" if bar.low == bar.high else f"{bar.low:.2f}～{bar.high:.2f}"
        axes.text(bar.high + cap * 0.006, line, text, va="center", fontproperties=_sized(7), zorder=3)
    lowest = min((bar.low for bar in bars), default=0.0)
    floor = max(0.0, min(lowest - 60, (bands[-2][1] if len(bands) > 1 else 0) - 40))
    axes.set_xlim(floor, cap + (cap - floor) * 0.12)
    axes.set_ylim(len(bars) - 0.4, -1.2)
    axes.set_yticks(range(len(bars)), [_short(bar.name, 12) for bar in bars])
    axes.set_xlabel("分（横轴不从 0 起）" if floor > 0 else "分", fontproperties=font())
    return _png(figure, axes)


def years_chart(names: Sequence[str], before: Sequence[float | None], now: Sequence[float | None], cycle: int) -> bytes:
    """The totals of two years beside each other; a total that is open or absent has no mark."""
    figure, axes = _figure(7.2, 0.26 * len(names) + 1.1)
    for line, (old, new) in enumerate(zip(before, now, strict=True)):
        if old is not None and new is not None:
            axes.plot([old, new], [line, line], color=GREY, linewidth=2, zorder=1)
        if old is not None:
            axes.scatter([old], [line], marker="o", facecolor="white", edgecolor=DARK, s=36, zorder=2)
        if new is not None:
            axes.scatter([new], [line], marker="D", color=BLUE, edgecolor=DARK, s=36, zorder=3)
    first = axes.scatter([], [], marker="o", facecolor="white", edgecolor=DARK)
    second = axes.scatter([], [], marker="D", color=BLUE, edgecolor=DARK)
    axes.legend(
        [first, second],
        [f"{cycle - 1} 年度", f"{cycle} 年度"],
        prop=font(),
        loc="upper center",
        bbox_to_anchor=(0.5, 1.18),
        ncol=2,
        frameon=False,
    )
    axes.set_ylim(len(names) - 0.4, -0.6)
    axes.set_yticks(range(len(names)), [_short(name, 12) for name in names])
    axes.set_xlabel("分", fontproperties=font())
    return _png(figure, axes)


def _figure(width: float, height: float) -> tuple[Figure, Any]:
    figure = Figure(figsize=(width, height), dpi=DPI, layout="constrained")
    FigureCanvasAgg(figure)
    return figure, figure.add_subplot()


def _rectangle(left: float, top: float, shade: str) -> Any:
    from matplotlib.patches import Rectangle

    return Rectangle((left + 0.03, top + 0.06), 0.94, 0.88, facecolor=shade, edgecolor="#888888", linewidth=0.5)


def _label(axes: Any, bars: Any, values: Sequence[float]) -> None:
    for bar, value in zip(bars, values, strict=True):
        axes.text(
            bar.get_x() + bar.get_width() / 2,
            value + 1.5,
            f"{value:.1f}",
            ha="center",
            va="bottom",
            fontproperties=_sized(7),
        )


def _sized(points: float) -> font_manager.FontProperties:
    chosen = font().copy()
    chosen.set_size(points)
    return chosen


def _short(text: str, length: int) -> str:
    return text if len(text) <= length else f"{text[: length - 1]}…"


def _png(figure: Figure, axes: Any) -> bytes:
    for label in (*axes.get_xticklabels(), *axes.get_yticklabels()):
        label.set_fontproperties(_sized(7.5))
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)
    buffer = io.BytesIO()
    # Words inside the axes need no room of their own; asking each of them for its size is half of the work.
    for words in axes.texts:
        words.set_in_layout(False)
    # Fonts are read by a library that is not safe in threads; pages are drawn in several.
    with _LOCK:
        figure.savefig(buffer, format="png", pil_kwargs={"compress_level": 2})
    return buffer.getvalue()
