from __future__ import annotations

import errno
import io
import json
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
from PIL import Image

from engine.errors import MissingWeights, OutOfMemory
from engine.files import load
from engine.photo import floats
from engine.progress import Cancelled
from restorer_app.cli import Program
from tests.app.conftest import contents
from tests.doubles import FakeRestorer
from tests.engine.made_raw import dng

if TYPE_CHECKING:
    from tests.app.conftest import Desk

ROOT = Path(__file__).resolve().parents[2]


def test_one_photo_to_a_file(desk: Desk) -> None:
    source = desk.photo("a.png")
    before = source.read_bytes()
    output = desk.folder / "restored.png"
    assert desk.run("restore", source, "-o", output) == 0
    with Image.open(output) as picture:
        assert picture.size == (24, 16)
    assert source.read_bytes() == before
    assert desk.out == ""
    assert "restored.png" in desk.err


def test_one_photo_into_a_folder_that_ends_in_a_slash(desk: Desk) -> None:
    assert desk.run("restore", desk.photo("a.jpg"), "-o", f"{desk.folder}/new/deep/") == 0
    assert [*contents(desk.folder / "new")] == ["deep/a.jpg"]


def test_one_photo_into_a_folder_that_exists(desk: Desk) -> None:
    (desk.folder / "out").mkdir()
    assert desk.run("restore", desk.photo("a.tif"), "-o", desk.folder / "out") == 0
    assert [*contents(desk.folder / "out")] == ["a.tif"]


def test_several_photos_make_a_folder(desk: Desk) -> None:
    photos = [desk.photo(name) for name in ("a.png", "b.jpg", "c.PNG")]
    assert desk.run("restore", *photos, "-o", desk.folder / "out") == 0
    assert [*contents(desk.folder / "out")] == ["a.png", "b.jpg", "c.PNG"]
    assert "3 photos: 3 done" in desk.err


def test_json_line_holds_exactly_the_contract(desk: Desk) -> None:
    source, output = desk.photo("a.png"), desk.folder / "out.png"
    assert desk.run("restore", source, "-o", output, "--json", "--seed", "7") == 0
    assert desk.lines == [
        {
            "input": str(source),
            "output": str(output),
            "preset": "denoise",
            "model": "lite",
            "seconds": 0.5,
            "megapixels": 0.0,
            "device": "cpu",
            "seed": 7,
            "saw": {"noise": 0.25},
            "warnings": [],
        }
    ]
    assert [*desk.lines[0]] == [
        *("input", "output", "preset", "model", "seconds", "megapixels", "device", "seed"),
        *("saw", "warnings"),
    ]


def test_quiet_says_nothing_and_still_answers(desk: Desk) -> None:
    assert desk.run("restore", desk.photo("a.png"), "-o", desk.folder / "b.png", "--quiet") == 0
    assert (desk.out, desk.err) == ("", "")
    options = ("--quiet", "--json", "--overwrite")
    assert desk.run("restore", desk.photo("a.png"), "-o", desk.folder / "b.png", *options) == 0
    assert len(desk.lines) == 1
    assert desk.err == ""


def test_bad_input_fails_alone(desk: Desk) -> None:
    bad = desk.folder / "b.png"
    bad.write_bytes(b"not a picture")
    photos = [desk.photo("a.png"), bad, desk.folder / "missing.png", desk.photo("c.png")]
    assert desk.run("restore", *photos, "-o", desk.folder / "out", "--json", "--quiet") == 1
    assert [*contents(desk.folder / "out")] == ["a.png", "c.png"]
    failures = {Path(str(line["input"])).name: line for line in desk.lines if "error" in line}
    assert set(failures) == {"b.png", "missing.png"}
    for failure in failures.values():
        assert set(failure) == {"input", "error"}
        assert isinstance(failure["error"], dict)
        assert set(failure["error"]) == {"kind", "message"}
        assert failure["error"]["kind"] == "BadPhoto"
    assert str(bad) in desk.err
    assert "Open the file in another program" in desk.err
    assert "missing.png: There is no file" in desk.err


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (OutOfMemory("Even the smallest tile does not fit."), "OutOfMemory"),
        (MemoryError(), "OutOfMemory"),
    ],
)
def test_engine_error_fails_alone(desk: Desk, error: Exception, kind: str) -> None:
    desk.errors["a.png"] = error
    photos = [desk.photo("a.png"), desk.photo("b.png")]
    assert desk.run("restore", *photos, "-o", desk.folder / "out", "--json") == 1
    assert desk.kinds == [kind, None]
    assert "Close other programs" in desk.err


def test_fault_of_the_program_fails_alone_and_shows_its_trace(
    desk: Desk, caplog: pytest.LogCaptureFixture
) -> None:
    desk.errors["a.png"] = ZeroDivisionError("oops")
    photos = [desk.photo("a.png"), desk.photo("b.png")]
    assert desk.run("restore", *photos, "-o", desk.folder / "out", "--json") == 1
    assert desk.lines[0]["error"] == {
        "kind": "ZeroDivisionError",
        "message": "Something unforeseen went wrong: oops.",
    }
    assert "output" in desk.lines[1]
    assert "Traceback" in caplog.text


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (
            MissingWeights("The weights of “lite” are not here"),
            "The weights of “lite” are not here. Reinstall the program",
        ),
        (
            ImportError("no libtorch.so"),
            "The engine cannot be loaded: no libtorch.so. Reinstall the program",
        ),
        (
            OSError("libgomp.so.1 is missing"),
            "The engine cannot be loaded: libgomp.so.1 is missing. Reinstall the program",
        ),
    ],
)
def test_missing_engine_fails_every_photo_for_its_reason(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, error: Exception, said: str
) -> None:
    def refuse(cache: Path) -> None:
        raise error

    monkeypatch.setattr(desk, "_open", refuse)
    photos = [desk.photo("a.png"), desk.photo("b.png")]
    assert desk.run("restore", *photos, "-o", desk.folder / "out", "--json") == 1
    assert len(desk.lines) == 2
    assert desk.err.count(said) == 2


def test_unusable_cache_fails_every_photo(desk: Desk) -> None:
    cache = desk.folder / "file"
    cache.write_bytes(b"")
    program = Program(
        open_engine=FakeRestorer, preset_folders=(desk.presets,), models=list, cache=cache
    )
    photos = [str(desk.photo("a.png")), str(desk.photo("b.png"))]
    assert program.run(["restore", *photos, "-o", str(desk.folder / "out")]) == 1
    assert desk.capture.readouterr().err.count(f"The folder {cache} cannot be used") == 2


def test_options_reach_the_request(desk: Desk) -> None:
    mask, adapter = desk.photo("mask.png"), desk.folder / "mine.safetensors"
    adapter.write_bytes(b"")
    code = desk.run(
        *("restore", desk.photo("a.png"), "-o", desk.folder / "b.png", "--preset", "upscale"),
        *("--scale", "4", "--strength", "0.25", "--seed", "9", "--device", "cpu"),
        *("--mask", mask, "--adapter", adapter, "--model", "lite"),
    )
    assert code == 0
    (request,) = desk.engines[0].asked
    assert request.preset.id == "upscale"
    assert (request.preset.scale, request.preset.strength) == (4, 0.25)
    assert (request.seed, request.device, request.model) == (9, "cpu", "lite")
    assert (request.mask, request.adapter) == (mask, adapter)


def test_experimental_preset_says_so(desk: Desk) -> None:
    photo, output = desk.photo("a.png"), desk.folder / "b.png"
    assert desk.run("restore", photo, "-o", output, "--preset", "derain", "--json") == 0
    assert desk.lines[0]["warnings"] == ["Derain is experimental: Leaves streaks."]
    assert desk.err.count("Leaves streaks.") == 1


def test_autopilot_tells_its_reasons(desk: Desk) -> None:
    assert desk.run("restore", desk.photo("a.png"), "-o", desk.folder / "b.png") == 0
    assert "It is noisy." in desk.err


def test_saved_picture_replays_itself(desk: Desk) -> None:
    source, first, again = desk.photo("a.png"), desk.folder / "b.png", desk.folder / "c.png"
    assert desk.run("restore", source, "-o", first, "--seed", "3", "--strength", "0.5") == 0
    assert desk.run("restore", source, "-o", again, "--recipe", first) == 0
    assert again.read_bytes() == first.read_bytes()
    assert [engine.asked[0].preset.id for engine in desk.engines] == ["auto", "denoise"]


def test_recipe_file_and_options_beside_it(desk: Desk) -> None:
    from engine.files import recipe_in

    source, first, second = desk.photo("a.png"), desk.folder / "b.png", desk.folder / "c.png"
    assert desk.run("restore", source, "-o", first, "--preset", "upscale", "--seed", "3") == 0
    recipe = desk.folder / "recipe.json"
    recipe.write_text(recipe_in(first) or "", encoding="utf-8")
    assert desk.run("restore", source, "-o", second, "--recipe", recipe, "--seed", "4") == 0
    request = desk.engines[1].asked[0]
    assert (request.preset.id, request.preset.scale, request.seed) == ("upscale", 2, 4)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{", "is not a recipe"),
        ("[]", "holds no entries"),
        ('{"version": 99}', "version 99"),
        (json.dumps({"version": 1, "preset": {}, "model": "lite", "seed": 0}), "not a usable"),
        (json.dumps({"version": 1, "preset": {}, "model": "lite", "seed": 2**63}), "the seed"),
        (json.dumps({"version": 1, "preset": {}, "model": "lite", "seed": -1}), "the seed -1"),
        ("[" * 100_000, "is not a recipe"),
    ],
)
def test_bad_recipe_is_misuse(desk: Desk, text: str, said: str) -> None:
    recipe = desk.folder / "recipe.json"
    recipe.write_text(text, encoding="utf-8")
    code = desk.run("restore", desk.photo("a.png"), "-o", "b.png", "--recipe", recipe)
    assert code == 2
    assert said in desk.err
    assert "recipe.json" in desk.err


def test_picture_without_a_recipe_is_misuse(desk: Desk) -> None:
    photo = desk.photo("a.png")
    assert desk.run("restore", photo, "-o", "b.png", "--recipe", photo) == 2
    assert "carries no recipe" in desk.err
    assert "Give a picture that Restorer saved" in desk.err


def test_recipe_that_names_a_lost_adapter_says_so(desk: Desk) -> None:
    from engine.files import recipe_in

    source, first, adapter = desk.photo("a.png"), desk.folder / "b.png", desk.folder / "a.st"
    adapter.write_bytes(b"x")
    assert desk.run("restore", source, "-o", first, "--adapter", adapter) == 0
    recipe = desk.folder / "recipe.json"
    recipe.write_text(recipe_in(first) or "", encoding="utf-8-sig")
    again = ["restore", source, "-o", desk.folder / "c.png", "--recipe", recipe]
    moved = adapter.rename(desk.folder / "moved.st")
    assert desk.run(*again) == 2
    assert "recipe.json asks for an adapter that is not there" in desk.err
    assert desk.run(*again, "--adapter", moved) == 0


def test_cancel_ends_with_130_and_keeps_what_is_done(desk: Desk) -> None:
    desk.errors["b.png"] = Cancelled()
    photos = [desk.photo(name) for name in ("a.png", "b.png", "c.png")]
    assert desk.run("restore", *photos, "-o", desk.folder / "out") == 130
    assert [*contents(desk.folder / "out")] == ["a.png"]
    assert desk.asked == ["a.png", "b.png"]


def test_jpeg_quality_reaches_the_file(desk: Desk) -> None:
    sizes = []
    for quality in ("20", "95"):
        output = desk.folder / f"{quality}.jpg"
        code = desk.run("restore", desk.photo("a.png"), "-o", output, "--jpeg-quality", quality)
        assert code == 0
        sizes.append(output.stat().st_size)
    assert sizes[0] < sizes[1]


class _FullDisk(io.StringIO):
    def flush(self) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")


def test_an_answer_that_cannot_be_written_stops_no_photo(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    photos = [desk.photo("a.png"), desk.photo("b.png")]
    monkeypatch.setattr("sys.stdout", _FullDisk())
    assert desk.run("restore", *photos, "-o", desk.folder / "out", "--json") == 1
    assert [*contents(desk.folder / "out")] == ["a.png", "b.png"]
    assert desk.err.count("cannot be written: No space left on device.") == 1


def test_what_nobody_can_be_told_stops_no_photo(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    photos = [desk.photo("a.png"), desk.photo("b.png")]
    monkeypatch.setattr("sys.stderr", _FullDisk())
    assert desk.run("restore", *photos, "-o", desk.folder / "out", "--json") == 0
    assert len(desk.lines) == 2


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="Linux has such a device")
@pytest.mark.parametrize(("stream", "code"), [("stdout", 1), ("stderr", 0)])
def test_a_full_disk_behind_a_stream_is_no_fault_of_the_program(stream: str, code: int) -> None:
    command = [sys.executable, "-m", "restorer_app", "presets"]
    streams = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    with Path("/dev/full").open("w") as full:
        ended = subprocess.run(
            command, cwd=ROOT, check=False, text=True, **{**streams, stream: full}
        )
    assert ended.returncode == code
    assert "Traceback" not in (ended.stderr or "")
    assert "Exception" not in (ended.stderr or "")


def test_a_format_is_that_of_all_files_in_a_folder(desk: Desk) -> None:
    desk.photo("a.png")
    desk.photo("b.jpg")
    inputs = (desk.folder / "a.png", desk.folder / "b.jpg")
    assert desk.run("restore", *inputs, "-o", f"{desk.folder}/out/", "--format", "tiff") == 0
    assert sorted(path.name for path in (desk.folder / "out").iterdir()) == ["a.tif", "b.tif"]
    assert desk.run("restore", inputs[0], "-o", desk.folder / "c.png", "--format", "tiff") == 2
    assert "whose name says its format" in desk.err


def test_raw_files_alone_become_dngs(desk: Desk) -> None:
    photos = desk.folder / "photos"
    desk.photo("photos/a.jpg")
    (photos / "b.dng").write_bytes(dng(floats(np.full((96, 128, 3), 0.3))))
    out = desk.folder / "out"
    assert desk.run("batch", photos, "-o", out, "--format", "dng") == 0
    assert {path.suffix for path in out.iterdir() if path.name[0] in "ab"} == {".jpg", ".dng"}
    assert load(out / "b.dng").tone is not None
    # another format is another batch
    assert desk.run("batch", photos, "-o", out, "--format", "png", "--resume") == 0
    assert {path.name for path in out.iterdir()} >= {"a.png", "b.png"}
