"""What the pages and the command line show a person.

ReviewError
├── UnknownDistrictError      no evidence of that district (or cycle) is stored
├── UnknownItemError          no such item or criterion in the scheme
├── UnknownDocumentError      no stored document answers to that name or hash
├── MissingPathError          a path given on the command line does not exist
├── BadPassagesFileError      a line of a passages file is no passage
├── PortInUseError            another program listens where the app should
├── SchoolListError           a list of schools is refused; `.faults` lists every fault
├── BadPointsError            points outside 0 to the criterion's maximum, or no number
├── PanelError                points given twice, or an arbitration that is not due
├── RefusedRecordError        an act, finding, replacement or confirmation that cannot be recorded
├── SubmittedError           something is to be changed that was handed in and is locked
├── StaleSheetError          somebody else has changed the same self points meanwhile
├── NotReadyError            a submission is asked for and something stands in its way; `.faults` lists it
├── NoCaseError               a decision is asked for and no case is recorded
├── NotPublishableError      a result is to be made public that the city government has not approved
├── UnknownDecisionError      no decision answers to that number, hash or file
├── BusyError                 another program is reading material into this data folder just now
├── BackupError               a backup that cannot be made or restored
├── BenchToolError            measuring needs a program or package that is not installed
├── EvaluationSetError        an evaluation set is unknown or cannot be used
├── ModelError                the office's language model cannot be used; the extractive answer stands
├── UnknownConversationError  no conversation of the acting person has that number
├── AccessError               what the acting person may not do
│   ├── NotAllowedError       his role lacks the right
│   ├── OtherDistrictError    the district is not his, whether anything is stored of it or not
│   ├── NoDistrictChosenError he works for named districts and named none
│   └── SignInError           a sign-in is refused; one sentence for every reason
├── AccountError              an account that cannot be made or changed
├── PasswordRuleError         a password that is too easy to guess; `.faults` lists why
├── AuditBrokenError          the log of acts was tampered with; `.faults` lists where
└── ReplayFailedError         stored decisions that do not compute to the same bytes; `.failures` lists them
"""

from __future__ import annotations

from collections.abc import Sequence


class ReviewError(Exception):
    """Base: `str(exc)` is what the person sees."""


class UnknownDistrictError(ReviewError):
    """No evidence of that district is stored."""

    def __init__(self, district: str, cycle: int | None, known: Sequence[str]) -> None:
        self.district, self.cycle, self.known = district, cycle, tuple(known)
        year = f"{cycle} 年度" if cycle else ""
        there = f"已有材料的区县：{'、'.join(known)}。" if known else "目前还没有任何区县的材料。"
        super().__init__(f"没有“{district}”{year}的材料。{there}请核对区县名称，或先用 edureview ingest 导入。")


class UnknownItemError(ReviewError):
    """No such item or criterion in the scheme."""

    def __init__(self, item: str) -> None:
        self.item = item
        super().__init__(
            f"方案中没有“{item}”这一条。请写成 B5-5 或 B5 这样的编号，可用 edureview scheme 查看全部要点。"
        )


class UnknownDocumentError(ReviewError):
    """No stored document answers to that name or hash."""

    def __init__(self, document: str) -> None:
        self.document = document
        super().__init__(f"没有找到材料“{document}”。请用 edureview documents 查看文件名，或给出 SHA-256 的前几位。")


class MissingPathError(ReviewError):
    """A path given on the command line does not exist."""

    def __init__(self, names: Sequence[str]) -> None:
        self.names = tuple(names)
        super().__init__(f"找不到这些文件或文件夹：{'、'.join(names)}。请检查路径后重试，其余内容尚未导入。")


class BadPassagesFileError(ReviewError):
    """A line of a passages file is no passage."""

    def __init__(self, file: str, line: int, what: str) -> None:
        self.file, self.line = file, line
        super().__init__(f'《{file}》第 {line} 行{what}。请改成每行一个 {{"id": …, "text": …}} 的形式后重试。')


class PortInUseError(ReviewError):
    """Another program listens where the app should."""

    def __init__(self, port: int) -> None:
        self.port = port
        super().__init__(f"端口 {port} 已被占用，程序没有启动。请关闭占用它的程序，或用 --port 换一个端口。")


class SchoolListError(ReviewError):
    """A list of schools is refused; every fault is told."""

    def __init__(self, file: str, faults: Sequence[str]) -> None:
        self.file, self.faults = file, tuple(faults)
        super().__init__(f"学校名单《{file}》有 {len(self.faults)} 处问题，请改正：{'；'.join(self.faults)}。")


class BadPointsError(ReviewError):
    """Points outside 0 to the criterion's maximum, or no number."""

    def __init__(self, criterion: str, points: str, maximum: str) -> None:
        self.criterion, self.points, self.maximum = criterion, points, maximum
        super().__init__(f"{criterion} 的分应为 0 至 {maximum} 的数，实际是“{points}”，请改正。")


class PanelError(ReviewError):
    """Points given twice, or an arbitration that is not due. ``reason`` says in Chinese which and what to do."""

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(f"{reason}。")


class RefusedRecordError(ReviewError):
    """An act, finding, replacement or confirmation that cannot be recorded. ``reason``: a Chinese sentence, what and why."""

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(f"没有登记：{reason.rstrip('。')}。请改正后重试。")


class SubmittedError(ReviewError):
    """Something is to be changed that was handed in and is locked. ``what``: in Chinese; ``at``: ISO time; ``by``: who handed in."""

    def __init__(self, district: str, cycle: int, at: str, by: str, what: str) -> None:
        self.district, self.cycle, self.at, self.by, self.what = district, cycle, at, by, what
        super().__init__(
            f"{district} {cycle} 年度已由{by}于 {at[:16].replace('T', ' ')}（UTC）提交并锁定，{what}没有写入。"
            "确需更改，请市教育督导办登记重新开放（edureview submission reopen）。"
        )


class StaleSheetError(ReviewError):
    """Somebody else has changed the same self points meanwhile. ``both``: (criterion, what stands there now, what was wanted)."""

    def __init__(self, version: int, by: str, at: str, both: Sequence[tuple[str, str, str]]) -> None:
        self.version, self.by, self.at, self.both = version, by, at, tuple(both)
        listed = "；".join(f"{name} 现为（{now}），您要存（{own}）" for name, now, own in self.both)
        told = f"：{listed}" if listed else ""
        super().__init__(
            f"没有保存：您打开之后，{by}于 {at[:16].replace('T', ' ')}（UTC）存了第 {version} 版，改了同样的地方{told}。"
            "对方的内容都在，您这次的一项也没有写入，请重新打开、核对后再保存。"
        )


class NotReadyError(ReviewError):
    """A submission is asked for and something stands in its way. ``faults``: every one of them, in Chinese."""

    def __init__(self, district: str, cycle: int, faults: Sequence[str]) -> None:
        self.district, self.cycle, self.faults = district, cycle, tuple(faults)
        listed = "\n".join(f"  {number}. {fault}" for number, fault in enumerate(self.faults, 1))
        super().__init__(f"{district} {cycle} 年度还不能提交，请先解决这 {len(self.faults)} 项：\n{listed}")


class NoCaseError(ReviewError):
    """A decision is asked for and no case is recorded."""

    def __init__(self, district: str, cycle: int) -> None:
        self.district, self.cycle = district, cycle
        super().__init__(
            f"{district} {cycle} 年度没有案卷，不能认定。未决：自评得分、实地核查、加分、附件 1。请先用 edureview score --record 登记案卷。"
        )


class NotPublishableError(ReviewError):
    """A result is to be made public that the city government has not approved. ``districts``: whose; none = there is nothing."""

    def __init__(self, cycle: int, districts: Sequence[str]) -> None:
        self.cycle, self.districts = cycle, tuple(districts)
        lacking = f"{'、'.join(districts)}的认定决定没有登记市政府审定" if districts else "还没有认定决定"
        super().__init__(
            f"{cycle} 年度的结果还是拟定稿，不能公开：{lacking}。请经市政府审定后用 edureview approve 登记。"
        )


class UnknownDecisionError(ReviewError):
    """No decision answers to that number, hash or file."""

    def __init__(self, name: str) -> None:
        self.name = name
        super().__init__(f"没有找到认定决定“{name}”。请给出编号、SHA-256 的前几位，或导出的 JSON 文件。")


class ReplayFailedError(ReviewError):
    """Stored decisions that do not compute to the same bytes. ``failures``: (which, why)."""

    def __init__(self, failures: Sequence[tuple[str, str]]) -> None:
        self.failures = tuple(failures)
        listed = "\n".join(f"  {which}：{why}" for which, why in self.failures)
        super().__init__(f"{len(self.failures)} 份决定复算不一致，请停止使用并查明原因：\n{listed}")


class BusyError(ReviewError):
    """Another program is reading material into this data folder, and only one may write to its index."""

    def __init__(self) -> None:
        super().__init__("另一个程序正在向这个数据文件夹导入材料，请等它结束（或在那里停止导入）后再试。")


class BenchToolError(ReviewError):
    """Measuring needs a program or package that is not installed, or does not work. ``remedy``: what to do, in Chinese."""

    def __init__(self, tool: str, remedy: str) -> None:
        self.tool, self.remedy = tool, remedy
        super().__init__(f"测量需要 {tool}：{remedy}后再测。")


class EvaluationSetError(ReviewError):
    """An evaluation set is unknown or cannot be used. ``name``: of the set or its file; ``why``: what is wrong."""

    def __init__(self, name: str, why: str) -> None:
        self.name, self.why = name, why
        super().__init__(f"评测集“{name}”不能使用：{why}。请核对名称与文件后再运行 edureview eval。")


class ModelError(ReviewError):
    """The office's language model cannot be used. ``reason``: in Chinese; ``retryable``: it may have been chance."""

    def __init__(self, reason: str, *, retryable: bool) -> None:
        self.reason, self.retryable = reason, retryable
        super().__init__(f"语言模型没有用上：{reason}。请以摘录的原句为准；如常出现，请检查模型服务。")


class UnknownConversationError(ReviewError):
    """No conversation of the acting person has that number: it does not exist, or is somebody else's."""

    def __init__(self, number: int) -> None:
        self.number = number
        super().__init__(f"没有编号为 {number} 的对话。请用 edureview conversation list 查看自己的对话。")


class BackupError(ReviewError):
    """A backup that cannot be made or restored. ``file``: of the backup, or the program; ``why``: in Chinese."""

    def __init__(self, file: str, why: str) -> None:
        self.file, self.why = file, why
        super().__init__(f"“{file}”{why}。请核对后再试。" if "请" not in why else f"“{file}”{why}。")


class AccessError(ReviewError):
    """What the acting person may not do."""


class NotAllowedError(AccessError):
    """The person's role lacks the right. ``what``: the right in Chinese."""

    def __init__(self, role: str, what: str) -> None:
        self.role, self.what = role, what
        super().__init__(f"{role}没有“{what}”的权限。请由有这项权限的人办理，或请管理员调整账号。")


class OtherDistrictError(AccessError):
    """The district is not the person's. Says nothing about whether it has material. ``own``: his districts."""

    def __init__(self, district: str, own: Sequence[str]) -> None:
        self.district, self.own = district, tuple(own)
        mine = "、".join(own) or "（还没有指定）"
        super().__init__(f"“{district}”不在您负责的区县之内。您负责的区县：{mine}。请核对区县名称。")


class NoDistrictChosenError(AccessError):
    """The person works for named districts and named none. ``own``: his districts."""

    def __init__(self, own: Sequence[str]) -> None:
        self.own = tuple(own)
        mine = "、".join(own) or "（还没有指定）"
        super().__init__(f"请先选定一个区县。您负责的区县：{mine}。")


class SignInError(AccessError):
    """A sign-in is refused. The same sentence for a wrong name, a wrong password, a disabled and a locked account."""

    def __init__(self, tries: int, minutes: int) -> None:
        self.tries, self.minutes = tries, minutes
        super().__init__(
            f"没有登录：姓名或密码不对，或账号不能使用。同一姓名连续 {tries} 次不对后 {minutes} 分钟内不能登录。请核对后再试，或请管理员重设密码。"
        )


class AccountError(ReviewError):
    """An account that cannot be made or changed. ``reason``: a Chinese sentence, what and why."""

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(f"账号没有更改：{reason.rstrip('。')}。请改正后重试。")


class PasswordRuleError(ReviewError):
    """A password that is too easy to guess. ``faults``: every rule it breaks, in Chinese."""

    def __init__(self, faults: Sequence[str]) -> None:
        self.faults = tuple(faults)
        super().__init__(f"密码不能用：{'；'.join(faults)}。请换一个，例如几个不相干的词连在一起。")


class AuditBrokenError(ReviewError):
    """The log of acts does not hold together. ``faults``: where and how, in Chinese."""

    def __init__(self, faults: Sequence[str]) -> None:
        self.faults = tuple(faults)
        listed = "\n".join(f"  {fault}" for fault in self.faults)
        super().__init__(f"操作记录被改动过（{len(self.faults)} 处），请保留现状并查明原因：\n{listed}")
