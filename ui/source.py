"""The source beside the answer: the cited page with the quoted words marked, as an image for PDF and as text for the rest."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import streamlit as st

from ingest.render import draw_highlights, render_page
from ingest.tables import Document, Page
from retrieval.cite import Citation
from review.places import place
from ui.session import chosen, workspace
from ui.words import html, plain, short_name

# Pixels per point of the page image: sharp at the width of the column, small enough to send at once.
SCALE = 1.6
# Characters shown before and after the quote where the whole page is longer than it can be read beside an answer.
REACH = 600
KEPT_IMAGES = 100


@dataclass(frozen=True, slots=True)
class Opened:
    """A page of a document: its label, text and size, and how many pages the document has."""

    number: int
    label: str
    text: str
    width: float
    height: float
    pages: int


def open_source(citation: Citation) -> None:
    """Show this citation in the source panel."""
    st.session_state["source"] = citation


def close_source() -> None:
    """Show nothing in the source panel."""
    st.session_state["source"] = None


def citation_label(citation: Citation) -> str:
    """What a citation is called: 《2018年教育事业统计公报》第3页."""
    return f"《{short_name(citation.file)}》{place(citation)}"


def citation_buttons(citations: Sequence[Citation], *, key: str) -> None:
    """One button per citation; each opens its source."""
    if not citations:
        return
    with st.container(horizontal=True, gap="small", key=f"citations-{key}"):
        for number, citation in enumerate(citations):
            st.button(
                plain(citation_label(citation)),
                key=f"{key}-{number}",
                icon=":material/format_quote:",
                help=plain(f"{citation.file}　{place(citation)}"),
                on_click=open_source,
                args=(citation,),
            )


def source_panel() -> None:
    """The cited page of the opened citation; a hint while none is open or it belongs to another district."""
    citation: Citation | None = st.session_state.get("source")
    with st.container(key="source"):
        if citation is None or (citation.district, citation.cycle) != chosen():
            st.html('<div class="er-note">点击左侧的出处，原文在这里打开，引用的文字会标出来。</div>')
            return
        opened = _page(citation)
        st.html(f'<div class="er-title">《{html(short_name(citation.file))}》{html(place(citation))}</div>')
        st.html(f'<div class="er-quote">{html(_one_line(citation.quote))}</div>')
        if opened.width:
            _pdf_page(citation, opened)
        else:
            st.html(f'<div class="er-page">{marked(opened.text, citation.start, citation.end)}</div>')
        _below(citation, opened)


def marked(text: str, start: int, end: int, reach: int = REACH) -> str:
    """HTML of the text around `text[start:end]` with these words in <mark>; everything else escaped."""
    begin = 0 if start <= reach else _line_start(text, start - reach)
    stop = len(text) if end + reach >= len(text) else _line_end(text, end + reach)
    before, after = ("……\n" if begin else ""), ("\n……" if stop < len(text) else "")
    return f"{before}{html(text[begin:start])}<mark>{html(text[start:end])}</mark>{html(text[end:stop])}{after}"


def _line_start(text: str, position: int) -> int:
    return text.rfind("\n", 0, position) + 1


def _line_end(text: str, position: int) -> int:
    found = text.find("\n", position)
    return len(text) if found < 0 else found


def _one_line(quote: str) -> str:
    return "".join(line.strip() for line in quote.splitlines())


def _page(citation: Citation) -> Opened:
    with workspace().store.session() as session:
        document = session.get_one(Document, citation.document_id)
        holder = document.duplicate_of or document.id
        page = session.query(Page).filter_by(document_id=holder, number=citation.page).one()
        count = session.query(Page).filter_by(document_id=holder).count()
        return Opened(page.number, page.label, page.text, page.width, page.height, count)


def _pdf_page(citation: Citation, opened: Opened) -> None:
    original = workspace().store.original(citation.document)
    boxes = tuple(tuple(box) for box in citation.boxes or ())
    image = _image(str(original), opened.number, boxes, opened.width, opened.height)
    st.image(image, width="stretch", alt=f"《{citation.file}》第{opened.number}页，引用的文字已标出")
    if not boxes:
        st.caption("这一页没有文字位置，引文未能在图上定位，请对照上面的引文阅读。")


@st.cache_data(show_spinner=False, max_entries=KEPT_IMAGES)
def _image(original: str, number: int, boxes: tuple[tuple[float, ...], ...], width: float, height: float) -> bytes:
    """PNG of the page with the boxes drawn over it."""
    image = render_page(Path(original), number, scale=SCALE)
    if boxes:
        image = draw_highlights(image, boxes, width, height)
    out = io.BytesIO()
    image.save(out, "PNG", optimize=True)
    return out.getvalue()


def _below(citation: Citation, opened: Opened) -> None:
    original = workspace().store.original(citation.document)
    with st.container(horizontal=True, vertical_alignment="center"):
        st.caption(plain(f"{citation.file}　{opened.label}，共 {opened.pages} 页" if opened.width else citation.file))
        st.download_button(
            "下载原件",
            original.read_bytes,
            file_name=citation.file.rsplit("/", 1)[-1],
            key="download-original",
            on_click="ignore",
            icon=":material/download:",
        )
        st.button("关闭", key="close-source", on_click=close_source, type="tertiary")
