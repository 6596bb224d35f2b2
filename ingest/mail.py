"""Mails in the form of mail programs (EML): the headers, the words, the attachments."""

from __future__ import annotations

import email
import email.policy
import re
from collections.abc import Iterator
from dataclasses import dataclass
from email.errors import HeaderParseError
from email.header import decode_header
from email.message import EmailMessage, Message
from pathlib import Path
from typing import Any, cast

from ingest.archive import Budget, Member, free_label, next_path
from ingest.encodings import decode, decode_name

_HEADERS = {"subject": "主题", "from": "发件人", "to": "收件人", "cc": "抄送", "date": "日期"}
_PARTS = 2000
# What Chinese mail programs announce → what they write.
_CHARSETS = {
    **dict.fromkeys(("gb2312", "gbk", "gb18030", "x-gbk", "cp936"), "gb18030"),
    "big5": "cp950",
    "utf-8": "utf-8",
}


@dataclass(frozen=True, slots=True)
class Mail:
    """headers : Chinese name → value, in the order of _HEADERS. text : plain words, "" when there are none. html : as sent."""

    headers: dict[str, str]
    text: str
    html: str
    attachments: tuple[str, ...]


def read_mail(path: Path) -> Mail:
    """The mail's own words and the names of what is attached. Raises ValueError when the parts are nested too deep or too many."""
    message = _open(path)
    headers = {}
    for name, shown in _HEADERS.items():
        value = _header(message, name)
        if value:
            headers[shown] = " ".join(value.split())
    texts: dict[str, list[str]] = {"text/plain": [], "text/html": []}
    for part in _leaves(message):
        kind = part.get_content_type()
        if kind in texts and not _is_attached(part):
            texts[kind].append(_words(part))
    names = tuple(_name(part, number) for number, part in enumerate(_attached(message), 1))
    return Mail(headers, "\n".join(texts["text/plain"]).strip(), "\n".join(texts["text/html"]), names)


def attachments(path: Path, label: str, into: Path, budget: Budget) -> Iterator[Member]:
    """What is attached to a mail, written below `into`. It is never more than the mail itself, so the budget only counts it."""
    used: set[str] = set()
    try:
        found = list(_attached(_open(path)))
    except ValueError:
        return
    for number, part in enumerate(found, 1):
        shown = free_label(f"{label}/{_name(part, number)}", used)
        if part.get_content_type() == "message/rfc822":
            inner = part.get_payload()
            content = cast("list[Message]", inner)[0].as_bytes() if isinstance(inner, list) and inner else b""
        else:
            content = cast("bytes | None", part.get_payload(decode=True)) or b""
        target = next_path(into, budget)
        budget.bytes -= len(content)
        target.write_bytes(content)
        yield Member(shown, target)


def _open(path: Path) -> EmailMessage:
    try:
        with path.open("rb") as stream:
            message = email.message_from_binary_file(stream, policy=email.policy.default)
        count = sum(1 for _ in message.walk())
    except (RecursionError, LookupError, TypeError, AttributeError, UnicodeError) as exc:
        raise ValueError("parts nested too deep or malformed") from exc
    if count > _PARTS:
        raise ValueError(f"{count} parts")
    return message


def _leaves(message: Any) -> Iterator[Any]:
    """The parts that hold content, those of attached mails left out."""
    if message.get_content_type() == "message/rfc822":
        yield message
    elif message.is_multipart():
        for part in message.iter_parts():
            yield from _leaves(part)
    else:
        yield message


def _attached(message: Any) -> Iterator[Any]:
    for part in _leaves(message):
        if part is not message and _is_attached(part):
            yield part


def _is_attached(part: Any) -> bool:
    kind = part.get_content_type()
    if part.get_content_disposition() == "attachment" or part.get_filename() or kind == "message/rfc822":
        return True
    return kind not in ("text/plain", "text/html", "text/calendar") and not kind.startswith("multipart/")


def _name(part: Any, number: int) -> str:
    name = str(part.get_filename() or "")
    if "\ufffd" in name:  # written as bytes, against the rules, as many Chinese mail programs do
        raw = f"{_raw(part, 'content-disposition')};{_raw(part, 'content-type')}"
        found = re.search(r'(?:file)?name="?([^";\r\n]+)', raw)
        name = decode_name(found[1].encode("utf-8", "surrogateescape")) if found else name
    name = _words_decoded(name)
    name = name.replace("\\", "/").rpartition("/")[2].strip()
    if name:
        return name
    subject = part.get_payload()[0].get("subject") if part.get_content_type() == "message/rfc822" else None
    return f"{subject}.eml" if subject else f"附件{number}"


def _header(message: Any, name: str) -> str:
    value = str(message.get(name) or "").strip()
    if "\ufffd" in value:
        value = decode_name(_raw(message, name).encode("utf-8", "surrogateescape"))
    return _words_decoded(_raw(message, name) if "=?" in value else value).strip()


def _words_decoded(value: str) -> str:
    """Encoded words that the library gave up on: they say gb2312 and hold a character of GBK."""
    if "=?" not in value:
        return value
    try:
        parts = decode_header(value)
    except (HeaderParseError, ValueError):
        return value
    return "".join(
        part if isinstance(part, str) else part.decode(_CHARSETS.get(str(charset).lower(), "utf-8"), errors="replace")
        for part, charset in parts
    )


def _raw(part: Any, name: str) -> str:
    """A header as it stands in the file, bytes that are not ASCII as half characters."""
    return next((str(value) for key, value in part.raw_items() if key.lower() == name), "")


def _words(part: Any) -> str:
    """The text of a part. Chinese mails say gb2312 and write GBK; some say nothing at all."""
    content = part.get_payload(decode=True) or b""
    charset = (part.get_content_charset() or "").lower()
    if charset in _CHARSETS:
        return str(content.decode(_CHARSETS[charset], errors="replace"))
    if charset and charset not in ("us-ascii", "ascii"):
        try:
            return str(content.decode(charset))
        except (LookupError, UnicodeDecodeError):
            charset = ""  # the header is wrong: the bytes are asked instead
    found = decode(content)
    return found[0] if found else str(content.decode("utf-8", errors="replace"))
