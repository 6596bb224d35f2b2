"""Has LibreOffice, when installed, save an old format as a new one: no macros, no network, its own profile, limited time and memory."""

from __future__ import annotations

import contextlib
import ctypes
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ingest.errors import ConversionError, NoOfficeError

SECONDS = 110  # less than the reading process is given until its first page
_MEMORY_MB = 4096  # address space; LibreOffice reserves far more than it uses
_RESTART = 81  # exit code: a fresh profile was laid out, start again
_PLACES = (
    "/Applications/LibreOffice.app/Contents/MacOS/soffice",
    r"C:\Program Files\LibreOffice\program\soffice.exe",
    r"C:\Program Files (x86)\LibreOffice\program\soffice.exe",
)
# No macros, no links that are followed or refreshed on opening, no recovery files.
_SETTINGS = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry" xmlns:xs="http://www.w3.org/2001/XMLSchema">
<item oor:path="/org.openoffice.Office.Common/Security/Scripting"><prop oor:name="MacroSecurityLevel" oor:op="fuse"><value>3</value></prop></item>
<item oor:path="/org.openoffice.Office.Common/Security/Scripting"><prop oor:name="DisableMacrosExecution" oor:op="fuse"><value>true</value></prop></item>
<item oor:path="/org.openoffice.Office.Common/Security/Scripting"><prop oor:name="BlockUntrustedRefererLinks" oor:op="fuse"><value>true</value></prop></item>
<item oor:path="/org.openoffice.Office.Common/Security/Scripting"><prop oor:name="DisableActiveContent" oor:op="fuse"><value>true</value></prop></item>
<item oor:path="/org.openoffice.Office.Writer/Content/Update"><prop oor:name="Link" oor:op="fuse"><value>0</value></prop></item>
<item oor:path="/org.openoffice.Office.Calc/Content/Update"><prop oor:name="Link" oor:op="fuse"><value>2</value></prop></item>
<item oor:path="/org.openoffice.Setup/Office"><prop oor:name="ooSetupInstCompleted" oor:op="fuse"><value>true</value></prop></item>
<item oor:path="/org.openoffice.Office.Recovery/RecoveryInfo"><prop oor:name="Enabled" oor:op="fuse"><value>false</value></prop></item>
</oor:items>
"""


def find_office() -> str | None:
    """The program of LibreOffice, None when it is not installed."""
    for name in ("soffice", "libreoffice", *_PLACES):
        if found := shutil.which(name):
            program = Path(found).resolve()
            # The start script forks; the program itself can be ended together with us.
            binary = program.with_name("soffice.bin")
            return str(binary if sys.platform == "linux" and binary.exists() else program)
    return None


@contextmanager
def converted(path: Path, file: str, suffix: str, target: str, name: str) -> Iterator[Path]:
    """The file saved as `target` ("docx", "xlsx", "pptx"), for as long as the context lasts.

    suffix : of the source's format, by which LibreOffice chooses its import. name : of the format, for people.
    Kept below the data folder when `path` is one of its originals, so that it is converted once.
    Raises NoOfficeError or ConversionError.
    """
    kept = _kept(path, target)
    if kept is not None and kept.exists():
        yield kept
        return
    program = find_office()
    if program is None:
        raise NoOfficeError(file, name)
    with tempfile.TemporaryDirectory(prefix="edureview-office-") as scratch:
        result = _convert(program, path, Path(scratch), suffix, target, file, name)
        if kept is None:
            yield result
            return
        kept.parent.mkdir(exist_ok=True)
        arriving = kept.with_name(f"{kept.name}.{os.getpid()}")
        shutil.copyfile(result, arriving)
        arriving.replace(kept)
    yield kept


def _kept(path: Path, target: str) -> Path | None:
    """Where the conversion of an original is kept: HOME/originals/ab/SHA → HOME/converted/SHA.docx."""
    if len(path.parents) < 3 or path.parents[1].name != "originals" or len(path.name) != 64:
        return None
    return path.parents[2] / "converted" / f"{path.name}.{target}"


def _convert(program: str, path: Path, scratch: Path, suffix: str, target: str, file: str, name: str) -> Path:
    source = scratch / f"source.{suffix}"
    shutil.copyfile(path, source)
    profile = scratch / "profile" / "user"
    profile.mkdir(parents=True)
    (profile / "registrymodifications.xcu").write_text(_SETTINGS, encoding="utf-8")
    output = scratch / "out"
    command = [
        program,
        f"-env:UserInstallation={(scratch / 'profile').as_uri()}",
        "--headless",
        "--invisible",
        "--norestore",
        "--nolockcheck",
        "--nodefault",
        "--convert-to",
        target,
        "--outdir",
        str(output),
        str(source),
    ]
    for _ in range(3):
        if _run(command, scratch, file, name) != _RESTART:
            break
    result = output / f"source.{target}"
    if not result.exists() or result.stat().st_size == 0:
        raise ConversionError(file, name, "LibreOffice 打不开这个文件，可能已损坏或加密")
    return result


def _run(command: list[str], scratch: Path, file: str, name: str) -> int:
    """Runs LibreOffice; its exit code. Raises ConversionError when it takes too long."""
    environment = {key: value for key, value in os.environ.items() if not key.lower().endswith("_proxy")}
    # Where the network cannot be taken away, whatever looks for it finds a closed door.
    closed = "http://127.0.0.1:9"
    environment |= {"http_proxy": closed, "https_proxy": closed, "HOME": str(scratch), "TMPDIR": str(scratch)}
    environment |= {"SAL_USE_VCLPLUGIN": "svp"}
    process = subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        cwd=scratch,
        env=environment,
        start_new_session=sys.platform != "win32",
        preexec_fn=_confine if sys.platform == "linux" else None,
        creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
    )
    try:
        return process.wait(timeout=SECONDS)
    except subprocess.TimeoutExpired as exc:
        raise ConversionError(file, name, f"转换超过 {SECONDS} 秒") from exc
    finally:
        if process.poll() is None:
            if sys.platform != "win32":
                with contextlib.suppress(ProcessLookupError):
                    os.killpg(process.pid, signal.SIGKILL)
            process.kill()
            process.wait()


def _confine() -> None:
    """In the child, before LibreOffice starts: ends with its parent, limited memory and time, no network where the system lets us."""
    import resource

    library = ctypes.CDLL(None, use_errno=True)
    library.prctl(1, signal.SIGKILL)  # PR_SET_PDEATHSIG
    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    wanted = _MEMORY_MB * 1024 * 1024
    resource.setrlimit(resource.RLIMIT_AS, (wanted if hard == resource.RLIM_INFINITY else min(wanted, hard), hard))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS * 2, SECONDS * 2 + 5))
    library.unshare(0x10000000 | 0x40000000)  # CLONE_NEWUSER | CLONE_NEWNET; where refused, the closed proxy has to do
