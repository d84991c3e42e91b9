"""The set-up script's own judgement; what it does for real, `.ci/run` shows."""

from __future__ import annotations

import importlib.util
import json
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

PACKAGING = Path(__file__).resolve().parent.parent / "packaging"


def _loaded(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, PACKAGING / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def installation(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> ModuleType:
    module = _loaded("installation")
    (tmp_path / ".venv").mkdir()
    (tmp_path / "pyproject.toml").write_text('[project]\ndependencies = ["numpy", "torch==9.*"]\n')
    for name, path in (("VENV", ""), ("LOG", "setup.log"), ("STAMP", "setup.json")):
        monkeypatch.setattr(module, name, tmp_path / ".venv" / path)
    monkeypatch.setattr(module, "ROOT", tmp_path)
    monkeypatch.setattr(module, "works", lambda _: True)
    monkeypatch.delenv(module.TORCH_INDEX, raising=False)
    return module


def _has(monkeypatch: pytest.MonkeyPatch, module: ModuleType, *programs: str) -> None:
    which = {name: f"/bin/{name}" for name in programs}.get
    monkeypatch.setattr(module.shutil, "which", which)


@pytest.mark.parametrize(
    ("installer", "library", "command"),
    [
        ("apt", "libGL.so.1", "sudo apt install libgl1"),
        ("apt", "libgthread-2.0.so.0", "sudo apt install libglib2.0-0"),
        ("apt", "libodd.so.7", "apt-file search libodd.so.7"),
        ("dnf", "libgomp.so.1", "sudo dnf install libgomp"),
        ("dnf", "libodd.so.7", "sudo dnf install '*/libodd.so.7'"),
        ("brew", "libomp.dylib", "brew install libomp"),
        ("", "libodd.so.7", "libodd.so.7 is missing"),
    ],
)
def test_a_missing_system_library_is_named_with_its_command(
    monkeypatch: pytest.MonkeyPatch,
    installation: ModuleType,
    installer: str,
    library: str,
    command: str,
) -> None:
    _has(monkeypatch, installation, installer)
    said = f"ImportError: {library}: cannot open shared object file: No such file or directory"
    if installer == "brew":
        said = f"ImportError: dlopen(torch.so): Library not loaded: @rpath/{library}"
    assert command in installation.remedy(said)
    assert library in installation.remedy(said)


def test_other_errors_get_no_command(installation: ModuleType) -> None:
    assert installation.remedy("ImportError: cannot import name 'x' from 'libodd.so.1'") == ""


def test_a_finished_set_up_is_not_repeated(
    monkeypatch: pytest.MonkeyPatch, installation: ModuleType
) -> None:
    done: list[tuple[str, ...]] = []
    monkeypatch.setattr(installation, "install", lambda extras: done.append(tuple(extras)))
    monkeypatch.setattr(installation, "verify", lambda extras: None)
    for extras in ((), (), ("dev",), ("bundle",), (), ("dev",), ("bundle",)):
        installation.prepare(extras)
    assert done == [(), ("dev",), ("bundle",)]
    (installation.ROOT / "pyproject.toml").write_text("[project]\n")
    installation.prepare(())
    assert done == [(), ("dev",), ("bundle",), ()]


def test_a_failed_set_up_is_not_taken_for_finished(
    monkeypatch: pytest.MonkeyPatch, installation: ModuleType
) -> None:
    def fails(extras: object) -> None:
        raise installation.Trouble("no")

    monkeypatch.setattr(installation, "install", lambda extras: None)
    monkeypatch.setattr(installation, "verify", fails)
    with pytest.raises(installation.Trouble):
        installation.prepare(())
    assert installation.installed_extras() is None


def test_torch_comes_first_from_the_index_that_was_named(
    monkeypatch: pytest.MonkeyPatch, installation: ModuleType
) -> None:
    ran: list[tuple[str, ...]] = []
    monkeypatch.setattr(installation, "pip_install", lambda *what: ran.append(what))
    monkeypatch.setenv(installation.TORCH_INDEX, "file:///wheels")
    installation.install(("dev",))
    assert ran == [
        ("--index-url", "file:///wheels", "torch==9.*"),
        ("--editable", ".[dev]"),
    ]


def test_a_full_disk_is_said_in_words(installation: ModuleType) -> None:
    said = installation.explained("a\nERROR: [Errno 28] No space left on device\n")
    assert "The disk is full." in said
    assert "setup.log" in said


def test_a_python_without_venv_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch, installation: ModuleType
) -> None:
    monkeypatch.setattr(installation.importlib.util, "find_spec", lambda name: None)
    with pytest.raises(installation.Trouble, match=r"sudo apt install python3\.\d+-venv"):
        installation.create_venv()


def test_an_old_python_says_what_it_needs(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    start = _loaded("start")
    monkeypatch.setattr(start, "suits", lambda version: False)
    assert start.main() == 1
    assert "Restorer needs Python 3.11 to 3." in capsys.readouterr().err


def test_an_old_python_hands_over_to_a_newer_one(monkeypatch: pytest.MonkeyPatch) -> None:
    start = _loaded("start")
    asked: list[list[str]] = []

    def call(command: list[str]) -> int:
        asked.append(command)
        return 7

    monkeypatch.setattr(start.sys, "version_info", (3, 8, 18))
    monkeypatch.setattr(start.sys, "argv", ["start.py", "samples"])
    monkeypatch.setattr(
        start, "version_of", lambda python: (3, 12) if python[-1].endswith("3.12") else ()
    )
    monkeypatch.setattr(start.subprocess, "call", call)
    assert start.main() == 7
    assert asked[0][-1] == "samples"
    assert asked[0][0] in ("python3.12", "py")


def test_stamp_is_plain_json(installation: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(installation, "install", lambda extras: None)
    monkeypatch.setattr(installation, "verify", lambda extras: None)
    installation.prepare(("dev",))
    assert json.loads(installation.STAMP.read_text())["extras"] == ["dev"]
    installation.STAMP.write_text("{")
    assert installation.installed_extras() is None


def test_unknown_words_end_with_usage() -> None:
    command = [sys.executable, str(PACKAGING / "start.py"), "samples", "more"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "takes no further words" in done.stderr
