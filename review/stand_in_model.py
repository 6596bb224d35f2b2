"""An OpenAI-compatible server on loopback that says what it is told to: for measuring and for tests, never for an office.

Real HTTP and real server-sent events, so that what is measured and tested is the whole way to a model and back.
"""

from __future__ import annotations

import json
import socket
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any

from review.model_settings import ModelSettings
from review.model_ways import forget

NAME = "stand-in"


@dataclass(frozen=True, slots=True)
class Wait:
    """Says nothing for a while."""

    seconds: float


@dataclass(frozen=True, slots=True)
class Drop:
    """Breaks the connection off."""


@dataclass(frozen=True, slots=True)
class Status:
    """Answers with an HTTP error; only as the first step."""

    code: int


@dataclass(frozen=True, slots=True)
class Raw:
    """Sends these bytes as they are."""

    data: bytes


Step = str | Wait | Drop | Status | Raw


@dataclass(frozen=True, slots=True)
class Request:
    """What was asked. body : the whole request. headers : by name in small letters."""

    system: str
    user: str
    body: dict[str, Any]
    number: int
    headers: dict[str, str]

    @property
    def form(self) -> str:
        """The type of form that was asked for, "" without one."""
        return str((self.body.get("response_format") or {}).get("type", ""))

    @property
    def schema(self) -> dict[str, Any]:
        """The schema that was asked for; {} without one."""
        asked = self.body.get("response_format") or {}
        found: dict[str, Any] = (asked.get("json_schema") or asked).get("schema") or {}
        return found

    @property
    def material(self) -> dict[str, str]:
        """The passages of the user's message by key."""
        found = {}
        for line in self.user.splitlines():
            if line.startswith('{"key"'):
                piece = json.loads(line)
                found[piece["key"]] = piece["text"]
        return found


class StandIn:
    """The server while the context lasts. reply : the steps for a request; requests : all that came, in order."""

    def __init__(self, reply: Callable[[Request], Iterable[Step]]) -> None:
        self.requests: list[Request] = []
        self._reply = reply
        self._over = threading.Event()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._server.daemon_threads = True

    @property
    def settings(self) -> ModelSettings:
        """Where it is."""
        return ModelSettings(f"http://127.0.0.1:{self._server.server_address[1]}/v1", NAME, "sk-stand-in")

    def __enter__(self) -> StandIn:
        forget(self.settings)  # a port is given out again
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._over.set()
        self._server.shutdown()
        self._server.server_close()

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        outer = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def log_message(self, format: str, *args: Any) -> None:
                """Nothing is printed."""

            def do_POST(self) -> None:
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                said = {message["role"]: message["content"] for message in body["messages"]}
                request = Request(
                    said.get("system", ""),
                    said.get("user", ""),
                    body,
                    len(outer.requests) + 1,
                    {name.lower(): value for name, value in self.headers.items()},
                )
                outer.requests.append(request)
                try:
                    self._answer(iter(outer._reply(request)))
                except OSError:
                    return  # whoever asked has gone

            def _answer(self, steps: Iterator[Step]) -> None:
                first = next(steps, None)
                if isinstance(first, Status):
                    self.send_error(first.code, "refused")
                    return
                self.send_response(200)
                self.send_header("Content-Type", "text/event-stream")
                self.send_header("Transfer-Encoding", "chunked")
                self.send_header("Connection", "close")
                self.end_headers()
                if first is not None and not self._step(first):
                    return
                for step in steps:
                    if outer._over.is_set() or not self._step(step):
                        return
                self._send(_event({}, "stop") + b"data: [DONE]\n\n")
                self.wfile.write(b"0\r\n\r\n")

            def _step(self, step: Step) -> bool:
                """Whether to go on."""
                if isinstance(step, Wait):
                    outer._over.wait(step.seconds)
                elif isinstance(step, Drop):
                    self.connection.shutdown(socket.SHUT_RDWR)
                    return False
                elif isinstance(step, Raw):
                    self._send(step.data)
                elif isinstance(step, str):
                    self._send(_event({"role": "assistant", "content": step}, None))
                return True

            def _send(self, data: bytes) -> None:
                self.wfile.write(b"%x\r\n%b\r\n" % (len(data), data))
                self.wfile.flush()

        return Handler


def _event(delta: dict[str, Any], finish: str | None) -> bytes:
    data = {
        "id": "c", "object": "chat.completion.chunk", "created": int(time.time()), "model": NAME,
        "choices": [{"index": 0, "delta": delta, "finish_reason": finish}],
    }  # fmt: skip
    return f"data: {json.dumps(data, ensure_ascii=False)}\n\n".encode()


def line(sentence: str, *cited: tuple[str, str]) -> str:
    """A line as the contract wants it."""
    places = [{"key": key, "quote": quote} for key, quote in cited]
    return json.dumps({"sentence": sentence, "cite": places}, ensure_ascii=False) + "\n"


def at_pace(text: str, tokens_per_second: float, *, size: int = 2) -> Iterator[Step]:
    """The text in tokens of `size` characters, which is what a token of Chinese text comes to, at that speed."""
    for start in range(0, len(text), size):
        yield Wait(1 / tokens_per_second)
        yield text[start : start + size]
