"""What a document is: title, evidence types, data year, 文号, each with how it was found."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any

from ingest.evidence_types import types_of
from ingest.headings import heading_level
from ingest.issued import NOT_FOUND, Stated, issue_date, issuer, language
from ingest.pages import ParsedPage
from ingest.passages import masked, running_lines
from ingest.similarity import text_facts
from ingest.years import cited_numbers, document_number, find_year

_TITLE_WORDS = re.compile(
    r"(?:通知|意见|办法|方案|规划|计划|批复|决定|细则|规定|纪要|记录|总结|报告|汇报|台账|名册|名单|清单|表|统计|公示|公告|通报|"
    r"说明|证明|函|章程|证书|批文|指标|预算|决算|年报|情况|回执|意见书|通知书|材料|手册|协议|合同|制度|汇总|汇编)(?:（[^（）]{1,20}）|\([^()]{1,20}\))?$"
)
_ISSUER = re.compile(
    r"(?:人民政府|政府办公室|教育局|体育局|财政局|委员会|办公室|领导小组|编办|人社局|中心|学校|小学|中学|幼儿园|学院|局|部|厅)$"
)
_NOT_TITLE = re.compile(
    r"^(?:附件|附?表[\s\d一二三四五六]|密级|紧急|页码|第.{1,4}页|共.{1,4}页|签发人|抄送|主送|日期|单位|填报|编号|文号)|[：:]$|演示|虚构|〔\d{4}〕|\[\d{4}\]|^[\d\s./年月日-]+$|https?://"
)
_JUNK_PROPERTY = re.compile(
    r"^(?:Microsoft|无标题|未命名|untitled|document|幻灯片|WPS|book\d|工作簿|新建)|\.(?:docx?|xlsx?|wps|et|pdf)$",
    re.IGNORECASE,
)
_CJK = re.compile(r"[\u4e00-\u9fff]{3,}")
_STEM_PREFIX = re.compile(r"^(?:[AB]\d{1,2}(?:-\d)?|\d{1,3})(?:[\s._、—－-]+|(?=[\u4e00-\u9fff]))")
_HEAD = 4000  # characters in which type words count; a word on page 30 says little of what the paper is


@dataclass(frozen=True, slots=True)
class Description:
    """`facts` is stored with the document and says how each of the others was found:

    {"title": {"by": "正文"}, "types": [{"code": "F", "by": "标题", "word": "通知"}, …, primary first],
     "year": {"by": "文件名", "word": "2018年度", "candidates": {"2018": 9}}, "number": "云政办发〔2018〕7号", "cited_numbers": […],
     "issuer", "issued" (2018-06-12), "seal" (有, or "" = none seen, which does not mean that there is none), "language" (zh, en, mixed):
     {"value": "云山区教育局", "by": "落款", "words": the line}, "text": {"sha256", "minhash"} or None (see ingest.similarity)}
    """

    title: str
    type_code: str | None
    data_year: int | None
    facts: dict[str, Any]


def describe(
    file: str, kind: str, pages: Sequence[ParsedPage], property_title: str, *, expected_year: int
) -> Description:
    """What the document is, from its label, its readable pages and its properties.

    expected_year : the data year of the cycle; chosen when the name states a span of years that covers it.
    """
    furniture = running_lines(pages)
    readable = [page for page in pages if page.state in ("text", "ocr")]
    lines = [line for page in readable[:2] for line in _lines(page) if masked(line) not in furniture]
    every = lines + [
        line for page in readable[2:][-2:] for line in _lines(page, last=True) if masked(line) not in furniture
    ]
    if len(readable) <= 2:
        every = [line for page in readable for line in _lines(page, last=None) if masked(line) not in furniture]
    text = "\n".join(page.text for page in readable)
    stem = PurePosixPath(file).name.rsplit(".", 1)[0]
    number = document_number(lines)
    title, by = _title(lines, stem, property_title)
    types = types_of(stem, "" if by == "文件名" else title, text[:_HEAD], number, kind=kind)
    code = types[0].code if types else None
    year = find_year(stem, title, text, number, code, expected_year)
    facts = {
        "title": {"by": by},
        "types": [{"code": found.code, "by": found.by, "word": found.word} for found in types],
        "year": {
            "by": year.by,
            "word": year.word,
            "candidates": {str(key): count for key, count in year.candidates.items()},
        },
        "number": number,
        "cited_numbers": [cited for cited in cited_numbers(text) if cited != number][:20],
        "issuer": issuer(every, number).to_json(),
        "issued": issue_date(every).to_json(),
        "seal": _seal(pages).to_json(),
        "language": language(text).to_json(),
        "text": text_facts(text),
    }
    return Description(title[:300], code, year.year, facts)


def _seal(pages: Sequence[ParsedPage]) -> Stated:
    for page in pages:
        for found in page.findings:
            if found.kind == "印章":
                return Stated("有", "文字识别", found.excerpt or f"第 {page.number} 页")
    return NOT_FOUND


_EDGE = 15  # groups at either end of a page where heads and signatures stand


def _lines(page: ParsedPage, last: bool | None = False) -> list[str]:
    """The first (or last; None: all) groups of a page as lines; a table row is one line. Hidden words say nothing of what it is."""
    groups: dict[int, tuple[int, int]] = {}
    for span in page.spans:
        if "hidden" in span.locator or "furniture" in span.locator:
            continue
        start, _ = groups.get(span.group, (span.start, span.end))
        groups[span.group] = (start, span.end)
        if last is False and len(groups) > _EDGE:
            break
    chosen = list(groups.values())[-_EDGE:] if last else list(groups.values())
    return [line for start, end in chosen if (line := page.text[start:end].strip())]


def _title(lines: Sequence[str], stem: str, property_title: str) -> tuple[str, str]:
    """The title and where it was found: 正文, 文件属性 or 文件名."""
    plausible: list[tuple[int, str]] = []
    for index, line in enumerate(lines[:10]):
        compact = re.sub(r"\s+", "", line)
        if heading_level(line) is not None or "；" in compact or compact.endswith(("。", "，")):
            break  # the body begins: what follows is no title
        if 4 <= len(compact) <= 60 and _CJK.search(compact) and not _NOT_TITLE.search(compact):
            plausible.append((index, compact))
    for place, (index, line) in enumerate(plausible):
        if _TITLE_WORDS.search(line):
            before = plausible[place - 1] if place else None
            # 云山区人民政府 / 关于印发……的通知: the issuer on the line above is part of the title.
            if (
                before
                and before[0] == index - 1
                and not _TITLE_WORDS.search(before[1])
                and (line.startswith("关于") or _ISSUER.search(before[1]))
            ):
                return before[1] + line, "正文"
            return line, "正文"
    if property_title and _CJK.search(property_title) and not _JUNK_PROPERTY.search(property_title):
        return property_title, "文件属性"
    name = _STEM_PREFIX.sub("", stem).strip() or stem
    if _TITLE_WORDS.search(name) or not plausible:
        return name, "文件名"
    return plausible[0][1], "正文"
