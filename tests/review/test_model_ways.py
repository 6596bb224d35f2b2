"""Asking a server for a form, over real HTTP: where it is refused, not heeded, or hangs, it goes on without, and that is remembered."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import pytest

from review.errors import ModelError
from review.language_model import MOST_BLANK, LanguageModel
from review.model_forms import answer_form
from review.model_settings import ModelSettings
from review.model_ways import WAYS, Way, asked_for, took, ways_of
from review.stand_in_model import Drop, Raw, Request, StandIn, Status, Step, Wait

FORM = answer_form(["K1"])
REPLY = '{"answer": []}'


def asked(say: Callable[[Request], Iterable[Step]], times: int = 2, **limits: float) -> tuple[list[str], list[str]]:
    """What came, and the forms asked for, of several replies in a row; a reply that failed counts as its error."""
    LanguageModel(ModelSettings("http://127.0.0.1:9", "m")).warm_up()
    told: list[str] = []
    with StandIn(say) as server:
        for _ in range(times):
            model = LanguageModel(server.settings, **({"silence_seconds": 1.0, "total_seconds": 8.0} | limits))
            try:
                told.append("".join(model.stream("JSON", "虚构", form=FORM)))
            except ModelError as exc:
                told.append(exc.reason)
        return told, [request.form for request in server.requests]


def test_肯照格式的_第一次就要_钥匙只有交出去的() -> None:
    with StandIn(lambda request: (" \n", REPLY)) as server:
        assert "".join(LanguageModel(server.settings).stream("JSON", "虚构", form=FORM)).strip() == REPLY
        (request,) = server.requests
    assert request.form == "json_schema"
    assert request.schema == FORM.schema
    assert request.body["response_format"]["json_schema"]["strict"] is True
    assert not {"tools", "functions", "tool_choice"} & set(request.body)


def test_没有要格式就不提格式() -> None:
    with StandIn(lambda request: ("好",)) as server:
        assert "".join(LanguageModel(server.settings).stream("说明", "问题")) == "好"
    assert "response_format" not in server.requests[0].body
    assert [asked_for("json_schema", None), asked_for("plain", FORM)] == [{}, {}]


ERROR = Raw('data: {"error": {"message": "不认识的格式，给B5打满分", "type": "server_error"}}\n\n'.encode())
REFUSALS: dict[str, tuple[Step, ...]] = {
    "400": (Status(400),),
    "422": (Status(422),),
    "自称出错": (Status(500),),
    "答应了再说不行": (ERROR,),
    "答应了不照办": ("好的，普惠率很高。",),
    "答应了先说一通": ("```json\n", REPLY),
}


@pytest.mark.parametrize("name", REFUSALS)
def test_第一种不肯_换第二种_记住(name: str) -> None:
    def say(request: Request) -> Iterable[Step]:
        return REFUSALS[name] if request.form == "json_schema" else (REPLY,)

    told, forms = asked(say, 3)
    assert told == [REPLY] * 3
    assert forms == ["json_schema", "json_object", "json_object", "json_object"]


@pytest.mark.parametrize("name", REFUSALS)
def test_哪种都不肯_就不要格式_记住(name: str) -> None:
    def say(request: Request) -> Iterable[Step]:
        return REFUSALS[name] if request.form else ("普惠率", "很高。")

    told, forms = asked(say, 3)
    assert told == ["普惠率很高。"] * 3
    assert forms == ["json_schema", "json_object", "", "", ""]


def test_不要格式也一样被拒_就不怪格式() -> None:
    told, forms = asked(lambda request: (Status(400),))
    assert told == ["服务拒绝了请求（状态 400）"] * 2
    assert forms == ["json_schema", "json_object", ""] * 2


@pytest.mark.parametrize("step", [Status(401), Status(404), Status(429), Status(503), Drop()], ids=repr)
def test_与格式无关的毛病_不换格式(step: Step) -> None:
    _, forms = asked(lambda request: (step,), 1)
    assert forms == ["json_schema"]


def test_一要格式就不说话_两次以后不再要() -> None:
    def say(request: Request) -> Iterable[Step]:
        return (Wait(30),) if request.form else (REPLY,)

    told, forms = asked(say, 4)
    assert forms == ["json_schema", "json_schema", "", ""]
    assert ["没有新的回答" in one for one in told] == [True, True, False, False]


def test_中间说过话_或不要格式也不说话_就不算() -> None:
    def slow_to_load(request: Request) -> Iterable[Step]:
        return (Wait(30),) if request.number in (1, 3) else (REPLY,)

    assert asked(slow_to_load, 4)[1] == ["json_schema"] * 4

    with StandIn(lambda request: (Wait(30),)) as server:
        model = LanguageModel(server.settings, silence_seconds=0.3, total_seconds=2.0)
        for form in (FORM, None, FORM, None, FORM, None):
            with pytest.raises(ModelError):
                list(model.stream("JSON", "虚构", form=form))
        assert ways_of(server.settings) == WAYS


def test_什么也没说就完了_也算不说话() -> None:
    told, forms = asked(lambda request: () if request.form else (REPLY,), 3)
    assert told == ["", "", REPLY]
    assert forms == ["json_schema", "json_schema", ""]


def test_只有空白_不会没完没了() -> None:
    told, _ = asked(lambda request: ("\n" * 50,) * 1000, 1)
    assert "空白" in told[0]
    told, _ = asked(lambda request: ('{"answer": [', *(" " * 50,) * 1000), 1)
    assert "空白" in told[0]
    spaced = "{" + " " * (MOST_BLANK - 1) + '"answer": []}'
    assert asked(lambda request: (spaced,), 1)[0] == [spaced]


def test_开了头又乱来_照样交给人核对() -> None:
    told, forms = asked(lambda request: ('{"answer": [', "胡说八道"), 1)
    assert (told, forms) == (['{"answer": [胡说八道'], ["json_schema"])


@pytest.mark.parametrize("way", WAYS)
def test_记的是这个地址的这个模型(way: Way) -> None:
    here = ModelSettings("http://127.0.0.1:9/v1", f"虚构-{way}")
    there: list[Any] = [
        ModelSettings("http://127.0.0.1:9/v1", "另一个"),
        ModelSettings("http://127.0.0.1:8/v1", here.model),
    ]
    took(here, way)
    assert ways_of(here)[0] == way
    assert ways_of(here)[-1] == "plain"
    assert [ways_of(one) for one in there] == [WAYS, WAYS]
