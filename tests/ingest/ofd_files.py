"""Writes small OFD files part by part, as GB/T 33190 lays them down. Everything in them is made up: 演示数据（虚构）."""

from __future__ import annotations

import zipfile
from pathlib import Path

_NS = 'xmlns:ofd="http://www.ofdspec.org/2016"'


def text(x: float, y: float, words: str, size: float = 5.0, more: str = "", inner: str = "") -> str:
    """A text object with its upper left corner at x, y (millimetres), each character `size` wide."""
    steps = f' DeltaX="g {len(words) - 1} {size}"' if len(words) > 1 else ""
    return (
        f'<ofd:TextObject ID="9" Boundary="{x} {y} {len(words) * size} {size}" Font="1" Size="{size}" {more}>{inner}'
        f'<ofd:TextCode X="0" Y="{size * 0.86}"{steps}>{words}</ofd:TextCode></ofd:TextObject>'
    )


def line(x1: float, y1: float, x2: float, y2: float) -> str:
    """A stroke from one point to another."""
    boundary = f"{x1} {y1} {max(x2 - x1, 0.1)} {max(y2 - y1, 0.1)}"
    return (
        f'<ofd:PathObject ID="8" Boundary="{boundary}" LineWidth="0.2">'
        f"<ofd:AbbreviatedData>M 0 0 L {x2 - x1} {y2 - y1}</ofd:AbbreviatedData></ofd:PathObject>"
    )


def image(resource: str, x: float, y: float, width: float, height: float) -> str:
    """A picture."""
    return (
        f'<ofd:ImageObject ID="7" Boundary="{x} {y} {width} {height}" ResourceID="{resource}" '
        f'CTM="{width} 0 0 {height} 0 0"/>'
    )


def write(
    path: Path,
    pages: list[str],
    *,
    template: str = "",
    media: dict[str, tuple[str, bytes]] | None = None,
    composite: str = "",
    parts: dict[str, bytes] | None = None,
    document: str = "",
    body: str = "",
) -> Path:
    """pages : objects of each page. media : resource id → file name and bytes. document, body : more elements there."""
    media, parts = media or {}, parts or {}
    listed = "".join(
        f'<ofd:MultiMedia ID="{identifier}" Type="Image"><ofd:MediaFile>{name}</ofd:MediaFile></ofd:MultiMedia>'
        for identifier, (name, _) in media.items()
    )
    uses = '<ofd:Template TemplateID="2" ZOrder="Background"/>' if template else ""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:

        def add(name: str, content: str) -> None:
            package.writestr(name, f'<?xml version="1.0" encoding="UTF-8"?>{content}')

        add(
            "OFD.xml",
            f'<ofd:OFD {_NS} Version="1.0" DocType="OFD"><ofd:DocBody><ofd:DocInfo><ofd:Title>云山区工作简报</ofd:Title>'
            f"</ofd:DocInfo><ofd:DocRoot>Doc_0/Document.xml</ofd:DocRoot>{body}</ofd:DocBody></ofd:OFD>",
        )
        add(
            "Doc_0/Document.xml",
            f"<ofd:Document {_NS}><ofd:CommonData><ofd:PageArea><ofd:PhysicalBox>0 0 210 297</ofd:PhysicalBox></ofd:PageArea>"
            "<ofd:DocumentRes>DocumentRes.xml</ofd:DocumentRes>"
            + ('<ofd:TemplatePage ID="2" BaseLoc="Tpls/Tpl_0/Content.xml"/>' if template else "")
            + "</ofd:CommonData><ofd:Pages>"
            + "".join(
                f'<ofd:Page ID="{100 + number}" BaseLoc="Pages/Page_{number}/Content.xml"/>'
                for number in range(len(pages))
            )
            + f"</ofd:Pages>{document}</ofd:Document>",
        )
        add(
            "Doc_0/DocumentRes.xml",
            f'<ofd:Res {_NS} BaseLoc="Res"><ofd:MultiMedias>{listed}</ofd:MultiMedias>{composite}</ofd:Res>',
        )
        if template:
            add(
                "Doc_0/Tpls/Tpl_0/Content.xml",
                f'<ofd:Page {_NS}><ofd:Content><ofd:Layer ID="5">{template}</ofd:Layer></ofd:Content></ofd:Page>',
            )
        for number, objects in enumerate(pages):
            add(
                f"Doc_0/Pages/Page_{number}/Content.xml",
                f'<ofd:Page {_NS}>{uses}<ofd:Content><ofd:Layer ID="4" Type="Body">{objects}</ofd:Layer></ofd:Content></ofd:Page>',
            )
        for name, content in media.values():
            package.writestr(f"Doc_0/Res/{name}", content)
        for name, content in parts.items():
            package.writestr(name, content)
    return path
