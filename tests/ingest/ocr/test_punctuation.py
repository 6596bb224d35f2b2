"""标点宽窄由占的地方定；标题数字后丢掉的顿号补回来。"""

from __future__ import annotations

import pytest

from ingest.ocr.punctuation import paired, settled


def centres(widths: list[float]) -> list[float]:
    """Middles of characters of these widths set one after the other."""
    places, at = [], 0.0
    for width in widths:
        places.append(at + width / 2)
        at += width
    return places


@pytest.mark.parametrize(
    ("text", "widths", "wanted"),
    [
        ("说明:如下所示", [1, 1, 1, 1, 1, 1, 1], "说明：如下所示"),
        ("说明：如下所示", [1, 1, 0.3, 1, 1, 1, 1], "说明:如下所示"),
        ("共计(万元)整数", [1, 1, 1, 1, 1, 1, 1, 1], "共计（万元）整数"),
        ("比例为1:15左右", [1, 1, 1, 0.5, 0.3, 0.5, 0.5, 1, 1], "比例为1:15左右"),
        ("已经完成,", [1, 1, 1, 1, 1], "已经完成，"),
        ("84,312人", [0.5, 0.5, 0.3, 0.5, 0.5, 0.5, 1], "84,312人"),
    ],
)
def test_宽窄(text: str, widths: list[float], wanted: str) -> None:
    assert settled(text, centres(widths), 1.0) == (wanted, None)


def test_补回标题的顿号() -> None:
    places = centres([1, 1, 1, 1, 1, 1])
    assert settled("一总体情况", [places[0], *places[2:]], 1.0) == ("一、总体情况", 1)
    assert settled("十二总体情况", [0.5, 1.5, 3.5, 4.5, 5.5, 6.5], 1.0) == ("十二、总体情况", 2)


def test_没有空隙不补顿号() -> None:
    assert settled("一切总体情况", centres([1] * 6), 1.0) == ("一切总体情况", None)


@pytest.mark.parametrize(("text", "wanted"), [("（2018年)", "（2018年）"), ("(2018年）", "（2018年）"), ("(a)", "(a)")])
def test_成对的括号同宽(text: str, wanted: str) -> None:
    assert paired(text) == wanted
