"""The words of an HTML mail: lines and table rows as seen, what its style hides apart. Nothing is fetched or run."""

from __future__ import annotations

import re
from dataclasses import dataclass
from html.parser import HTMLParser

_BLOCKS = {
    "p",
    "div",
    "br",
    "li",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "tr",
    "table",
    "ul",
    "ol",
    "blockquote",
    "hr",
    "pre",
}
_CELLS = {"td", "th"}
_SKIPPED = {"script", "style", "head", "title", "noscript", "template"}
_VOID = {"br", "hr", "img", "input", "meta", "link", "col", "area", "base", "wbr", "source"}
_HIDING = re.compile(
    r"display:none|visibility:hidden|opacity:0(?![.\d])|font-size:[01](?:px|pt|em|%)?(?![.\d])|(?<!-)color:(?:#fff(?:fff)?(?![0-9a-f])|white|rgb\(255,255,255\))"
)


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a mail. hidden : whether its style keeps it from being seen."""

    text: str
    hidden: bool = False


def lines_of(html: str) -> list[Line]:
    """The lines of an HTML text, blank ones left out; the cells of a row joined by ；."""
    parser = _Parser()
    parser.feed(html)
    parser.close()
    parser.end_line()
    return parser.lines


class _Parser(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.lines: list[Line] = []
        self._parts: list[str] = []
        self._open: list[tuple[str, bool]] = []  # tag, whether it hides what is inside
        self._skipped = 0
        self._hidden = 0
        self._line_hidden = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _BLOCKS:
            self.end_line()
        if tag in _CELLS and "".join(self._parts).strip():
            self._parts.append("；")
        if tag in _VOID:
            return
        style = re.sub(r"\s|!important", "", dict(attrs).get("style") or "").lower()
        # White letters may stand on colour: only an element that sets no background of its own counts.
        hides = bool(_HIDING.search(style)) and "background" not in style
        self._open.append((tag, hides))
        self._hidden += hides
        self._skipped += tag in _SKIPPED

    def handle_endtag(self, tag: str) -> None:
        if tag in _BLOCKS:
            self.end_line()
        if not any(name == tag for name, _ in self._open):
            return
        while self._open:
            name, hides = self._open.pop()
            self._hidden -= hides
            self._skipped -= name in _SKIPPED
            if name == tag:
                return

    def handle_data(self, data: str) -> None:
        if self._skipped or not data:
            return
        if bool(self._hidden) != self._line_hidden and data.strip():
            self.end_line()
            self._line_hidden = bool(self._hidden)
        self._parts.append(data)

    def end_line(self) -> None:
        """Ends the line that is being collected."""
        text = " ".join("".join(self._parts).split()).strip("； ")
        if text:
            self.lines.append(Line(text, self._line_hidden))
        self._parts = []
        self._line_hidden = bool(self._hidden)
