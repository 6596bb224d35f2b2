"""Reads a file, draws or recognises a page in a process of its own, with limits on time and memory.

A plain subprocess rather than multiprocessing: nothing of the caller's main module is imported again, it works the same
on Windows, and a crash inside a parser is only the end of that process.
"""

from __future__ import annotations

import contextlib
import json
import os
import queue
import subprocess
import sys
import threading
import time
from collections.abc import Generator, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, cast

from ingest.errors import ReaderStoppedError, UnreadableFileError
from ingest.frames import from_frame, read_frame
from ingest.pages import ParsedPage
from ingest.readers.base import Properties
from ingest.worker import OUT_OF_MEMORY

_REQUESTS_PER_WORKER = 50  # then a fresh process, so that what parsers leak does not add up
_MOST_IDLE = 4  # processes kept for the next request, of all kinds together


@dataclass(frozen=True, slots=True)
class Limits:
    """memory_mb: of the reading process. page_seconds: until the next page. file_seconds: for all pages.

    niceness: how much the process stands back behind others (0..19).
    """

    memory_mb: int = 2048
    page_seconds: float = 120.0
    file_seconds: float = 1800.0
    niceness: int = 0


# Address space, not memory in use: networks and libraries reserve 1.1 GB for an ordinary page, of which 0.4 GB are used. It stands
# back, so that the app stays quick; a page takes seconds, but minutes where others want the processor, too.
RECOGNITION_LIMITS = Limits(memory_mb=4096, page_seconds=600.0, file_seconds=600.0, niceness=5)


class _Worker:
    """A reading process and the thread that takes its frames."""

    def __init__(self, limits: Limits) -> None:
        self.kind = _kind(limits)
        self.requests = 0
        # What reads hostile files needs none of our keys and addresses.
        environment = {name: value for name, value in os.environ.items() if not name.startswith("EDUREVIEW_")}
        root = str(Path(__file__).parents[1])
        environment["PYTHONPATH"] = os.pathsep.join(filter(None, [root, environment.get("PYTHONPATH", "")]))
        environment["OMP_NUM_THREADS"] = environment["OPENBLAS_NUM_THREADS"] = "1"
        self.process = subprocess.Popen(
            [sys.executable, "-m", "ingest.worker", str(limits.memory_mb), str(limits.niceness)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=environment,
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
        )
        self.frames: queue.SimpleQueue[tuple[dict[str, Any], bytes] | None] = queue.SimpleQueue()
        threading.Thread(target=self._pump, daemon=True).start()

    def _pump(self) -> None:
        stream = cast(IO[bytes], self.process.stdout)
        # The stream was closed by `stop`, or carried nonsense: both count as the end of the process.
        with contextlib.suppress(OSError, ValueError):
            while (frame := read_frame(stream)) is not None:  # type: ignore[arg-type]
                self.frames.put(frame)
        self.frames.put(None)

    def ask(self, request: dict[str, Any]) -> None:
        """Sends a request. When the process has just died, the end of its frames will tell."""
        self.requests += 1
        stream = cast(IO[bytes], self.process.stdin)
        with contextlib.suppress(OSError):
            stream.write(json.dumps(request).encode("ascii") + b"\n")
            stream.flush()

    def stop(self) -> int:
        """Ends the process at once and returns its exit code."""
        self.process.kill()
        code = self.process.wait()
        for stream in (self.process.stdin, self.process.stdout):
            if stream is not None:
                with contextlib.suppress(OSError):  # what was not yet sent cannot be sent any more
                    stream.close()
        return code


_idle: list[_Worker] = []
_busy: set[_Worker] = set()
_lock = threading.Lock()


def _kind(limits: Limits) -> tuple[int, int]:
    """Processes of one kind may answer each other's requests."""
    return limits.memory_mb, limits.niceness


def _take(limits: Limits) -> _Worker:
    with _lock:
        for worker in [worker for worker in _idle if worker.kind == _kind(limits)]:
            _idle.remove(worker)
            if worker.process.poll() is None:
                _busy.add(worker)
                return worker
            worker.stop()
    fresh = _Worker(limits)
    with _lock:
        _busy.add(fresh)
    return fresh


def _give_back(worker: _Worker) -> None:
    with _lock:
        _busy.discard(worker)
        if len(_idle) < _MOST_IDLE and worker.requests < _REQUESTS_PER_WORKER:
            _idle.append(worker)
            return
    worker.stop()


def _throw_away(worker: _Worker) -> None:
    with _lock:
        _busy.discard(worker)
    worker.stop()


def abort() -> None:
    """Ends what is being read, drawn or recognised just now: whoever waits for it gets a ReaderStoppedError."""
    with _lock:
        for worker in _busy:
            worker.process.kill()


def close(limits: Limits | None = None) -> None:
    """Ends the waiting processes (of these limits only, when given). They also end with the process that started them."""
    with _lock:
        for worker in list(_idle):
            if limits is None or worker.kind == _kind(limits):
                _idle.remove(worker)
                worker.stop()


def read_isolated(
    path: Path, file: str, *, first: int = 1, limits: Limits | None = None
) -> Iterator[Properties | ParsedPage]:
    """Properties, then pages from `first` on, as the reading process delivers them.

    Raises UnreadableFileError when nothing can be read, ReaderStoppedError when reading broke off on the way.
    """
    reached = first - 1
    request = {"do": "read", "path": str(path.absolute()), "file": file, "first": first}
    answers = _answers(request, file, limits or Limits())
    with contextlib.closing(answers):
        try:
            for head, body in answers:
                item = from_frame(head, body)
                if isinstance(item, ParsedPage):
                    reached = item.number
                yield item
        except _StoppedError as exc:
            raise ReaderStoppedError(file, reached, str(exc), died=exc.died) from exc
        except (KeyError, TypeError, ValueError) as exc:
            raise ReaderStoppedError(file, reached, "读取进程的回答不合格式") from exc


def render_isolated(
    path: Path,
    file: str,
    page_number: int,
    scale: float,
    *,
    kind: str = "",
    source: str = "",
    limits: Limits | None = None,
) -> tuple[int, int, bytes]:
    """Width, height and RGB bytes of a page drawn in the reading process.

    kind, source : of the file and page as recorded; a page with a source other than "page" is a picture, not a PDF page.
    Raises UnreadableFileError when it cannot be drawn, ReaderStoppedError when drawing broke off.
    """
    request = {
        "do": "render", "path": str(path.absolute()), "file": file, "page": page_number, "scale": scale,
        "kind": kind, "source": source,
    }  # fmt: skip
    with contextlib.closing(_answers(request, file, limits or Limits())) as answers:
        try:
            [(head, body)] = list(answers)
            width, height = int(head["width"]), int(head["height"])
        except _StoppedError as exc:
            raise ReaderStoppedError(file, page_number - 1, str(exc)) from exc
        except (KeyError, TypeError, ValueError) as exc:
            raise ReaderStoppedError(file, page_number - 1, "读取进程的回答不合格式") from exc
    return width, height, body


def unpack_isolated(path: Path, file: str, into: Path, *, limits: Limits | None = None) -> list[tuple[Path, str]]:
    """(path, label) of the files an archive or mail stands for, unpacked below `into`; empty when it is neither.

    Raises UnreadableFileError or ReaderStoppedError when it cannot be unpacked; what was written until then stays.
    """
    request = {"do": "unpack", "path": str(path.absolute()), "file": file, "into": str(into.absolute())}
    with contextlib.closing(_answers(request, file, limits or Limits())) as answers:
        try:
            return [(Path(head["path"]), str(head["label"])) for head, _ in answers]
        except _StoppedError as exc:
            raise ReaderStoppedError(file, 0, str(exc), died=exc.died) from exc
        except (KeyError, TypeError, ValueError) as exc:
            raise ReaderStoppedError(file, 0, "读取进程的回答不合格式") from exc


def recognise_isolated(
    path: Path, file: str, kind: str, page_number: int, source: str, *, limits: Limits | None = None
) -> ParsedPage:
    """A waiting page as text recognition reads it (ingest.ocr), in a process of its own.

    Raises UnreadableFileError when there is no picture to read, ReaderStoppedError when recognition broke off.
    """
    request = {
        "do": "ocr", "path": str(path.absolute()), "file": file, "kind": kind, "page": page_number, "source": source
    }  # fmt: skip
    with contextlib.closing(_answers(request, file, limits or RECOGNITION_LIMITS)) as answers:
        try:
            [(head, body)] = list(answers)
            page = from_frame(head, body)
        except _StoppedError as exc:
            raise ReaderStoppedError(file, page_number - 1, str(exc), died=exc.died) from exc
        except (KeyError, TypeError, ValueError) as exc:
            raise ReaderStoppedError(file, page_number - 1, "识别进程的回答不合格式") from exc
    if not isinstance(page, ParsedPage):
        raise ReaderStoppedError(file, page_number - 1, "识别进程的回答不合格式")
    return page


class _StoppedError(Exception):
    """The reading process stopped; the words say why. Becomes a ReaderStoppedError that also knows the page.

    died : it ended for a reason it could not tell, which need not be the file's fault.
    """

    def __init__(self, why: str, *, died: bool = False) -> None:
        self.died = died
        super().__init__(why)


def _answers(request: dict[str, Any], file: str, limits: Limits) -> Generator[tuple[dict[str, Any], bytes], None, None]:
    """The frames that answer a request, until it is done. Raises UnreadableFileError or _StoppedError."""
    worker = _take(limits)
    finished = False
    try:
        worker.ask(request)
        deadline = time.monotonic() + limits.file_seconds
        while True:
            left = deadline - time.monotonic()
            try:
                frame = worker.frames.get(timeout=max(min(limits.page_seconds, left), 0.001))
            except queue.Empty:
                seconds = limits.file_seconds if left < limits.page_seconds else limits.page_seconds
                raise _StoppedError(f"超过时间限额 {seconds:g} 秒") from None
            if frame is None:
                code = worker.process.wait()
                if code == OUT_OF_MEMORY:
                    raise _StoppedError("内存超过限额")
                raise _StoppedError("读取进程意外退出，可能是内存超过限额或文件内容异常", died=True)
            head, body = frame
            kind = head.get("is")
            if kind == "done":
                finished = True
                return
            if kind == "refused":
                finished = True
                raise UnreadableFileError(file, str(head.get("sentence")))
            if kind == "broken":
                raise _StoppedError(str(head.get("why")))
            yield head, body
    finally:
        if finished:
            _give_back(worker)
        else:
            _throw_away(worker)
