"""Pictures of pages as scanners, faxes and telephones make them: drawn at 200 dpi, then skewed, stamped, soiled."""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pypdfium2
from PIL import Image, ImageChops, ImageDraw, ImageFilter, ImageFont

DPI = 200
_FONTS = (
    "/usr/share/fonts/opentype/noto/NotoSerifCJK-Bold.ttc",
    "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc",
)
_RED = (205, 30, 35)


def draw(path: Path, *, dpi: int = DPI) -> list[Image.Image]:
    """The pages of a PDF as RGB pictures."""
    document = pypdfium2.PdfDocument(path)
    try:
        return [page.render(scale=dpi / 72).to_pil().convert("RGB") for page in document]
    finally:
        document.close()


def soiled(pages: Sequence[Image.Image], *, seed: int = 3, stamp: str = "临江区人民政府教育局") -> list[Image.Image]:
    """The pages with a stamp over their text, skewed up to 1.5°, unevenly lit, slightly blurred, with noise and specks."""
    rng = np.random.default_rng(seed)
    found = []
    for number, page in enumerate(pages):
        width, height = page.size
        seals = [(0.62, 0.24), (0.33, 0.55)] if number % 2 == 0 else [(0.68, 0.72)]
        for x, y in seals:
            page = stamped(page, stamp, (int(width * x), int(height * y)), turn=float(rng.uniform(-12, 12)))
        angle = float(rng.uniform(0.5, 1.5)) * (1 if number % 2 == 0 else -1)
        page = page.rotate(angle, Image.Resampling.BICUBIC, fillcolor=(255, 255, 255))
        page = page.filter(ImageFilter.GaussianBlur(0.7))
        values = np.asarray(page, dtype=np.float32)
        light = np.linspace(1.0, 0.86, width, dtype=np.float32)[None, :, None]
        values = values * light - 6 + rng.normal(0, 12, values.shape[:2])[:, :, None].astype(np.float32)
        specks = rng.random(values.shape[:2])
        values[specks < 0.0004] = 40
        values[specks > 0.9996] = 250
        found.append(Image.fromarray(values.clip(0, 255).astype(np.uint8)))
    return found


def photographed(page: Image.Image, *, seed: int = 5) -> Image.Image:
    """A page as a telephone takes it: seen from an angle, darker towards one corner, on a grey table."""
    width, height = page.size
    margin = width // 25
    canvas = Image.new("RGB", (width + 2 * margin, height + 2 * margin), (96, 92, 88))
    canvas.paste(page, (margin, margin))
    # Output corners → input corners: the top is a little narrower than the bottom.
    lean = width * 0.012
    source = [(-lean, 0), (canvas.width + lean, 0), (canvas.width, canvas.height), (0, canvas.height)]
    target = [(0, 0), (canvas.width, 0), (canvas.width, canvas.height), (0, canvas.height)]
    seen = canvas.transform(
        canvas.size,
        Image.Transform.PERSPECTIVE,
        _perspective(target, source),
        Image.Resampling.BICUBIC,
        fillcolor=(96, 92, 88),
    )
    values = np.asarray(seen, dtype=np.float32)
    down = np.linspace(1.0, 0.8, values.shape[0], dtype=np.float32)[:, None, None]
    across = np.linspace(0.9, 1.0, values.shape[1], dtype=np.float32)[None, :, None]
    noise = np.random.default_rng(seed).normal(0, 6, values.shape).astype(np.float32)
    return Image.fromarray((values * down * across + noise).clip(0, 255).astype(np.uint8))


def faxed(page: Image.Image, *, seed: int = 9) -> Image.Image:
    """Black and white only, with specks."""
    values = np.asarray(page.convert("L")).copy()
    values[np.random.default_rng(seed).random(values.shape) < 0.0006] = 0
    return Image.fromarray(values).point(lambda value: 255 if value > 150 else 0).convert("1")


def stamped(page: Image.Image, words: str, centre: tuple[int, int], *, turn: float = 0.0) -> Image.Image:
    """The page with a round red seal of 42 mm; the ink darkens what is below it, as real ink does."""
    size = int(42 / 25.4 * DPI)
    seal = Image.new("RGB", (size, size), (255, 255, 255))
    pen = ImageDraw.Draw(seal)
    pen.ellipse((6, 6, size - 6, size - 6), outline=_RED, width=9)
    middle, inner = size / 2, size * 0.13
    star = []
    for point in range(10):
        radius = inner if point % 2 == 0 else inner * 0.4
        angle = math.pi * point / 5
        star.append((middle + radius * math.sin(angle), middle - radius * math.cos(angle)))
    pen.polygon(star, fill=_RED)
    font = seal_font(int(size * 0.12))
    for place, char in enumerate(words):
        angle = -120 + 240 * place / max(len(words) - 1, 1)
        glyph = Image.new("L", (font.size * 2, font.size * 2), 0)
        ImageDraw.Draw(glyph).text((font.size, font.size), char, font=font, fill=255, anchor="mm")
        glyph = glyph.rotate(-angle, Image.Resampling.BICUBIC)
        x = middle + size * 0.38 * math.sin(math.radians(angle)) - font.size
        y = middle - size * 0.38 * math.cos(math.radians(angle)) - font.size
        seal.paste(Image.new("RGB", glyph.size, _RED), (int(x), int(y)), glyph)
    seal = seal.rotate(turn, Image.Resampling.BICUBIC, fillcolor=(255, 255, 255))
    layer = Image.new("RGB", page.size, (255, 255, 255))
    layer.paste(seal, (centre[0] - size // 2, centre[1] - size // 2))
    return ImageChops.multiply(page, layer)


def seal_font(size: int) -> ImageFont.FreeTypeFont:
    """A font with Chinese characters. Raises FileNotFoundError when fonts-noto-cjk is not installed."""
    for name in _FONTS:
        if Path(name).exists():
            return ImageFont.truetype(name, size)
    raise FileNotFoundError("没有找到中文字体，请安装 fonts-noto-cjk 后再生成。")


def save_pdf(pages: Sequence[Image.Image], path: Path, *, quality: int = 85) -> Path:
    """A PDF that holds nothing but pictures, as a scanner writes it."""
    first, *rest = pages
    first.save(path, "PDF", save_all=True, append_images=rest, resolution=DPI, quality=quality)
    return path


def _perspective(target: Sequence[tuple[float, float]], source: Sequence[tuple[float, float]]) -> list[float]:
    """The eight numbers PIL wants: each target corner looks up its source corner."""
    rows, right = [], []
    for (x, y), (u, v) in zip(target, source, strict=True):
        rows += [[x, y, 1, 0, 0, 0, -u * x, -u * y], [0, 0, 0, x, y, 1, -v * x, -v * y]]
        right += [u, v]
    return [
        float(value) for value in np.linalg.solve(np.array(rows, dtype=np.float64), np.array(right, dtype=np.float64))
    ]
