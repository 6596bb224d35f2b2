"""The reading process: `python -m ingest.worker MEMORY_MB [NICENESS]`, started and fed by ingest.isolate only.

Reads requests, one JSON object a line, from standard input and answers with frames on standard output.
"""

from __future__ import annotations

import importlib
import json
import os
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import Any, BinaryIO

from ingest.errors import IngestError
from ingest.frames import to_frame, write_frame
from ingest.hidden import inspected
from ingest.pages import ParsedPage
from ingest.readers.base import Properties
from ingest.sniff import sniff
from ingest.unpack import unpack

OUT_OF_MEMORY = 77  # exit code of the watch below
# Kind found in the bytes → module of ingest.readers that reads it.
MODULES = {
    "pdf": "pdf",
    "image": "image",
    "docx": "docx",
    "xlsx": "xlsx",
    "pptx": "pptx",
    "docm": "variant",
    "xlsm": "variant",
    "pptm": "variant",
    "xls": "xls",
    "txt": "txt",
    "csv": "csv",
    "eml": "eml",
    "ofd": "ofd",
    **dict.fromkeys(("doc", "rtf", "odt", "ods", "odp", "ppt", "xlsb", "wordxml", "excelxml"), "legacy"),
}


def read(path: Path, file: str, first: int = 1) -> Iterator[Properties | ParsedPage]:
    """Properties and pages of any file we can read, by what its bytes are. Raises UnreadableFileError."""
    module = importlib.import_module(f"ingest.readers.{MODULES[sniff(path, file)]}")
    for item in module.read(path, file, first):
        yield inspected(item) if isinstance(item, ParsedPage) else item


def recognise(path: Path, file: str, kind: str, page: int, source: str) -> ParsedPage:
    """A waiting page read by text recognition. Pictures of old formats are in what LibreOffice made of them."""
    from ingest.ocr.recognise import recognise as look_at

    with picture_file(path, file, kind, source) as real:
        return inspected(look_at(real, file, kind, page, source))


def picture_file(path: Path, file: str, kind: str, source: str) -> AbstractContextManager[Path]:
    """The file that holds the picture: the file itself, or what LibreOffice made of an old format."""
    from ingest.readers import legacy

    return legacy.readable(path, file) if source.startswith("part:") and kind in legacy.KINDS else nullcontext(path)


def draw(path: Path, file: str, request: dict[str, Any]) -> Any:
    """The page of a PDF as an RGB PIL image, or the picture that a recognised page was read from."""
    source, kind = request.get("source", ""), request.get("kind", "")
    if source in ("", "page"):
        return importlib.import_module("ingest.readers.pdf_image").draw(path, file, request["page"], request["scale"])
    with picture_file(path, file, kind, source) as real:
        return importlib.import_module("ingest.ocr.picture").draw(real, file, kind, request["page"], source)


def limit_memory(megabytes: int) -> None:
    """Makes this process fail, rather than the machine, when a file needs more than `megabytes`."""
    if sys.platform == "linux":
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (megabytes * 1024 * 1024,) * 2)
    else:
        # Windows has no such limit and macOS does not keep to it: watch what is in use, and leave when it is too much.
        threading.Thread(target=_watch, args=(megabytes * 1024 * 1024,), daemon=True).start()


def _watch(limit: int) -> None:
    while True:
        if used_bytes() > limit:
            os._exit(OUT_OF_MEMORY)
        time.sleep(0.2)


def used_bytes() -> int:
    """Memory of this process in use (Windows: now; elsewhere: at most so far)."""
    if sys.platform == "win32":
        import ctypes
        from ctypes import wintypes

        class Counters(ctypes.Structure):
            _fields_ = (
                ("cb", wintypes.DWORD),
                ("PageFaultCount", wintypes.DWORD),
                *(
                    (name, ctypes.c_size_t)
                    for name in ("Peak", "WorkingSet", "A", "B", "C", "D", "Pagefile", "PeakPagefile")
                ),
            )

        counters = Counters()
        counters.cb = ctypes.sizeof(counters)
        kernel = ctypes.WinDLL("kernel32")
        kernel.GetCurrentProcess.restype = wintypes.HANDLE
        kernel.K32GetProcessMemoryInfo.argtypes = (wintypes.HANDLE, ctypes.c_void_p, wintypes.DWORD)
        kernel.K32GetProcessMemoryInfo(kernel.GetCurrentProcess(), ctypes.byref(counters), counters.cb)
        return int(counters.Pagefile)
    import resource

    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak * 1024


def serve(requests: BinaryIO, answers: BinaryIO) -> None:
    """Answers requests until the input ends: properties and pages, then "done", "refused" or "broken"."""
    for line in requests:
        request = json.loads(line)
        try:
            path, file = Path(request["path"]), request["file"]
            if request["do"] == "render":
                image = draw(path, file, request)
                write_frame(answers, {"is": "image", "width": image.width, "height": image.height}, image.tobytes())
            elif request["do"] == "ocr":
                page = recognise(path, file, request["kind"], request["page"], request["source"])
                write_frame(answers, *to_frame(page))
            elif request["do"] == "unpack":
                for member in unpack(path, file, Path(request["into"])):
                    write_frame(answers, {"is": "member", "label": member.label, "path": str(member.path)})
            else:
                for item in read(path, file, request["first"]):
                    write_frame(answers, *to_frame(item))
            write_frame(answers, {"is": "done"})
        except IngestError as exc:
            write_frame(answers, {"is": "refused", "sentence": str(exc)})
        except MemoryError:
            write_frame(answers, {"is": "broken", "why": "内存超过限额"})
        except Exception as exc:  # noqa: BLE001 - any parser bug on a hostile file must become that file's reason, not end the folder
            write_frame(answers, {"is": "broken", "why": f"读取程序出错 {type(exc).__name__}"})


def main() -> None:
    """Keeps the answers' stream for frames: whatever a library prints goes to standard error."""
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    limit_memory(int(sys.argv[1]))
    if len(sys.argv) > 2 and sys.platform != "win32":
        os.nice(int(sys.argv[2]))
    serve(sys.stdin.buffer, answers)


if __name__ == "__main__":
    main()
