"""What can go wrong between a file and the record, in the words the reader of the message needs.

IngestError
├── RecordTooNewError       the database was made by a newer version of the program
├── RecordLockedError       another program holds the database and does not let go
├── DiskFullError           no room left on the disk of the data folder
├── UnreadableFileError     nothing of the file can be read; becomes the reason of a failed document
│   ├── EmptyFileError          zero bytes
│   ├── MissingFileError        not there, or not to be opened
│   ├── UnknownKindError        none of the formats we read, whatever the suffix says
│   ├── DamagedFileError        the format is known, its structure is broken
│   ├── EncryptedFileError      a password is needed
│   ├── ArchiveError            an archive of which not everything could be unpacked
│   ├── NoOfficeError           an old format, and LibreOffice is not installed
│   ├── ConversionError         LibreOffice cannot turn it into a format we read
│   ├── TooLargeError           more bytes than the limit
│   └── UnsafeFileError         unpacks to more than we are willing to read
└── ReaderStoppedError      the reading process ran out of time or memory, or died; pages read before stay

`UnreadableFileError` and `ReaderStoppedError` never leave `ingest.pipeline`: one bad file does not stop a folder.
Every class keeps its facts as attributes; `str(error)` is the Chinese sentence shown to people.
"""

from __future__ import annotations


class IngestError(Exception):
    """Base of this package: `str(error)` is a Chinese sentence for the person at the screen."""


class RecordTooNewError(IngestError):
    """The database carries a revision this version of the program does not know."""

    def __init__(self, revision: str) -> None:
        self.revision = revision
        super().__init__(f"数据库由更新版本的程序建立（版本号 {revision}），本程序不能打开，请升级程序后再用。")


class RecordLockedError(IngestError):
    """Another program has held the database for longer than we wait. Nothing is lost: the same command goes on where it stopped."""

    def __init__(self) -> None:
        super().__init__(
            "数据库一直被另一个程序占用，没有写入；已经读完的都已保存，请关闭占用它的程序（备份、数据库工具等）后重新运行，会接着做。"
        )


class DiskFullError(IngestError):
    """No room on the disk of the data folder. Nothing is lost: the same command goes on where it stopped."""

    def __init__(self) -> None:
        super().__init__(
            "数据文件夹所在磁盘已满，没有写入；已经读完的都已保存，请腾出空间（或换一个数据文件夹）后重新运行，会接着做。"
        )


class UnreadableFileError(IngestError):
    """Nothing of this file can be read. The sentence becomes the document's reason."""

    def __init__(self, file: str, sentence: str) -> None:
        self.file = file
        super().__init__(sentence)


class EmptyFileError(UnreadableFileError):
    """The file has no bytes."""

    def __init__(self, file: str) -> None:
        super().__init__(file, f"《{file}》是空文件（0 字节），请重新导出或重新上传。")


class MissingFileError(UnreadableFileError):
    """The file is not there or may not be opened. why: short Chinese phrase."""

    def __init__(self, file: str, why: str) -> None:
        self.why = why
        super().__init__(file, f"《{file}》打不开（{why}），请检查路径、权限和磁盘。")


class UnknownKindError(UnreadableFileError):
    """The bytes are none of the formats read here. found: what they look like, in Chinese."""

    def __init__(self, file: str, found: str) -> None:
        self.found = found
        super().__init__(file, f"《{file}》的内容不是可读取的格式（{found}），请转换为 PDF、DOCX、XLSX 或 TXT 后上传。")


class DamagedFileError(UnreadableFileError):
    """The format is recognised but its structure is broken. kind: PDF, Word …; why: short Chinese phrase."""

    def __init__(self, file: str, kind: str, why: str) -> None:
        self.kind, self.why = kind, why
        super().__init__(file, f"《{file}》已损坏，无法按 {kind} 打开（{why}），请重新导出或扫描后上传。")


class EncryptedFileError(UnreadableFileError):
    """A password is needed. kind: PDF, Office."""

    def __init__(self, file: str, kind: str) -> None:
        self.kind = kind
        super().__init__(file, f"《{file}》已加密（{kind} 需要密码才能打开），请提供不加密的版本。")


class UnsafeFileError(UnreadableFileError):
    """The package unpacks to more parts or bytes than the limits allow. why: the figure and the limit."""

    def __init__(self, file: str, why: str) -> None:
        self.why = why
        super().__init__(file, f"《{file}》疑似压缩炸弹（{why}），为安全起见没有读取，请核实文件来源后重新导出。")


class ReaderStoppedError(IngestError):
    """The reading process was stopped or died after `pages_read` pages. why: short Chinese phrase.

    died: it ended without a word, so another try may succeed; otherwise the same would happen again.
    """

    def __init__(self, file: str, pages_read: int, why: str, *, died: bool = False) -> None:
        self.file, self.pages_read, self.why, self.died = file, pages_read, why, died
        super().__init__(
            f"《{file}》读到第 {pages_read} 页后中断（{why}），其余各页没有读取，请拆分或重新导出后再上传。"
        )


class ArchiveError(UnreadableFileError):
    """An archive, or what of it could not be unpacked. what: ZIP 压缩包 …; why: Chinese phrase."""

    def __init__(self, file: str, what: str, why: str) -> None:
        self.what, self.why = what, why
        super().__init__(file, f"《{file}》是{what}，{why}，请解压后上传其中没有读到的文件。")


class NoOfficeError(UnreadableFileError):
    """The format needs LibreOffice, which is not installed. kind: 旧版 Word（DOC）…"""

    def __init__(self, file: str, kind: str) -> None:
        self.kind = kind
        super().__init__(
            file,
            f"《{file}》是{kind}，本机没有安装 LibreOffice，读不了，请安装 LibreOffice，或另存为 DOCX、XLSX、PPTX、PDF 后上传。",
        )


class ConversionError(UnreadableFileError):
    """LibreOffice could not turn the file into a format we read. kind: 旧版 Word（DOC）…; why: Chinese phrase."""

    def __init__(self, file: str, kind: str, why: str) -> None:
        self.kind, self.why = kind, why
        super().__init__(file, f"《{file}》是{kind}，没有转换成功（{why}），请另存为 DOCX、XLSX、PPTX 或 PDF 后上传。")


class TooLargeError(UnreadableFileError):
    """More bytes than the limit for this format. size, limit: megabytes."""

    def __init__(self, file: str, size: int, limit: int) -> None:
        self.size, self.limit = size, limit
        super().__init__(file, f"《{file}》有 {size} MB，超过可读取的 {limit} MB，请拆分成几个文件后上传。")
