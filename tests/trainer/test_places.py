"""Where a training writes to: told beforehand if that cannot be, and left without half files."""

import errno
from pathlib import Path

import pytest
import torch
from safetensors import SafetensorError

from engine.diffusion import tensor_files
from engine.diffusion.networks import NETWORK_FILE
from engine.diffusion.specialists.finder import reader_file
from engine.diffusion.tensor_files import write_tensors
from engine.errors import CannotSave
from engine.folder_lock import folder_lock
from engine.schedule import Schedule
from engine.trajectory import Trajectory
from tests.trainer.test_recipe import _photos, _recipe
from trainer import json_lines
from trainer.cli import main
from trainer.steps.distil_fit import keep_trajectory

COMMANDS = {
    "enlarger": ["--run", "run"],
    "expert": ["--expert", "none"],
    "light": ["--run", "run", "--task", "dehaze"],
    "repair": ["--run", "run"],
    "texture": ["--run", "run"],
    "drafts": [],
    "latents": ["--model", "none"],
}


def _order(command: str, out: Path) -> list[str]:
    """A training on photos that are not there: whatever it looks for first, it then tells."""
    return [command, "--photos", "none", *COMMANDS[command], "--out", str(out)]


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize("out", ["folder", "file/out.safetensors"])
def test_a_place_that_cannot_be_written_is_told_before_anything_begins(
    command: str,
    out: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "folder").mkdir()
    (tmp_path / "file").touch()
    assert main(_order(command, tmp_path / out)) == 1
    said = capsys.readouterr().err
    assert "cannot be written" in said
    assert "--out" in said
    assert sorted(path.name for path in tmp_path.iterdir()) == ["file", "folder"]


def test_each_file_of_a_repairer_has_its_place(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "old-photo.repair.safetensors"
    reader_file(out).mkdir()
    assert main(_order("repair", out)) == 1
    assert f"{reader_file(out)} cannot be written" in capsys.readouterr().err


def test_the_folder_of_a_model_is_none_if_it_is_a_file(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "lite").touch()
    where = ["--run", str(tmp_path / "run"), "--out", str(tmp_path / "lite")]
    assert main(["predictor", "--photos", str(tmp_path), *where]) == 1
    assert f"{Path('lite') / NETWORK_FILE} cannot be written" in capsys.readouterr().err
    assert not (tmp_path / "run").exists()


def test_a_place_that_can_be_written_is_left_as_it_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    old = tmp_path / "deep" / "old.safetensors"
    old.parent.mkdir()
    old.write_bytes(b"old")
    assert main(_order("enlarger", old)) == 1
    assert "none" in capsys.readouterr().err
    assert old.read_bytes() == b"old"
    assert list(old.parent.iterdir()) == [old]


@pytest.mark.parametrize("command", ["autoencoder", "latents"])
def test_no_command_begins_with_fewer_workers_than_none(
    command: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        main([command, "--workers", "-1"])
    assert ended.value.code == 2
    assert "--workers: it is 0 or more" in capsys.readouterr().err


def test_no_half_file_is_left(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tensors = {"x": torch.zeros(1)}
    folder, old = tmp_path / "folder", tmp_path / "old.safetensors"
    folder.mkdir()
    with pytest.raises(OSError, match="folder"):
        write_tensors(tensors, folder, {})
    write_tensors(tensors, old, {"kind": "old"})
    before = old.read_bytes()

    def full(tensors: object, path: Path, **rest: object) -> None:
        path.write_bytes(b"half")
        raise SafetensorError("No space left on device")

    monkeypatch.setattr(tensor_files, "save_file", full)
    with pytest.raises(SafetensorError):
        write_tensors(tensors, old, {"kind": "new"})
    assert old.read_bytes() == before
    assert sorted(tmp_path.iterdir()) == [folder, old]


def test_a_folder_of_checkpoints_is_looked_at_before_anything_begins(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out, run = tmp_path / "out.safetensors", tmp_path / "run"
    order = ["light", "--photos", "none", "--task", "dehaze", "--out", str(out), "--run", str(run)]
    assert main(order) == 1
    assert "There are no photos" in capsys.readouterr().err
    assert not run.exists()  # nothing came into it
    run.touch()
    assert main(order) == 1
    assert f"{run} cannot be made" in capsys.readouterr().err
    run.unlink()
    run.mkdir()
    with folder_lock(run):
        assert main(order) == 1
    assert f"Another training writes into {run}." in capsys.readouterr().err


def test_a_disk_without_locks_is_trained_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_folder: Path) -> None:
        raise OSError(errno.ENOLCK, "No locks available")

    monkeypatch.setattr(json_lines, "folder_lock", refuse)
    with json_lines.alone(tmp_path):
        (tmp_path / "state").touch()


def test_a_sheet_makes_its_folder(tmp_path: Path) -> None:
    out = tmp_path / "new" / "sheet.png"
    given = ["--photos", str(_photos(tmp_path)), "--recipe", str(_recipe(tmp_path))]
    assert main(["degrade", *given, "--out", str(out)]) == 0
    assert out.is_file()


def test_the_trajectory_of_a_student_is_kept_or_told_in_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    plain = Trajectory(schedule=Schedule(steps=2))
    with pytest.raises(CannotSave, match="cannot be written"):
        keep_trajectory(tmp_path / "file", plain)
