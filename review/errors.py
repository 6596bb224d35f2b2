"""What the pages and the command line show a person.

ReviewError
├── UnknownDistrictError      no evidence of that district (or cycle) is stored
├── UnknownItemError          no such item or criterion in the scheme
├── UnknownDocumentError      no stored document answers to that name or hash
├── MissingPathError          a path given on the command line does not exist
├── BadPassagesFileError      a line of a passages file is no passage
└── PortInUseError            another program listens where the app should
"""

from __future__ import annotations

from collections.abc import Sequence


class ReviewError(Exception):
    """Base: `str(exc)` is what the person sees."""


class UnknownDistrictError(ReviewError):
    """No evidence of that district is stored."""

    def __init__(self, district: str, cycle: int | None, known: Sequence[str]) -> None:
        self.district, self.cycle, self.known = district, cycle, tuple(known)
        year = f"{cycle} 年度" if cycle else ""
        there = f"已有材料的区县：{'、'.join(known)}。" if known else "目前还没有任何区县的材料。"
        super().__init__(f"没有“{district}”{year}的材料。{there}请核对区县名称，或先用 edureview ingest 导入。")


class UnknownItemError(ReviewError):
    """No such item or criterion in the scheme."""

    def __init__(self, item: str) -> None:
        self.item = item
        super().__init__(
            f"方案中没有“{item}”这一条。请写成 B5-5 或 B5 这样的编号，可用 edureview scheme 查看全部要点。"
        )


class UnknownDocumentError(ReviewError):
    """No stored document answers to that name or hash."""

    def __init__(self, document: str) -> None:
        self.document = document
        super().__init__(f"没有找到材料“{document}”。请用 edureview documents 查看文件名，或给出 SHA-256 的前几位。")


class MissingPathError(ReviewError):
    """A path given on the command line does not exist."""

    def __init__(self, names: Sequence[str]) -> None:
        self.names = tuple(names)
        super().__init__(f"找不到这些文件或文件夹：{'、'.join(names)}。请检查路径后重试，其余内容尚未导入。")


class BadPassagesFileError(ReviewError):
    """A line of a passages file is no passage."""

    def __init__(self, file: str, line: int, what: str) -> None:
        self.file, self.line = file, line
        super().__init__(f'《{file}》第 {line} 行{what}。请改成每行一个 {{"id": …, "text": …}} 的形式后重试。')


class PortInUseError(ReviewError):
    """Another program listens where the app should."""

    def __init__(self, port: int) -> None:
        self.port = port
        super().__init__(f"端口 {port} 已被占用，程序没有启动。请关闭占用它的程序，或用 --port 换一个端口。")
