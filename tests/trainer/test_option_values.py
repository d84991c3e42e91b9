"""What the commands refuse before anything begins."""

from __future__ import annotations

from pathlib import Path

import pytest

from trainer.cli import main


@pytest.mark.parametrize("command", ["predictor", "enlarger", "light", "repair", "texture"])
def test_weights_to_start_from_that_are_not_there_are_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], command: str
) -> None:
    missing = tmp_path / "none.safetensors"
    words = [command, "--photos", str(tmp_path), "--start", str(missing), "--out", "x"]
    with pytest.raises(SystemExit) as ended:
        main(words)
    assert ended.value.code == 2
    said = capsys.readouterr().err
    assert "argument --start" in said
    assert "none.safetensors" in said
    assert list(tmp_path.iterdir()) == []
