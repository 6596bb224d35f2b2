"""The office's own language model, spoken to through LangChain; everything it can do wrong ends as one ModelError.

The address, the name and the key come from our three settings and from nowhere else: what other programs keep in the
environment for OpenAI, for proxies or for tracing is not taken up, redirects are not followed, no tools are offered.
"""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Iterator
from typing import Any, Final

from review.errors import ModelError
from review.model_forms import Form
from review.model_settings import ModelSettings
from review.model_ways import REFUSED, asked_for, took, was_silent, ways_of

CONNECT_SECONDS: Final = 5.0
SILENT_PART: Final = 1 / 3  # of the time of a reply that may pass without anything coming
MOST_BYTES: Final = 2_000_000  # of one reply on the wire; a sentence takes about 200 bytes a word there
MOST_CHARACTERS: Final = 8_000
MOST_TOKENS: Final = 1_200
MOST_BLANK: Final = 400  # characters without a word between them: a model held to a form may go on with spaces for ever
_END: Final = object()


class LanguageModel:
    """One OpenAI-compatible server. name : what it calls its model. seconds : of one reply, however busy it keeps us."""

    def __init__(
        self,
        settings: ModelSettings,
        *,
        silence_seconds: float | None = None,
        total_seconds: float | None = None,
        most_tokens: int = MOST_TOKENS,
    ) -> None:
        self.settings = settings
        self.name = settings.model
        self.seconds = settings.seconds if total_seconds is None else total_seconds
        self._silence = self.seconds * SILENT_PART if silence_seconds is None else silence_seconds
        self._most_tokens = most_tokens

    def warm_up(self) -> None:
        """Imports the client, which takes seconds; nothing is sent. Raises ModelError when it is not installed."""
        _client_class()

    def stream(self, system: str, user: str, within: float | None = None, form: Form | None = None) -> Iterator[str]:
        """The reply in pieces as they come. Raises ModelError; after it, and after the caller stops early, nothing stays open.

        within : seconds that are left for it, None = all that a reply may take. form : what the server is asked to hold the
        model to; where it refuses or pays no heed, it is asked in other words and in the end without. Nothing is sure of it.
        """
        _client_class()  # its import is not the server's time
        deadline = time.monotonic() + min(self.seconds, self.seconds if within is None else within)
        for way in ways_of(self.settings) if form is not None else ("plain",):
            begun = False
            try:
                for piece in self._pieces(system, user, deadline, asked_for(way, form)):
                    if not begun and form is not None:
                        took(self.settings, way)
                    begun = True
                    yield piece
            except _NotTakenError:
                continue
            except ModelError as exc:
                if not begun and exc.retryable:
                    was_silent(self.settings, way)
                raise
            if not begun:
                was_silent(self.settings, way)
            return

    def _pieces(self, system: str, user: str, deadline: float, more: dict[str, Any]) -> Iterator[str]:
        """The pieces of one request; the first holds a word. more : what it holds besides the words.

        Raises _NotTakenError, before the first piece, where a form was asked for and is not to be had; else ModelError.
        """
        pieces: queue.Queue[Any] = queue.Queue(maxsize=64)
        stop = threading.Event()
        work = threading.Thread(target=self._receive, args=(system, user, more, pieces, stop, deadline), daemon=True)
        work.start()
        characters = blank = 0
        begun = False
        try:
            while True:
                piece = _next(pieces, min(self._silence, deadline - time.monotonic()), self._silence)
                if piece is _END:
                    return
                if isinstance(piece, Exception):
                    if more and not begun and _refuses(piece):
                        raise _NotTakenError from piece
                    raise ModelError(_reason(piece, self._silence), retryable=_worth_another(piece)) from piece
                characters += len(piece)
                if characters > MOST_CHARACTERS:
                    raise ModelError(f"回答超过 {MOST_CHARACTERS} 字，已中止", retryable=False)
                blank = blank + len(piece) if piece.isspace() else len(piece) - len(piece.rstrip())
                if blank > MOST_BLANK:
                    raise ModelError("回答里只有空白，已中止", retryable=True)
                if not begun and not piece.isspace():
                    if more and not piece.lstrip().startswith("{"):
                        raise _NotTakenError
                    begun = True
                if begun:
                    yield piece
        finally:
            stop.set()

    def _receive(
        self, system: str, user: str, more: dict[str, Any], pieces: queue.Queue[Any], stop: threading.Event, deadline: float
    ) -> None:  # fmt: skip
        """Fills the queue from the server; runs in its own thread, so that no server can hold up the person who asks."""
        from langsmith import tracing_context

        outcome: Any = _END
        http = _http_client(self._silence, deadline, stop)
        try:
            with http, tracing_context(enabled=False):
                chat = _client_class()(
                    base_url=self.settings.base_url, model=self.settings.model, api_key=self.settings.api_key or "none",
                    organization="", openai_proxy="", http_client=http, temperature=0, max_tokens=self._most_tokens,
                    max_retries=0, timeout=self._silence, streaming=True, stream_usage=False, use_responses_api=False,
                    # As it stands: given by name, the client would read the reply itself and refuse one that is cut short.
                    extra_body=more or None,
                )  # fmt: skip
                finished = False
                for chunk in chat.stream([("system", system), ("user", user)]):
                    finished = finished or bool(chunk.response_metadata.get("finish_reason"))
                    if chunk.text and not _put(pieces, chunk.text, stop):
                        return
            if not finished:
                outcome = ConnectionError("broken off")
        except Exception as exc:  # noqa: BLE001 - handed to the thread that asked, which sorts it
            outcome = exc
        _put(pieces, outcome, stop)


def _next(pieces: queue.Queue[Any], seconds: float, silence: float) -> Any:
    try:
        return pieces.get(timeout=max(seconds, 0.0))
    except queue.Empty:
        raise ModelError(f"{silence:g} 秒没有新的回答，或总时间已到", retryable=True) from None


def _put(pieces: queue.Queue[Any], piece: Any, stop: threading.Event) -> bool:
    """Whether the piece was taken; not when nobody waits for it any more."""
    while not stop.is_set():
        try:
            pieces.put(piece, timeout=0.2)
        except queue.Full:
            continue
        return True
    return False


def _client_class() -> Any:
    try:
        # Not ChatOpenAI: it sends max_completion_tokens, which servers other than OpenAI's own do not know.
        from langchain_openai.chat_models.base import BaseChatOpenAI
    except ImportError as exc:
        raise ModelError('没有安装所需的程序包（pip install "edureview[llm]"）', retryable=False) from exc
    return BaseChatOpenAI


def _http_client(silence: float, deadline: float, stop: threading.Event) -> Any:
    """A client that ends a reply which is too long, takes too long, or that nobody waits for any more."""
    import httpx

    class _Bounded(httpx.SyncByteStream):
        def __init__(self, inner: httpx.SyncByteStream) -> None:
            self._inner = inner

        def __iter__(self) -> Iterator[bytes]:
            received = 0
            for part in self._inner:
                received += len(part)
                if received > MOST_BYTES:
                    raise _TooLongError
                if stop.is_set() or time.monotonic() > deadline:
                    raise httpx.ReadTimeout("total time")
                yield part

        def close(self) -> None:
            self._inner.close()

    class _Transport(httpx.HTTPTransport):
        def handle_request(self, request: httpx.Request) -> httpx.Response:
            for name in ("openai-organization", "openai-project"):  # the client takes them from the environment
                request.headers.pop(name, None)
            response = super().handle_request(request)
            assert isinstance(response.stream, httpx.SyncByteStream)
            response.stream = _Bounded(response.stream)
            return response

    timeout = httpx.Timeout(silence, connect=CONNECT_SECONDS)
    return httpx.Client(transport=_Transport(), timeout=timeout, trust_env=False, follow_redirects=False)


class _TooLongError(Exception):
    """More bytes than any answer has."""


class _NotTakenError(Exception):
    """The server refuses the form it was asked for, or writes something else."""


def _chain(exc: BaseException | None) -> Iterator[BaseException]:
    seen: set[int] = set()
    while exc is not None and id(exc) not in seen:
        seen.add(id(exc))
        yield exc
        exc = exc.__cause__ or exc.__context__


def _status(exc: Exception) -> int | None:
    return next((code for one in _chain(exc) if isinstance(code := getattr(one, "status_code", None), int)), None)


def _refuses(exc: Exception) -> bool:
    """Whether it may be the form that the server does not want. Some answer 200 and say what is wrong in the stream."""
    status = _status(exc)
    return status in REFUSED if status is not None else type(exc).__name__ == "APIError"


def _reason(exc: Exception, silence: float) -> str:
    """What went wrong, in Chinese, without address, key or words of the server."""
    names = {type(one).__name__ for one in _chain(exc)}
    status = _status(exc)
    if "_TooLongError" in names:
        return "回答太长，已中止"
    if status is not None:
        return f"服务拒绝了请求（状态 {status}）" if status < 500 else f"服务出错（状态 {status}）"
    if names & {"APITimeoutError", "ReadTimeout", "ConnectTimeout", "PoolTimeout", "TimeoutError"}:
        return f"{silence:g} 秒没有新的回答，或总时间已到"
    if names & {"APIConnectionError", "ConnectError", "RemoteProtocolError", "ReadError", "ConnectionError"}:
        return "连接不上，或中途断开"
    return "回答不是规定的格式"


def _worth_another(exc: Exception) -> bool:
    """A refusal stays one; what may have been chance is tried once more."""
    status = _status(exc)
    return (status is None or status >= 500 or status == 429) and not any(
        isinstance(one, _TooLongError) for one in _chain(exc)
    )
