"""The command line `edureview`: text for people, `--json` for machines, errors in Chinese on stderr.

Exit codes: 0 done, 1 refused or failed, 2 wrong usage, 3 `ingest` could not read some files. Heavy parts are imported by the
command that needs them, so that a question is answered from a cold process within seconds.
"""

from __future__ import annotations

import gc
import io
import os
import sys
from collections.abc import Sequence
from contextlib import suppress

import click

from ingest.errors import IngestError
from retrieval.errors import RetrievalError
from review.commands.acts import parameter, term
from review.commands.backup import backup, restore
from review.commands.base import State
from review.commands.bench import bench
from review.commands.conversation import ask, conversation
from review.commands.cycle import cycle
from review.commands.decisions import decide, panel, replay, sample
from review.commands.evaluation import evaluate
from review.commands.evidence import documents, facts, ingest, map_passages, rebuild_index, search, text
from review.commands.expected import expected
from review.commands.experts import approve, assign, ranking, result
from review.commands.findings import annex1, confirm
from review.commands.mapping import map_train
from review.commands.material import findings
from review.commands.office import completeness, demo, doctor, draft, feedback
from review.commands.papers import issue, issued, paper, report, wording
from review.commands.people import audit, user
from review.commands.proposals import propose
from review.commands.rectification import rectification
from review.commands.review import review
from review.commands.rules import rank, scheme, score
from review.commands.submission import self_points, submission, template
from review.errors import ReviewError
from review.workspace import Settings
from scoring_rules.errors import ScoringError

GC_THRESHOLD = 50_000

COMMANDS = (
    demo, scheme, score, rank, ingest, documents, text, search, ask, conversation, map_passages, map_train, facts, completeness, review, draft, feedback, paper, report, wording, issue, issued, findings,
    rebuild_index, doctor, sample, panel, annex1, confirm, propose, term, parameter, decide, replay, cycle, expected, template, self_points, submission,
    rectification, assign, result, approve, ranking, user, audit, backup, restore, bench, evaluate,
)  # fmt: skip


@click.group(
    help="教育履职评审助手：检索与建议由程序提出，得分与等级只由规则计算、由人确认。",
    context_settings={"help_option_names": ["-h", "--help"]},
)
@click.option(
    "--as", "name", metavar="NAME",
    help="以这个账号的身份和权限做（不问密码：能读写数据文件夹的人本来就什么都能做；操作记录写明是命令行代办）。",
)  # fmt: skip
@click.pass_context
def edureview(context: click.Context, name: str | None) -> None:
    """The group; the settings come from the environment once."""
    context.obj = State(Settings.from_env(), name)


for command in COMMANDS:
    edureview.add_command(command)


def usage_sentence(error: click.UsageError) -> str:
    """The Chinese sentence for a call that cannot be understood."""
    if isinstance(error, click.NoSuchOption):
        what = f"没有 {error.option_name} 这个选项"
    elif isinstance(error, click.MissingParameter):
        name = (
            error.param.make_metavar(error.ctx)
            if isinstance(error.param, click.Argument) and error.ctx
            else "/".join(error.param.opts if error.param else [])
        )
        what = f"缺少 {name}"
    elif isinstance(error, click.BadParameter):
        name = "/".join(error.param.opts) if error.param else ""
        what = f"{name} 的值不对（{error.message}）"
    elif "No such command" in error.message:
        what = f"没有“{error.message.split(chr(39))[1]}”这个命令"
    else:
        what = f"用法不对（{error.format_message()}）"
    path = error.ctx.command_path if error.ctx else "edureview"
    return f"{what}。请用 {path} --help 查看用法。"


def main(arguments: Sequence[str] | None = None) -> int:
    """Exit code of the command."""
    # Importing the libraries of a search makes hundreds of thousands of objects that stay; looking through them for garbage
    # again and again costs a tenth of the time of a short command.
    gc.set_threshold(GC_THRESHOLD)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8")
    try:
        result = edureview.main(
            args=None if arguments is None else list(arguments), prog_name="edureview", standalone_mode=False
        )
        return result if isinstance(result, int) else 0
    except click.exceptions.NoArgsIsHelpError as error:
        print(error.format_message(), file=sys.stderr)
        return 2
    except click.UsageError as error:
        print(usage_sentence(error), file=sys.stderr)
        return 2
    except (click.Abort, KeyboardInterrupt):
        print("已中断。已经读完的材料都已保存，重新运行同一命令会接着做。", file=sys.stderr)
        return 1
    except (ReviewError, IngestError, RetrievalError, ScoringError) as error:
        print(str(error), file=sys.stderr)
        return 1
    except Exception as error:
        from ingest.faults import fault_of

        fault = fault_of(error)
        if fault is None:
            raise
        print(str(fault), file=sys.stderr)
        return 1


def run() -> None:
    """Entry of the console script.

    Tearing down the libraries of a search takes half a second that a person would wait for, and a command that only read
    has nothing to put in order. One that took files in (it imports ingest.pipeline) ends the long way.
    """
    code = main()
    if "ingest.pipeline" in sys.modules:
        sys.exit(code)
    with suppress(BrokenPipeError):
        sys.stdout.flush()
        sys.stderr.flush()
    os._exit(code)


if __name__ == "__main__":
    run()
