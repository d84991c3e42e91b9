"""What the commands of the trainer say of their options."""

from __future__ import annotations

import re

import pytest

from trainer.cli import main


def _help(command: str, capsys: pytest.CaptureFixture[str]) -> str:
    with pytest.raises(SystemExit):
        main([command, "--help"])
    return re.sub(r"\s+", " ", capsys.readouterr().out)


def test_the_help_tells_what_is_taken_where_an_option_is_left_out(
    capsys: pytest.CaptureFixture[str],
) -> None:
    said = _help("predictor", capsys)
    assert "--steps STEPS (default: 100000)" in said
    assert "(default: runs/lite)" in said
    assert "TOML file of degradations (default: lite.toml)" in said
    assert "--learning-rate LEARNING_RATE (default: 0.0006)" in said
    assert "of the recipe, comma-separated --onto" in said  # has none


def test_a_default_is_told_once_and_only_where_there_is_one(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert "share that each measure keeps; 0.95 --scores" in _help("select", capsys)
    said = _help("evaluate", capsys)
    assert "most photographs; else all --side" in said
    assert "of the crops, in pixels (default: 256)" in said
