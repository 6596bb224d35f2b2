"""Every error a person can meet is a Chinese sentence that says what to do, without keys or server paths."""

from __future__ import annotations

import re

import pytest

from review import errors
from review.errors import AccessError, ReviewError

EXAMPLES = {
    "UnknownDistrictError": errors.UnknownDistrictError("无此区", 2019, ["云山区"]),
    "BusyError": errors.BusyError(),
    "BackupError": errors.BackupError("虚构.zip", "与清单里的散列不符，文件损坏或被改过"),
    "BenchToolError": errors.BenchToolError("LibreOffice", "请安装 libreoffice-writer"),
    "EvaluationSetError": errors.EvaluationSetError("topics/expected.yaml", "ndcg10 没有写 goal 或 expected"),
    "UnknownItemError": errors.UnknownItemError("B99-1"),
    "UnknownDocumentError": errors.UnknownDocumentError("没有.pdf"),
    "MissingPathError": errors.MissingPathError(["材料"]),
    "BadPassagesFileError": errors.BadPassagesFileError("p.jsonl", 3, "不是一个 JSON 对象"),
    "PortInUseError": errors.PortInUseError(8501),
    "SchoolListError": errors.SchoolListError("名单.csv", ["第 2 行没有“学段”"]),
    "BadPointsError": errors.BadPointsError("B5", "41", "40"),
    "PanelError": errors.PanelError("仲裁决定要写明理由，请补上"),
    "RefusedRecordError": errors.RefusedRecordError("附件 1 没有第“9”条"),
    "SubmittedError": errors.SubmittedError("演示区", 2019, "2019-05-06T10:00:00", "虚构的甲", "材料"),
    "StaleSheetError": errors.StaleSheetError(3, "虚构的乙", "2019-05-06T10:00:00", [("B5", "B5 38", "B5 37")]),
    "NotReadyError": errors.NotReadyError("演示区", 2019, ["没有材料"]),
    "NoCaseError": errors.NoCaseError("演示区", 2019),
    "NotPublishableError": errors.NotPublishableError(2019, ["虚构区"]),
    "UnknownDecisionError": errors.UnknownDecisionError("9"),
    "ModelError": errors.ModelError("连接不上，或中途断开", retryable=True),
    "UnknownConversationError": errors.UnknownConversationError(7),
    "NotAllowedError": errors.NotAllowedError("专家", "作出认定"),
    "OtherDistrictError": errors.OtherDistrictError("山水区", ["云山区"]),
    "NoDistrictChosenError": errors.NoDistrictChosenError(["云山区", "山水区"]),
    "SignInError": errors.SignInError(5, 15),
    "AccountError": errors.AccountError("已有名为“张三”的账号"),
    "PasswordRuleError": errors.PasswordRuleError(["少于 10 个字符"]),
    "AuditBrokenError": errors.AuditBrokenError(["第 3 行的内容与它的散列不符"]),
    "ReplayFailedError": errors.ReplayFailedError([("决定 1", "字节不同")]),
}


def test_每一种错误都有例子() -> None:
    classes = {*ReviewError.__subclasses__(), *AccessError.__subclasses__()} - {AccessError}
    assert {cls.__name__ for cls in classes} == set(EXAMPLES)


@pytest.mark.parametrize("name", sorted(EXAMPLES))
def test_错误是一句中文且说明怎么办(name: str) -> None:
    sentence = str(EXAMPLES[name])
    assert re.search(r"[\u4e00-\u9fff]", sentence)
    assert "请" in sentence
    assert "Error" not in sentence
    assert "/home" not in sentence
