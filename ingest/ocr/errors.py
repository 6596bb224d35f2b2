"""What can keep a picture from being recognised.

UnreadablePictureError   (an IngestError) the page becomes "failed" with this sentence; the other pages go on
"""

from __future__ import annotations

from ingest.errors import IngestError


class UnreadablePictureError(IngestError):
    """There is no picture to look at. why: short Chinese phrase."""

    def __init__(self, file: str, number: int, why: str) -> None:
        self.file, self.number, self.why = file, number, why
        super().__init__(f"《{file}》第 {number} 页的图片无法识别（{why}），请重新扫描或导出后上传。")
