"""Every file inside an upload: ZIP archives to a depth of three, and what is attached to mails."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from ingest.archive import MAX_DEPTH, ArchiveProblemError, Budget, Member, is_plain_zip, members

_MAIL_DEPTH = 10  # mails forwarded inside mails; they cannot grow, as archives can
_SHOWN = 5  # names listed in a sentence


def unpack(path: Path, label: str, into: Path, budget: Budget | None = None, depth: int = 1) -> Iterator[Member]:
    """The files that an archive or mail stands for, archives inside it unpacked as well; nothing when it is neither.

    An archive that could not be unpacked altogether is among them itself, so that reading it tells the reason. A mail
    always is: it has words of its own.
    """
    budget = budget or Budget()
    if is_plain_zip(path):
        if depth > MAX_DEPTH:
            yield Member(label, path)
            return
        whole = True
        try:
            for member in members(path, label, into, budget):
                whole = whole and not member.fault
                yield from _nested(member, into, budget, depth)
        except ArchiveProblemError:
            whole = False
        if not whole:
            yield Member(label, path)
    elif depth <= _MAIL_DEPTH and is_mail(path, label):
        from ingest.mail import attachments

        yield Member(label, path)
        for member in attachments(path, label, into, budget):
            yield from _nested(member, into, budget, depth)


def _nested(member: Member, into: Path, budget: Budget, depth: int) -> Iterator[Member]:
    if member.path is None:
        return
    inside = list(unpack(member.path, member.label, into, budget, depth + 1))
    yield from inside or [member]


def is_mail(path: Path, label: str) -> bool:
    """Whether the file is a mail in the form of mail programs (EML)."""
    from ingest.errors import UnreadableFileError
    from ingest.sniff import sniff

    try:
        with path.open("rb") as stream:
            if b"\0" in stream.read(512):
                return False
        return sniff(path, label) == "eml"
    except (OSError, UnreadableFileError):
        return False


def faults_of(path: Path, label: str) -> str:
    """Why an archive is to be read by hand, as a phrase: what could not be unpacked, or that it lies too deep."""
    try:
        found = list(members(path, label, None, Budget()))
    except ArchiveProblemError as exc:
        return f"没有解压（{exc}）"
    faults = [(member.label[len(label) + 1 :], member.fault) for member in found if member.fault]
    if not faults:
        return f"压缩包里的压缩包最多解开 {MAX_DEPTH} 层，这一个没有解开" if label.count(".zip/") else "没有解开"
    listed = "、".join(f"“{name}”（{fault}）" for name, fault in faults[:_SHOWN])
    listed += "等" if len(faults) > _SHOWN else ""
    rest = len(found) - len(faults)
    return f"有 {len(faults)} 个文件没有解出：{listed}" + (f"；其余 {rest} 个已逐个读取" if rest else "")
