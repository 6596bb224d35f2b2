"""认出问话里的区县名：看字形，或者是已知的名字。"""

from __future__ import annotations

import pytest

from retrieval.district_names import asks_of_others, district_names


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("鹤汀区普惠率是多少", ["鹤汀区"]),
        ("跟鹤汀比一下", ["鹤汀区"]),
        ("云山鹤汀各多少", ["云山区", "鹤汀区"]),
        ("云山区和鹤汀区谁高", ["云山区", "鹤汀区"]),
        ("没登记过的清河区呢", ["清河区"]),
        ("邻水区和和平区", ["邻水区", "和平区"]),
        ("跟本区比、邻区的", []),
        ("中心城区和居住区", []),
        ("偏远山区的学校", []),
        ("证明区政府研究过教育工作的材料", []),
        ("社区教育学院、学区、校区", []),
        ("先进区、优质均衡区、县域", []),
    ],
)
def test_名字(text: str, names: list[str]) -> None:
    assert district_names(text, ("云山区", "鹤汀区")) == names


@pytest.mark.parametrize(
    ("text", "others"),
    [
        ("各区普惠率比较", True),
        ("别的区呢", True),
        ("我们在全市排第几", True),
        ("各区域的学校", False),
        ("全区普惠率", False),
    ],
)
def test_不点名地问别的区(text: str, others: bool) -> None:
    assert asks_of_others(text) is others
