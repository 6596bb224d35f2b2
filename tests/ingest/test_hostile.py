"""Hostile files end within their limits with a reason for people, and nothing is run, fetched or written elsewhere."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from eval_sets.hostile import packages
from eval_sets.hostile.build import CASES, build, expected
from eval_sets.hostile.run import faults, read_case
from ingest import isolate

ROOT = Path(__file__).parents[2]
EXPECTED = expected()
QUICK = [name for name in CASES if not EXPECTED.get(name, {}).get("heavy")]
ESCAPED = (Path("/tmp/逃逸-绝对路径.txt"), Path("/逃逸.txt"))


@pytest.fixture(scope="module")
def watched(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A folder that is home, working folder and parent of everything unpacked; the reading process may write below `scratch` only."""
    isolate.close()
    root = tmp_path_factory.mktemp("watched")
    for name in ("home", "work", "scratch", "files", "unpacked"):
        (root / name).mkdir()
    before = {name: os.environ.get(name) for name in ("HOME", "TMPDIR", "XDG_CONFIG_HOME", "XDG_CACHE_HOME")}
    folder = Path.cwd()
    os.environ.update(HOME=str(root / "home"), TMPDIR=str(root / "scratch"))
    os.environ.pop("XDG_CONFIG_HOME", None)
    os.environ.pop("XDG_CACHE_HOME", None)
    os.chdir(root / "work")
    yield root
    isolate.close()
    os.chdir(folder)
    for name, value in before.items():
        if value is None:
            os.environ.pop(name, None)
        else:
            os.environ[name] = value


def _elsewhere(root: Path) -> list[Path]:
    """Files that nobody was allowed to write."""
    left = [path for name in ("home", "work") for path in (root / name).rglob("*")]
    strayed = [path for path in root.rglob("*逃逸*") if not path.is_relative_to(root / "unpacked")]
    return [*left, *strayed, *(path for path in ESCAPED if path.exists())]


def test_每个文件都写明了预期() -> None:
    assert EXPECTED.keys() == CASES.keys()


@pytest.mark.parametrize("name", QUICK)
def test_有害文件在限额内以中文原因结束(name: str, watched: Path) -> None:
    path = build(watched / "files", [name])[name]
    into = watched / "unpacked" / name
    into.mkdir()
    result = read_case(path, into)
    assert faults(result, EXPECTED[name]) == []
    assert all(member == path or member.resolve().is_relative_to(into) for member in result.members)
    assert not any(part in ("..", "") for label in result.labels for part in label.split("/"))
    assert not any(path.is_symlink() for path in into.rglob("*"))
    assert _elsewhere(watched) == []
    assert "root:" not in "".join(result.words)  # /etc/passwd


def test_预期不符会被发现(watched: Path) -> None:
    path = build(watched / "files", ["需要密码.pdf"])["需要密码.pdf"]
    result = read_case(path, watched / "unpacked")
    for wrong in ({"outcome": "read"}, {"says": "别的话"}, {"findings": ["脚本"]}, {"pages": 1}, {"seconds": 0}):
        assert faults(result, {"outcome": "refused", "seconds": 10, **wrong}) != []


_WATCHER = """
import json, os, sys
events = []
QUIET = ("open", "subprocess.Popen", "os.system", "os.exec", "os.posix_spawn", "os.fork", "os.remove", "os.rename", "os.mkdir", "os.rmdir",
         "os.symlink", "os.link", "os.chmod", "os.truncate", "shutil.rmtree", "shutil.copyfile", "socket.connect", "socket.getaddrinfo",
         "socket.bind", "socket.sendto", "urllib.Request", "ctypes.dlopen", "winreg.SetValue", "webbrowser.open")
def watch(event, arguments):
    if not armed or event not in QUIET:
        return
    if event == "open":
        path, mode, flags = arguments
        writing = (isinstance(mode, str) and set(mode) & set("wax+")) or (isinstance(flags, int) and flags & (os.O_WRONLY | os.O_RDWR | os.O_CREAT))
        if not writing:
            return
    events.append([event, str(arguments[0])[:300]])
armed = False
sys.addaudithook(watch)
from pathlib import Path
from ingest import worker
import importlib
for module in set(worker.MODULES.values()):
    importlib.import_module("ingest.readers." + module)
import ingest.readers.pdf_repair, ingest.readers.pdf_second
worker.limit_memory(2048)
armed = True
for name in sys.argv[1:]:
    path = Path(name)
    try:
        if path.suffix in (".zip", ".eml"):
            list(worker.unpack(path, path.name, Path(os.environ["INTO"])))
        else:
            for item in worker.read(path, path.name):
                pass
    except Exception as exc:
        pass
armed = False
print(json.dumps(events))
"""
# LibreOffice is started for the old formats and to work out formulas without a stored result (see test_hostile_office.py);
# every other case must start nothing.
_STARTS_OFFICE = (".doc", ".rtf", "命令公式.xlsx")
_ALLOWED = {"open", "os.mkdir", "os.rmdir", "os.remove", "shutil.rmtree", "os.rename", "os.chmod", "shutil.copyfile"}


def test_不执行_不联网_不写到别处(watched: Path) -> None:
    names = [name for name in QUICK if not name.endswith(_STARTS_OFFICE)]
    paths = build(watched / "files", names)
    into = watched / "unpacked" / "审计"
    into.mkdir()
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "INTO": str(into)}
    done = subprocess.run(
        [sys.executable, "-c", _WATCHER, *map(str, paths.values())],
        env=environment, capture_output=True, text=True, timeout=300, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-2000:]
    events = json.loads(done.stdout.splitlines()[-1])
    assert [event for event in events if event[0] not in _ALLOWED] == []
    within = (str(watched / "scratch"), str(into))
    assert [event for event in events if not event[1].startswith(within) and not event[1].isdigit()] == []
    assert any(event[0] == "open" for event in events)  # the archives were unpacked, so the watcher does see
    assert _elsewhere(watched) == []


def test_路径花招一个都没有漏(tmp_path: Path) -> None:
    """The file of tricks really holds them: names as they are, not as a careful writer would change them."""
    import zipfile

    packages.zip_paths(tmp_path / "a.zip")
    assert set(packages.TRICKS) <= {info.orig_filename for info in zipfile.ZipFile(tmp_path / "a.zip").infolist()}
