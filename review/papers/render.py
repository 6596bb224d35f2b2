"""A template of corpus/templates filled with the values of a paper. The values are data: nothing in them is ever executed."""

from __future__ import annotations

import io
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any, ClassVar

from docx.shared import Mm
from docxtpl import DocxTemplate, InlineImage
from jinja2 import Environment, StrictUndefined, Template

from review.official_parts import clean

# Parts of templates kept compiled; the seven templates have about two dozen that differ.
PARTS_KEPT = 200


class Picture:
    """A chart among the values: PNG bytes, drawn `width_mm` wide."""

    def __init__(self, png: bytes, width_mm: int = 150) -> None:
        self.png, self.width_mm = png, width_mm


class _Compiling(Environment):
    """Compiles each part of a template once: twelve districts get the same papers."""

    def from_string(self, source: Any, globals: Any = None, template_class: Any = None) -> Template:
        if not isinstance(source, str) or globals is not None or template_class is not None:
            return super().from_string(source, globals, template_class)
        if source not in self._kept:
            if len(self._kept) >= PARTS_KEPT:
                self._kept.clear()
            self._kept[source] = super().from_string(source)
        return self._kept[source]

    _kept: ClassVar[dict[str, Template]] = {}


@cache
def _environment() -> Environment:
    return _Compiling(undefined=StrictUndefined, autoescape=True)


def template_bytes(name: str) -> bytes:
    """The template file of that name."""
    return (files("corpus") / "templates" / f"{name}.docx").read_bytes()


def render(name: str, values: Mapping[str, Any], *, template: bytes | None = None) -> bytes:
    """The DOCX file. template : the office's own version of the file instead of the one that comes with the program.

    A placeholder that `values` lacks raises jinja2.UndefinedError: a paper never has a hole where a value should stand.
    """
    paper = DocxTemplate(io.BytesIO(template or template_bytes(name)))
    filled = {key: _plain(value, paper) for key, value in values.items()}
    # Without escaping a & or < in a name would silently take the rest of its table with it.
    paper.render(filled, _environment(), autoescape=True)
    buffer = io.BytesIO()
    paper.save(buffer)
    return buffer.getvalue()


def _plain(value: Any, paper: DocxTemplate) -> Any:
    if isinstance(value, Picture):
        return InlineImage(paper, io.BytesIO(value.png), width=Mm(value.width_mm))
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, Mapping):
        return {key: _plain(member, paper) for key, member in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(member, paper) for member in value]
    return value
