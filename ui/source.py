"""The source beside the answer: the cited page with the quoted words marked, as an image for PDF and as text for the rest."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from retrieval.answer import SchemeCitation
from retrieval.cite import Citation
from review.places import place, recognition
from review.sources import OpenedPage, cited_page, original_file
from ui.page_image import page_png
from ui.scheme_text import cited_text
from ui.session import chosen, workspace
from ui.sheet import sheet_html
from ui.words import html, plain, short_name

# Characters shown before and after the quote: few enough before it that the marked words are in sight at once.
BEFORE, AFTER = 240, 900
AnyCitation = Citation | SchemeCitation


def open_source(citations: Sequence[AnyCitation]) -> None:
    """Show these citations, all of one page, in the source panel."""
    st.session_state["source"] = tuple(citations)


def close_source() -> None:
    """Show nothing in the source panel."""
    st.session_state["source"] = None


def citation_label(citation: AnyCitation) -> str:
    """What a citation is called: 《2018年教育事业统计公报》第3页."""
    return f"《{short_name(citation.file)}》{place(citation)}"


def grouped(citations: Sequence[AnyCitation]) -> list[tuple[AnyCitation, ...]]:
    """The citations by page and place, in order: several on the same page are opened and marked together."""
    groups: dict[tuple[str, int, str], list[AnyCitation]] = {}
    for citation in citations:
        page = citation.page if isinstance(citation, Citation) else 0
        groups.setdefault((citation.document, page, place(citation)), []).append(citation)
    return [tuple(group) for group in groups.values()]


def certainty(citations: Sequence[AnyCitation]) -> str:
    """How certainly text recognition read the least certain of the quotes; "" when none was read from a picture."""
    read = [citation for citation in citations if isinstance(citation, Citation) and citation.confidence is not None]
    return recognition(min(read, key=lambda citation: citation.confidence or 0)) if read else ""


def citation_buttons(citations: Sequence[AnyCitation], *, key: str) -> None:
    """A button for each page cited; it opens its source."""
    if not citations:
        return
    with st.container(horizontal=True, gap="small", key=f"citations-{key}"):
        for number, group in enumerate(grouped(citations)):
            places = f"（{len(group)} 处）" if len(group) > 1 else ""
            st.button(
                plain(citation_label(group[0]) + places),
                key=f"{key}-{number}",
                icon=":material/format_quote:",
                help=plain(f"{group[0].file}　{place(group[0])}"),
                on_click=open_source,
                args=(group,),
            )


def source_panel() -> None:
    """The cited page of the opened citations; a hint while none is open or they belong to another district."""
    group: tuple[AnyCitation, ...] | None = st.session_state.get("source")
    with st.container(key="source"):
        if not group or any(isinstance(c, Citation) and (c.district, c.cycle) != chosen() for c in group):
            st.html('<div class="er-note">点击左侧的出处，原文在这里打开，引用的文字会标出来。</div>')
            return
        evidence = tuple(citation for citation in group if isinstance(citation, Citation))
        _head(group[0])
        if evidence:
            _evidence(evidence)
        else:
            _scheme(tuple(citation for citation in group if isinstance(citation, SchemeCitation)))


def _head(citation: AnyCitation) -> None:
    with st.container(horizontal=True, vertical_alignment="center", gap="small", wrap=False):
        st.html(f'<div class="er-title">{html(citation_label(citation))}</div>', width="stretch")
        if isinstance(citation, Citation):
            original = original_file(workspace(), citation.district, citation.cycle, citation.document)
            st.download_button(
                "原件",
                original.read_bytes,
                file_name=citation.file.rsplit("/", 1)[-1],
                key="download-original",
                on_click="ignore",
                icon=":material/download:",
                type="tertiary",
            )
        st.button("关闭", key="close-source", icon=":material/close:", on_click=close_source, type="tertiary")


def _scheme(citations: Sequence[SchemeCitation]) -> None:
    text = cited_text(workspace().scheme.id, citations[0])
    whole = text != citations[0].quote
    _text_page(text, [(c.start, c.end) if whole else (0, len(text)) for c in citations])


def _evidence(citations: Sequence[Citation]) -> None:
    cited = citations[0]
    opened = cited_page(workspace(), cited.district, cited.cycle, cited.document_id, cited.page)
    if opened.width:
        _pdf_page(citations, opened)
        page = f"{opened.label}，共 {opened.pages} 页"
    else:
        ranges = [(citation.start, citation.end) for citation in citations]
        sheet = sheet_html(opened.text, opened.spans, ranges)
        if sheet is None:
            _text_page(opened.text, ranges)
        else:
            st.html(f'<div class="er-page er-cells">{sheet}</div>')
        page = opened.label
    st.caption(plain("　".join(filter(None, [citations[0].file, page, certainty(citations)]))))


def _text_page(text: str, ranges: Sequence[tuple[int, int]]) -> None:
    st.html(f'<div class="er-page">{marked(text, ranges)}</div>')


def marked(text: str, ranges: Sequence[tuple[int, int]]) -> str:
    """HTML of the text around the ranges (end exclusive) with their words in <mark>; everything else escaped.

    The text begins a little before the first range and ends after the last; left-out text is told by 省略号.
    """
    joined = _joined(ranges)
    first, last = joined[0][0], joined[-1][1]
    begin = 0 if first <= BEFORE else _line_start(text, first - BEFORE)
    stop = len(text) if last + AFTER >= len(text) else _line_end(text, last + AFTER)
    parts, at = ["……\n" if begin else ""], begin
    for start, end in joined:
        parts += [html(text[at:start]), "<mark>", html(text[start:end]), "</mark>"]
        at = end
    parts += [html(text[at:stop]), "\n……" if stop < len(text) else ""]
    return "".join(parts)


def _joined(ranges: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """The ranges in order, those that overlap as one."""
    joined: list[tuple[int, int]] = []
    for start, end in sorted(ranges):
        if joined and start < joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined


def _line_start(text: str, position: int) -> int:
    return text.rfind("\n", 0, position) + 1


def _line_end(text: str, position: int) -> int:
    found = text.find("\n", position)
    return len(text) if found < 0 else found


def _pdf_page(citations: Sequence[Citation], opened: OpenedPage) -> None:
    cited = citations[0]
    boxes = tuple(box for citation in citations for box in citation.boxes or ())
    original = original_file(workspace(), cited.district, cited.cycle, cited.document)
    part, whole = page_png(
        str(original), cited.file, opened.number, boxes, opened.width, opened.height, opened.kind, opened.source
    )
    if not boxes:
        quotes = "<br>".join(html("".join(citation.quote.split())) for citation in citations)
        st.html(
            f'<div class="er-quote">{quotes}</div><div class="er-note">这一页没有文字位置，引文未能在图上标出。</div>'
        )
    full = part != whole and st.session_state.get("whole-page", False)
    quoted = "；".join("".join(citation.quote.split()) for citation in citations)
    st.image(whole if full else part, width="stretch", alt=f"《{cited.file}》第{opened.number}页，标出的文字：{quoted}")
    if part != whole:
        st.checkbox("显示整页", key="whole-page")
