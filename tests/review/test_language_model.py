"""The way to a model and back, over real HTTP on loopback, with a server that behaves and with servers that do not."""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

import pytest

from review import language_model
from review.errors import ModelError
from review.language_model import LanguageModel
from review.model_settings import ModelSettings
from review.stand_in_model import Drop, Raw, Request, StandIn, Status, Step, Wait, at_pace
from review.workspace import Settings


def read(*steps: Step, **limits: float) -> str:
    with StandIn(lambda request: steps) as server:
        return "".join(LanguageModel(server.settings, **limits).stream("说明", "问题"))


def test_一段一段地来_最后连成原样() -> None:
    def reply(request: Request) -> Iterable[Step]:
        return at_pace("全区有示例园十二所", 200)

    with StandIn(reply) as server:
        pieces = list(LanguageModel(server.settings).stream("说明", "问题"))
    assert "".join(pieces) == "全区有示例园十二所"
    assert len(pieces) > 2
    (request,) = server.requests
    assert (request.system, request.user) == ("说明", "问题")
    assert request.body["model"] == "stand-in"
    assert not {"tools", "functions", "tool_choice"} & set(request.body)


FAULTS: dict[str, tuple[tuple[Step, ...], str, bool]] = {
    "拒绝": ((Status(401),), "状态 401", False),
    "太忙": ((Status(429),), "状态 429", True),
    "出错": ((Status(500),), "状态 500", True),
    "一开始就断": ((Drop(),), "断开", True),
    "说到一半断": (("全区", Drop()), "断开", True),
    "不是事件流": ((Raw(b"data: {bad\n\n"),), "格式", True),
    "不说话": ((Wait(30),), "没有新的回答", True),
    "只发心跳": ((Raw(b": ping\n\n"), Wait(0.2)) * 100, "没有新的回答", True),
    "说个不停": (("长" * 500,) * 200, "超过", False),
    "没有换行的洪水": ((Raw(b"x" * 100_000),) * 200, "太长", False),
}


@pytest.mark.parametrize("name", FAULTS)
def test_每种毛病都是一句话_也不会等个没完(name: str) -> None:
    steps, words, retryable = FAULTS[name]
    LanguageModel(ModelSettings("http://127.0.0.1:9", "m")).warm_up()
    began = time.monotonic()
    with pytest.raises(ModelError, match=words) as refused:
        read(*steps, silence_seconds=1.0, total_seconds=3.0)
    assert time.monotonic() - began < 6
    assert refused.value.retryable is retryable
    assert "127.0.0.1" not in str(refused.value)


def test_慢慢说也有总时限() -> None:
    steps: tuple[Step, ...] = ("字", Wait(0.3)) * 50
    with pytest.raises(ModelError, match="总时间"):
        read(*steps, silence_seconds=1.0, total_seconds=1.5)


def test_没有人听就停下() -> None:
    sent: list[int] = []

    def reply(request: Request) -> Iterable[Step]:
        for number in range(1000):
            sent.append(number)
            yield "字"
            yield Wait(0.01)

    with StandIn(reply) as server:
        stream = LanguageModel(server.settings).stream("", "")
        next(stream)
        stream.close()  # type: ignore[attr-defined]
        time.sleep(0.5)
        told = len(sent)
        time.sleep(0.5)
    assert len(sent) - told < 60


def test_连不上() -> None:
    model = LanguageModel(ModelSettings("http://127.0.0.1:9/v1", "m", "sk-secret"))
    with pytest.raises(ModelError, match="连接不上") as refused:
        list(model.stream("", ""))
    assert "sk-secret" not in str(refused.value)


def test_别的程序的环境变量不算数(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("OPENAI_BASE_URL", "OPENAI_API_BASE", "OPENAI_PROXY", "HTTP_PROXY", "http_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    for name in ("OPENAI_API_KEY", "OPENAI_ORG_ID", "OPENAI_PROJECT_ID"):
        monkeypatch.setenv(name, "somebody-else")
    monkeypatch.setenv("LANGSMITH_TRACING", "true")
    monkeypatch.setenv("LANGSMITH_ENDPOINT", "http://127.0.0.1:9")
    heads: list[Any] = []

    def reply(request: Request) -> Iterable[Step]:
        heads.append(request.headers)
        return ("好",)

    with StandIn(reply) as server:
        assert "".join(LanguageModel(server.settings).stream("", "")) == "好"
    assert heads[0]["authorization"] == "Bearer sk-stand-in"
    assert "somebody-else" not in str(heads)


def test_不跟着别人改道() -> None:
    with pytest.raises(ModelError):
        read(Status(307))


def test_没有装程序包就说装什么(monkeypatch: pytest.MonkeyPatch) -> None:
    import sys

    monkeypatch.setitem(sys.modules, "langchain_openai.chat_models.base", None)
    with pytest.raises(ModelError, match="edureview"):
        LanguageModel(ModelSettings("http://127.0.0.1:9", "m")).warm_up()


def test_设置只来自三个变量_钥匙不露面() -> None:
    env = {"EDUREVIEW_LLM_BASE_URL": " http://127.0.0.1:8080/v1 ", "EDUREVIEW_LLM_MODEL": "m", "EDUREVIEW_LLM_API_KEY": "sk-1"}  # fmt: skip
    found = Settings.from_env(env).language_model
    assert found == ModelSettings("http://127.0.0.1:8080/v1", "m", "sk-1")
    assert "sk-1" not in repr(found)
    assert "sk-1" not in repr(Settings.from_env(env))
    for missing in ("EDUREVIEW_LLM_BASE_URL", "EDUREVIEW_LLM_MODEL"):
        assert Settings.from_env({k: v for k, v in env.items() if k != missing}).language_model is None
    assert (found.seconds, Settings.from_env(env | {"EDUREVIEW_LLM_SECONDS": " 900 "}).language_model.seconds) == (
        60,
        900,
    )
    assert LanguageModel(found).seconds == 60
    assert 0 < language_model.SILENT_PART < 1
    for wrong in ("很久", "0", "4", "3601", "nan", "inf", "-1"):
        with pytest.raises(ModelError, match=f"EDUREVIEW_LLM_SECONDS.*{wrong}.*请"):
            Settings.from_env(env | {"EDUREVIEW_LLM_SECONDS": wrong})
        assert Settings.from_env({"EDUREVIEW_LLM_SECONDS": wrong}).language_model is None


def test_等多久由设置决定() -> None:
    with StandIn(lambda request: (Wait(60),)) as server:
        model = LanguageModel(replace(server.settings, seconds=6.0))
        begun = time.monotonic()
        with pytest.raises(ModelError, match="2 秒没有新的回答"):
            list(model.stream("虚构", "虚构"))
        assert 1.9 < time.monotonic() - begun < 20


def test_第二次只有剩下的时间() -> None:
    with StandIn(lambda request: (Wait(60),)) as server:
        model = LanguageModel(server.settings)
        begun = time.monotonic()
        with pytest.raises(ModelError, match="总时间已到"):
            list(model.stream("虚构", "虚构", 0.5))
        assert time.monotonic() - begun < 15
