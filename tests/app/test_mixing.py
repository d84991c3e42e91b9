"""How the restoration is mixed with the photo, as it is typed."""

import pytest

from tests.app.conftest import Desk

SHARES = {
    "--strength": "strength",
    "--detail": "detail",
    "--colour": "colour",
    "--grain": "grain",
    "--protect-faces": "faces",
}


def test_every_share_reaches_the_request(desk: Desk) -> None:
    typed = [word for n, option in enumerate(SHARES) for word in (option, f"0.{n + 1}")]
    assert desk.run("restore", desk.photo("a.png"), "-o", desk.folder / "b.png", *typed) == 0
    preset = desk.engines[0].asked[0].preset
    assert [getattr(preset, name) for name in SHARES.values()] == [0.1, 0.2, 0.3, 0.4, 0.5]


def test_sensitivity_reaches_the_request_and_its_recipe(desk: Desk) -> None:
    source, first, second = desk.photo("a.png"), desk.folder / "b.png", desk.folder / "c.png"
    run = ("restore", source, "-o")
    assert desk.run(*run, first, "--preset", "old-photo", "--sensitivity", "0.8") == 0
    assert desk.run(*run, second, "--recipe", first) == 0
    assert [engine.asked[0].preset.sensitivity for engine in desk.engines] == [0.8, 0.8]
    assert desk.run(*run, second, "--sensitivity", "2", "--overwrite") == 2
    assert "--sensitivity: a number from 0 to 1" in desk.err


def test_a_batch_takes_them_too(desk: Desk) -> None:
    desk.photo("in/a.png")
    run = ("batch", desk.folder / "in", "-o", desk.folder / "out")
    assert desk.run(*run, "--grain", "0.25") == 0
    assert desk.engines[0].asked[0].preset.grain == 0.25


def test_what_was_not_typed_stays_as_the_recipe_says(desk: Desk) -> None:
    source, first, second = desk.photo("a.png"), desk.folder / "b.png", desk.folder / "c.png"
    run = ("restore", source, "-o")
    assert desk.run(*run, first, "--preset", "denoise", "--grain", "0.5", "--detail", "0.25") == 0
    assert desk.run(*run, second, "--recipe", first, "--grain", "0") == 0
    preset = desk.engines[1].asked[0].preset
    assert (preset.detail, preset.grain) == (0.25, 0)


@pytest.mark.parametrize("option", SHARES)
def test_what_is_no_share_is_misuse(desk: Desk, option: str) -> None:
    assert desk.run("restore", desk.photo("a.png"), "-o", desk.folder / "b.png", option, "1.1") == 2
    assert f"{option}: a number from 0 to 1, not “1.1”" in desk.err


@pytest.mark.parametrize("command", ["restore", "batch"])
def test_help_names_them_under_their_own_heading(
    command: str, capsys: pytest.CaptureFixture[str]
) -> None:
    from restorer_app.__main__ import main

    assert main([command, "--help"]) == 0
    mixing = capsys.readouterr().out.split("how the restoration is mixed with the photo:")[1]
    assert all(option in mixing for option in SHARES)
