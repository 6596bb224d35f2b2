"""Reads the picture of one page: `recognise` is what the reading process calls for a page in state "waiting"."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from ingest.ocr import cells, engine, lines, order, pose, ruled, seal, stamp
from ingest.ocr.assemble import OcrPage
from ingest.ocr.errors import UnreadablePictureError
from ingest.ocr.layer import LayerLine, compared, layer_of, share_inside
from ingest.ocr.picture import Picture, load
from ingest.pages import Finding, ParsedPage, Span

MEMORY_MB = 3072  # address space a recognising process needs; measured 1.4 GB on A4, much more than its resident 0.6 GB
_MOST_TOLD = 500  # characters of a finding's excerpt
_LEAST_RED = 0.0004  # share of the page in red ink; less is dirt
LOW_CONFIDENCE = 85  # percent; below it, one character in ten of a line was wrong in our measurements


def recognise(path: Path, file: str, kind: str, number: int, source: str) -> ParsedPage:
    """Page `number` of a file as its picture shows it, in state "ocr", "empty" or "failed".

    kind : of the file, as its reader named it. source : where the picture is, as the waiting page says.
    Raises UnreadableFileError when the file cannot be opened at all.
    """
    label = f"图片{number}" if source.startswith("part:") else f"第{number}页"
    try:
        picture = load(path, file, kind, number, source)
    except UnreadablePictureError as exc:
        return ParsedPage(number, label, "failed", "", str(exc))
    return read_picture(picture, number, label, layer_of(path, file, number) if source == "page" else ())


def read_picture(picture: Picture, number: int, label: str, layer: Sequence[LayerLine] = ()) -> ParsedPage:
    """The page that a picture shows. layer : the lines of the same page's text layer, which may say otherwise."""
    red = stamp.red_mask(picture.pixels)
    image = stamp.without_red(picture.pixels, red)
    quads = engine.find_lines(image)
    how = pose.pose_of(image, quads)
    upright = pose.in_order(how.upright(quads))
    straight = how.straightened(image)
    em = pose.text_height(upright)
    seals = seal.seals_in(how.straightened(picture.pixels), how.straightened(red.astype(np.uint8)).astype(bool))
    tables = ruled.tables_in(cv2.cvtColor(straight, cv2.COLOR_RGB2GRAY), em)
    found = lines.recognised(image, cells.split(upright, tables, em), how)
    found += _red_lines(picture.pixels, red, seals, how, found)
    found, unseen = _with_layer(found, layer, how)
    parts: list[lines.Line | cells.Table] = []
    for table in tables:
        filled, found = cells.fill(table, found, straight, em)
        if filled.lines:
            parts.append(filled)
    parts.extend(found)
    page = OcrPage(number, straight.shape[1], straight.shape[0])
    page.fill(order.rows(parts))
    if not page.text.strip():
        reason = f"第 {number} 页的图片里没有认出文字，请核对原件。"
        return ParsedPage(number, label, "empty", "", reason, (), picture.width, picture.height)
    boxes = _in_units(how.displayed(page.boxes), picture)
    return ParsedPage(
        number, label, "ocr", page.text, "", page.spans, picture.width, picture.height, boxes,
        findings=(*_seen_seals(number, seals), *_doubts(number, page.spans, page.text), *_contradictions(number, unseen)),
    )  # fmt: skip


def _red_lines(
    pixels: engine.Pixels,
    red: NDArray[np.bool_],
    seals: Sequence[seal.Seal],
    how: pose.Pose,
    found: Sequence[lines.Line],
) -> list[lines.Line]:
    """Lines printed in red, which vanish where stamps are taken out: the head 某某区人民政府文件."""
    if red.mean() < _LEAST_RED:
        return []
    upright = seal.without_seals(how.straightened(red.astype(np.uint8)).astype(bool), seals)
    if upright.mean() < _LEAST_RED:
        return []
    image = stamp.only_red(how.straightened(pixels), upright)
    straight = pose.Pose(0, 0.0, image.shape[1], image.shape[0])
    read = lines.recognised(image, pose.in_order(engine.find_lines(image)), straight)
    certain = [line for line in read if (line.confidence or 0) >= LOW_CONFIDENCE and len(line.text) > 1]
    return [line for line in certain if all(share_inside(line, other) < 0.3 for other in found)]


def _seen_seals(number: int, seals: Sequence[seal.Seal]) -> tuple[Finding, ...]:
    """A finding for each seal, so that a person sees whose it is."""
    return tuple(
        Finding(
            "印章",
            f"第 {number} 页盖有红色圆形印章"
            + (f"（“{one.name}”，文字识别）" if one.name else "（印文没有认出）")
            + "，请核对是否为发文单位的印章。",
            one.name,
        )
        for one in seals
    )


def _with_layer(
    found: list[lines.Line], layer: Sequence[LayerLine], how: pose.Pose
) -> tuple[list[lines.Line], list[str]]:
    """The lines of the page with exact words where the layer gives them, and what only the layer says."""
    size = np.array([how.width, how.height, how.width, how.height], dtype=np.float32)
    placed = [lines.Line(line.text, how.upright_boxes(line.boxes * size), None) for line in layer]
    return compared(placed, [line.over_picture for line in layer], found)


def _contradictions(number: int, unseen: Sequence[str]) -> tuple[Finding, ...]:
    """A finding when the text layer says what the page does not show."""
    if not unseen:
        return ()
    sentence = f"第 {number} 页的文字层有 {len(unseen)} 处与画面不符，已按画面显示的文字读取，请核对原件。"
    return (Finding("文字层与画面不符", sentence, "\n".join(unseen)[:_MOST_TOLD]),)


def _in_units(boxes: NDArray[np.float32], picture: Picture) -> NDArray[np.float32]:
    """Displayed pixels left, top, right, bottom → units of the page left, bottom, right, top, origin at the lower left."""
    left, top, right, bottom = (boxes * picture.unit).T
    return np.stack([left, picture.height - bottom, right, picture.height - top], axis=1).astype(np.float32)


def _doubts(number: int, spans: Sequence[Span], text: str) -> tuple[Finding, ...]:
    """A finding when words of the page were read with low confidence."""
    doubtful = [
        (int(span.locator["confidence"]), text[span.start : span.end])
        for span in spans
        if int(span.locator.get("confidence", 100)) < LOW_CONFIDENCE and "furniture" not in span.locator
    ]
    if not doubtful:
        return ()
    worst, words = min(doubtful)
    sentence = (
        f"第 {number} 页有 {len(doubtful)} 处文字识别的置信度低于 {LOW_CONFIDENCE}%（最低 {worst}%），请核对原件。"
    )
    return (Finding("识别存疑", sentence, words),)
