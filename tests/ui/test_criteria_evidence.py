"""评价要点页：每个要点写明查了多少份、各是什么，每份写明理由；判断只是建议。"""

from __future__ import annotations

import re
from html import unescape

import pytest
from streamlit.testing.v1 import AppTest

from review.review_pass import review_district
from review.workspace import Workspace


@pytest.mark.model
def test_每个要点写明覆盖和每份材料的理由(demo_app: AppTest, demo: Workspace) -> None:
    app = demo_app.switch_page("ui/views/criteria.py").run()
    app = app.selectbox(key="criterion").set_value("B10").run()
    assert not app.exception
    said = "\n".join(re.sub(r"<[^>]+>", "", unescape(element.proto.body)) for element in app.get("html"))
    for one in review_district(demo, "云山区", 2019, ["B10-1", "B10-2"]).items:
        assert one.sentence in said
    labels = [element.label for element in app.expander]
    assert any("相反" in label for label in labels if label.startswith("佐证材料"))
    assert "91.7%" in said, "两份材料的数不一致，理由写出两个数"
    assert "83.3%" in said
    assert "判断均为建议，由人确认" in said


@pytest.mark.model
def test_没有材料的要点说明查过多少份(demo_app: AppTest) -> None:
    app = demo_app.switch_page("ui/views/criteria.py").run()
    app = app.selectbox(key="criterion").set_value("B7").run()
    assert not app.exception
    said = "\n".join(re.sub(r"<[^>]+>", "", unescape(element.proto.body)) for element in app.get("html"))
    assert "没有涉及 58 份" in said
    assert "查过的材料里没有找到与本要点对应的内容" in said
