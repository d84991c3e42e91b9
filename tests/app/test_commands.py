from __future__ import annotations

import json
import os
import shlex
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING

import pytest

from restorer_app.__main__ import main
from restorer_app.cli import Program
from restorer_app.console import Console

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tests.app.conftest import Desk

ROOT = Path(__file__).resolve().parents[2]


def test_started_alone_or_with_files_it_opens_the_window(tmp_path: Path) -> None:
    opened: list[list[str]] = []

    def open_window(argv: Sequence[str]) -> int:
        opened.append(list(argv))
        return 7

    program = Program(open_window=open_window)
    photo = tmp_path / "a photo.jpg"
    photo.touch()
    assert program.run([]) == 7
    assert program.run([str(photo), str(tmp_path)]) == 7
    assert opened == [[], [str(photo), str(tmp_path)]]
    assert program.run([str(tmp_path / "nowhere.jpg")]) == 2
    assert len(opened) == 2


@pytest.mark.parametrize(
    ("words", "goes_on"),
    [
        (["train", "adapter"], True),
        (["train", "latents"], False),
        (["train", "drafts"], False),
        (["train", "ranges"], False),
        (["train"], True),
    ],
)
def test_a_training_that_was_cancelled_says_how_it_goes_on(
    words: list[str],
    goes_on: bool,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    def cancelled(*_: object) -> int:
        raise KeyboardInterrupt

    monkeypatch.setattr("trainer.cli.main", cancelled)
    assert main(words) == 130
    said = capsys.readouterr().err
    assert "Cancelled." in said
    assert ("goes on where it stopped" in said) is goes_on


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="Linux has such a device")
@pytest.mark.parametrize("name", ["stdout", "stderr"])
def test_a_full_disk_behind_what_is_printed_ends_no_training(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    done: list[str] = []

    def trained(*_: object) -> int:
        for stream in (sys.stdout, sys.stderr, sys.stdout):
            stream.write("step 1\n")
            stream.flush()
        done.append("all steps")
        return 0

    monkeypatch.setattr("trainer.cli.main", trained)
    with Path("/dev/full").open("w") as full:
        monkeypatch.setattr(sys, name, full)
        assert main(["train", "mean"]) == (1 if name == "stdout" else 0)
    assert done == ["all steps"]


def test_where_qt_cannot_be_loaded_a_sentence_says_so(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(sys.modules, "restorer_app.gui.app", None)
    assert main([]) == 1
    said = capsys.readouterr().err
    assert "The window cannot be opened" in said
    assert "restorer doctor" in said


def test_without_a_display_the_command_line_is_named(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(sys, "platform", "linux")
    assert main([]) == 2
    assert "no display" in capsys.readouterr().err


def test_help_and_version_return_0(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--help"]) == 0
    assert main(["restore", "--help"]) == 0
    assert main(["--version"]) == 0
    assert "restorer " in capsys.readouterr().out


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--strength", "3"], "--strength: a number from 0 to 1, not “3”"),
        (["--strength", "nan"], "--strength: a number from 0 to 1"),
        (["--strength", "much"], "--strength: a number from 0 to 1"),
        (["--seed", "-1"], "--seed: a whole number"),
        (["--seed", "1.5"], "--seed: a whole number"),
        (["--seed", str(2**63)], "--seed: a whole number"),
        (["--scale", "3"], "--scale: invalid choice: 3"),
        (["--device", "tpu"], "--device: invalid choice: 'tpu'"),
        (["--jpeg-quality", "0"], "--jpeg-quality: a whole number from 1 to 100"),
        (["--jpeg-quality", "101"], "--jpeg-quality: a whole number from 1 to 100"),
        (["--preset", "denose"], "--preset: there is no preset “denose”; did you mean “denoise”"),
        (["--preset", "Denoise"], "did you mean “denoise”"),
        (["--preset", "zzzzzz"], "--preset: there is no preset “zzzzzz”; there are auto, "),
        (["--model", "light"], "--model: there is no model “light”; did you mean “lite”?"),
        (["--mask", "nowhere.png"], "--mask: there is no file nowhere.png"),
        (["--adapter", "nowhere.bin"], "--adapter: there is no file "),
        (["--recipe", "nowhere.json"], "--recipe: there is no file nowhere.json"),
        (["--stren", "1"], "unrecognized arguments: --stren"),
        (["--recursive"], "unrecognized arguments: --recursive"),
    ],
)
def test_misuse_names_the_option(desk: Desk, options: list[str], said: str) -> None:
    output = desk.folder / "b.png"
    assert desk.run("restore", desk.photo("a.png"), "-o", output, *options) == 2
    assert said in desk.err
    assert desk.out == ""
    assert not output.exists()
    assert desk.engines == []


@pytest.mark.parametrize(
    "argv", [["restore"], ["restore", "a.png"], ["batch", "x"], ["mend", "a.png"], ["models"]]
)
def test_incomplete_command_is_misuse(desk: Desk, argv: list[str]) -> None:
    assert desk.run(*argv) == 2
    assert "usage: restorer" in desk.err


@pytest.mark.parametrize("name", ["out", "out.gif", "out.xyz"])
def test_output_file_without_a_writable_format_is_misuse(desk: Desk, name: str) -> None:
    assert desk.run("restore", desk.photo("a.png"), "-o", desk.folder / name) == 2
    assert "-o/--output" in desk.err
    assert ".png" in desk.err


def test_several_photos_into_one_file_are_misuse(desk: Desk) -> None:
    photos = [desk.photo("a.png"), desk.photo("b.png")]
    for name in ("new.png", "a.png"):
        assert desk.run("restore", *photos, "-o", desk.folder / name) == 2
        assert "is one file" in desk.err


def test_presets_as_a_table(desk: Desk) -> None:
    assert desk.run("presets") == 0
    lines = desk.out.splitlines()
    assert lines[0].split() == ["PRESET", "TITLE", "SCALE", "WHAT", "IT", "DOES"]
    upscale = next(line for line in lines if line.startswith("upscale"))
    assert upscale.split() == ["upscale", "Upscale", "2x", "For", "upscale."]
    assert any("(experimental) For derain." in line for line in lines)


def test_presets_as_json(desk: Desk) -> None:
    assert desk.run("presets", "--json") == 0
    by_id = {line["id"]: line for line in desk.lines}
    assert by_id["derain"]["note"] == "Leaves streaks."
    assert by_id["upscale"]["scale"] == 2


def test_broken_preset_of_the_user_locks_no_one_out(desk: Desk) -> None:
    (desk.presets / "mine.toml").write_text("id = 3", encoding="utf-8")
    assert desk.run("presets") == 0
    assert "A preset of yours is left out: mine.toml" in desk.err
    assert "upscale" in desk.out


def test_a_sound_preset_of_the_user_can_be_used_beside_a_broken_one(desk: Desk) -> None:
    (desk.presets / "broken.toml").write_text("id = 3", encoding="utf-8")
    text = 'id = "mine"\ntitle = "Mine"\nsummary = "s"\ntask = "denoise"\n'
    (desk.presets / "mine.toml").write_text(text, encoding="utf-8-sig")
    source, output = desk.photo("a.png"), desk.folder / "b.png"
    assert desk.run("restore", source, "-o", output, "--preset", "mine") == 0
    assert desk.engines[0].asked[0].preset.id == "mine"


def test_models_are_listed(desk: Desk) -> None:
    assert desk.run("models", "list") == 0
    assert desk.out.splitlines()[1].split()[:4] == ["lite", "0.0", "MB", "Apache-2.0"]


def test_models_are_verified(desk: Desk) -> None:
    assert desk.run("models", "verify") == 0
    assert desk.out == "lite  intact\nlite-texture  intact\nflux-nano  intact\n"
    (desk.models[0].folder / "weights.safetensors").write_bytes(b"54321")
    assert desk.run("models", "verify") == 1
    assert desk.out.startswith("lite  DAMAGED\n  weights.safetensors was altered")


@pytest.mark.parametrize(
    ("argv", "module", "passed"),
    [
        (["train", "predictor", "--out", "x"], "trainer.cli", ["predictor", "--out", "x"]),
        (["train"], "trainer.cli", []),
        (["bench", "quality", "--data", "x"], "trainer.bench.quality", ["--data", "x"]),
        (["bench", "speed", "--help"], "trainer.bench.speed", ["--help"]),
    ],
)
def test_trainer_gets_the_rest_of_the_line(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, argv: list[str], module: str, passed: list[str]
) -> None:
    seen: list[list[str]] = []

    def record(words: list[str], models: Path | None = None) -> int:
        seen.append(words)
        assert (models is not None) == (argv[0] == "train")
        return 5

    monkeypatch.setitem(sys.modules, module, SimpleNamespace(main=record))
    assert desk.run(*argv) == 5
    assert seen == [passed]


@pytest.mark.parametrize("argv", [["bench"], ["bench", "looks"]])
def test_unknown_bench_is_misuse(desk: Desk, argv: list[str]) -> None:
    assert desk.run(*argv) == 2
    assert "quality, speed, gpu, claims, texture, ui can be measured" in desk.err


def test_interrupted_training_ends_with_130(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(words: list[str], models: Path) -> int:
        raise KeyboardInterrupt

    monkeypatch.setitem(sys.modules, "trainer.cli", SimpleNamespace(main=interrupt))
    assert desk.run("train", "predictor") == 130


def test_program_starts_without_torch() -> None:
    script = (
        "import json, sys, restorer_app, restorer_app.__main__ as program\n"
        "before = sorted({'numpy', 'PIL', 'cv2', 'torch'} & set(sys.modules))\n"
        "import restorer_app.cli, restorer_app.restoring, restorer_app.batch, restorer_app.doctor\n"
        "code = program.main(['presets', '--json', '--nonsense'])\n"
        "after = sorted({'torch'} & set(sys.modules))\n"
        "print(json.dumps([before, code, after]))\n"
    )
    found = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert json.loads(found.stdout) == [[], 2, []]


def test_closed_pipe_ends_quietly() -> None:
    script = (
        "import os, sys\n"
        "from restorer_app.__main__ import main\n"
        "reader, writer = os.pipe()\n"
        "os.close(reader)\n"
        "os.dup2(writer, 1)\n"
        "sys.exit(main(['--version']))\n"
    )
    found = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert (found.returncode, found.stderr) == (1, "")


@pytest.mark.parametrize(
    ("outcome", "said"),
    [("return 130", ""), ("raise KeyboardInterrupt", ""), ("return 1", "torn down\n")],
)
def test_cancelled_process_does_not_wait_for_its_teardown(outcome: str, said: str) -> None:
    script = (
        "import atexit, sys\n"
        "from restorer_app import __main__, cli\n"
        "def run(self, argv):\n"
        f"    {outcome}\n"
        "cli.Program.run = run\n"
        "atexit.register(print, 'torn down')\n"
        "sys.exit(__main__.main())\n"
    )
    found = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert found.returncode == (1 if said else 130)
    assert (found.stdout, found.stderr) == (said, "")


def test_bench_says_what_it_measures(desk: Desk) -> None:
    assert desk.run("bench", "--help") == 0
    assert "restorer bench quality|speed|gpu|claims|texture|ui" in desk.out


@pytest.mark.skipif(sys.platform == "win32", reason="a shell as POSIX has it")
@pytest.mark.parametrize("closed", ["2>&-", ">&- 2>&-", "<&- >&- 2>&-"])
def test_a_program_started_without_streams_lends_their_numbers_to_no_file(
    tmp_path: Path, closed: str
) -> None:
    script = (
        "import os, sys\n"
        "from restorer_app import __main__, cli\n"
        "def run(self, argv):\n"
        "    cli.Console().error('nobody hears it')\n"
        "    cli.Console().line('nor that')\n"
        f"    with open({str(tmp_path / 'picture')!r}, 'wb') as file:\n"
        "        assert file.fileno() > 2\n"
        "        assert all(os.get_inheritable(number) for number in range(3))\n"
        "    return 7\n"
        "cli.Program.run = run\n"
        "sys.exit(__main__.main())\n"
    )
    (tmp_path / "start.py").write_text(script)
    command = f"{shlex.quote(sys.executable)} {shlex.quote(str(tmp_path / 'start.py'))} {closed}"
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    assert subprocess.run(["sh", "-c", command], check=False, env=environment).returncode == 7


def test_a_window_without_a_console_gets_streams(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("stdin", "stdout", "stderr"):
        monkeypatch.setattr(sys, name, None)

    def run(program: Program, argv: Sequence[str]) -> int:
        Console().error("nobody hears it")
        return len(argv)

    monkeypatch.setattr(Program, "run", run)
    assert main(["a", "b"]) == 2
    assert sys.stdin.read() == ""
    for stream in (sys.stdin, sys.stdout, sys.stderr):
        stream.close()
