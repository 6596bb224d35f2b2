"""同音错字：只有整个词同音、只错一字、又只像一个已知的词，才按那个词理解。"""

from __future__ import annotations

import pytest

from retrieval.spelling import Correction, SoundAlikesError, load_sound_alikes, mend, read_sound_alikes

WORDS = ("普惠率", "体质健康", "周转宿舍", "入园率", "升学率")


@pytest.mark.parametrize(
    ("text", "mended"),
    [
        ("普慧率多少", "普惠率多少"),
        ("学生体质建康合格率", "学生体质健康合格率"),
        ("周转宿社建了几套", "周转宿舍建了几套"),
        ("普惠率多少", "普惠率多少"),
        ("毛入学率", "毛入学率"),
        ("上学率", "上学率"),
    ],
)
def test_改与不改(text: str, mended: str) -> None:
    assert mend(text, WORDS)[0] == mended


def test_改了什么要说出来() -> None:
    assert mend("普慧率多少", WORDS)[1] == (Correction("普慧率", "普惠率"),)


def test_像两个词就不改() -> None:
    assert mend("普汇率", ("普惠率", "普会率"))[0] == "普汇率"


def test_数据文件读得进_写错了全部列出() -> None:
    assert "惠" in load_sound_alikes()["慧"]
    with pytest.raises(SoundAlikesError) as caught:
        read_sound_alikes("groups:\n  - 惠\n  - 园园\n")
    assert len(caught.value.faults) == 2
