"""The look of the pages, and Chinese for the few words that Streamlit has no setting for."""

from __future__ import annotations

import streamlit as st

STYLE = """
<style>
[data-testid="stMainBlockContainer"] { padding: 2.4rem 2.5rem 3rem; max-width: 1640px; }
[data-testid="stLogoSpacer"]::before { content: "教育履职评审助手"; font-size: 1.15rem; font-weight: 600; color: #1d4f7c; white-space: nowrap; }
.er-text { line-height: 1.75; overflow-wrap: anywhere; }
.er-note { color: #56657a; font-size: .875rem; line-height: 1.65; overflow-wrap: anywhere; }
.er-official { border-left: 3px solid #b9c7d6; padding: .1rem 0 .1rem .75rem; line-height: 1.7; }
.er-title { font-weight: 600; font-size: 1rem; line-height: 1.6; overflow-wrap: anywhere; }
.er-quote { margin-top: .35rem; background: #fff8dc; border-left: 3px solid #d9a400; padding: .35rem .7rem; line-height: 1.7; overflow-wrap: anywhere; }
.er-page { white-space: pre-wrap; overflow-wrap: anywhere; line-height: 1.8; border: 1px solid #d5dde5; border-radius: 6px;
           padding: .9rem 1rem; background: #fff; max-height: calc(100vh - 22rem); overflow-y: auto; }
.er-page mark { background: #ffe27a; color: inherit; padding: .05rem 0; }
.er-unsupported { color: #a12622; font-size: .8rem; border: 1px solid #e3b1ae; border-radius: 4px; padding: 0 .35rem; margin-left: .35rem; white-space: nowrap; }
.er-unchecked { color: #56657a; border-left: 3px dotted #b9c7d6; padding-left: .6rem; }
.er-caution { background: #fdf3e4; border-left: 3px solid #c77700; padding: .3rem .7rem; line-height: 1.65; font-size: .9rem; overflow-wrap: anywhere; }
.er-badge { display: inline-block; font-size: .82rem; line-height: 1.5; padding: 0 .45rem; border-radius: 4px; white-space: nowrap; font-weight: 400; }
.er-green { color: #17643a; background: #e3f3e9; }
.er-orange { color: #8a5200; background: #fdf0dc; }
.er-red { color: #a12622; background: #fbe7e6; }
.er-violet { color: #5d3790; background: #efe7f8; }
.er-blue { color: #1d4f7c; background: #e3edf7; }
.er-gray { color: #4b586a; background: #edf0f3; }
.er-table { border-collapse: collapse; width: 100%; font-size: .9rem; }
.er-table th, .er-table td { border: 1px solid #d5dde5; padding: .35rem .55rem; text-align: left; vertical-align: top; overflow-wrap: anywhere; }
.er-cells { padding: 0; overflow: auto; white-space: normal; line-height: 1.5; }
.er-sheet { font-size: .82rem; }
.er-sheet td { min-width: 3.6rem; }
.er-sheet td:nth-child(2) { min-width: 6.5rem; }
.er-sheet th { color: #6b7888; font-weight: 400; text-align: center; }
.er-sheet td.er-hit { background: #ffe27a; }
.er-versions td { min-width: 12rem; line-height: 1.7; }
.er-versions mark { background: #dff1e5; color: inherit; } .er-versions del { color: #a12622; }
.er-table td.er-tight { white-space: nowrap; }
.er-table th { background: #f2f5f8; font-weight: 600; white-space: nowrap; }
/* The source stays in sight while the column beside it scrolls. */
[data-testid="stColumn"]:has(> div .st-key-source) { position: sticky; top: 1rem; align-self: flex-start; }
.st-key-source { max-height: calc(100vh - 16rem); overflow-y: auto; padding-right: .4rem; gap: .6rem; }
/* The button that enlarges the page image lies on the image, not on the buttons above it. */
.st-key-source [data-testid="stElementToolbar"] { top: .3rem; right: .3rem; }
[data-testid="stBottomBlockContainer"] { padding: 0 2.5rem 1.6rem; max-width: 1640px; }
/* Citations are small beside the sentence they belong to. */
[class*="st-key-citations-"] button { min-height: 0; padding: .15rem .6rem; }
[class*="st-key-citations-"] button p { font-size: .875rem; }
[class*="st-key-citations-"] { row-gap: .4rem; }
/* Streamlit's own English words of the uploader. */
[data-testid="stFileUploaderDropzone"] [data-testid="stBaseButton-secondary"] p,
[data-testid="stFileUploaderDropzoneInstructions"] span { font-size: 0; }
[data-testid="stFileUploaderDropzone"] [data-testid="stBaseButton-secondary"] p::after { content: "选择"; font-size: .9rem; }
[data-testid="stFileUploaderDropzoneInstructions"] span::after { content: "也可以拖到这里；每份不超过 200 MB"; font-size: .875rem; }
</style>
"""


def apply_style() -> None:
    """Add the style sheet to the page."""
    st.html(STYLE)
