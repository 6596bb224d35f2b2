"""Small parts of an official Word document: the watermark's drawing, fonts of a run, the order of properties, clean words."""

from __future__ import annotations

import re
from typing import Any

from docx.oxml.ns import qn
from docx.shared import Pt
from docx.text.run import Run

# Letters and digits.
LATIN_FONT = "Times New Roman"
# XML 1.0 cannot carry these; a text layer of a PDF can.
UNPRINTABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")

WATERMARK = """<w:r xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" xmlns:v="urn:schemas-microsoft-com:vml"
 xmlns:o="urn:schemas-microsoft-com:office:office"><w:rPr><w:noProof/></w:rPr><w:pict>
<v:shapetype id="_x0000_t136" coordsize="21600,21600" o:spt="136" adj="10800" path="m@7,l@8,m@5,21600l@6,21600e">
<v:formulas><v:f eqn="sum #0 0 10800"/><v:f eqn="prod #0 2 1"/><v:f eqn="sum 21600 0 @1"/><v:f eqn="sum 0 0 @2"/>
<v:f eqn="sum 21600 0 @3"/><v:f eqn="if @0 @3 0"/><v:f eqn="if @0 21600 @1"/><v:f eqn="if @0 0 @2"/><v:f eqn="if @0 @4 21600"/></v:formulas>
<v:path textpathok="t" o:connecttype="rect"/><v:textpath on="t" fitshape="t"/></v:shapetype>
<v:shape id="PowerPlusWaterMarkObject{number}" o:spid="_x0000_s{number}" type="#_x0000_t136"
 style="position:absolute;margin-left:0;margin-top:0;width:390pt;height:130pt;rotation:315;z-index:-251658752;mso-position-horizontal:center;mso-position-horizontal-relative:margin;mso-position-vertical:center;mso-position-vertical-relative:margin"
 o:allowincell="f" fillcolor="#d9d9d9" stroked="f"><v:fill opacity=".5"/>
<v:textpath style="font-family:&quot;黑体&quot;;font-size:1pt" string="{text}"/></v:shape></w:pict></w:r>"""


def before(properties: Any, element: Any, name: str) -> None:
    """Puts the element before the first one of that name: the order of a paragraph's properties is fixed."""
    found = properties.find(qn(name))
    properties.append(element) if found is None else found.addprevious(element)


def clean(text: str) -> str:
    return UNPRINTABLE.sub("", text)


def styled(run: Run, font: str, size: Pt) -> None:
    run.font.name, run.font.size = LATIN_FONT, size
    run._r.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), font)
