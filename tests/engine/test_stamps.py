"""Whether a file is another one since."""

from pathlib import Path

from engine.stamps import Stamp, is_another


def test_a_file_is_another_once_it_was_written_anew(tmp_path: Path) -> None:
    file = tmp_path / "a"
    file.write_bytes(b"1")
    seen = Stamp.of(file)
    assert not is_another(file, seen)
    file.write_bytes(b"22")
    assert is_another(file, seen)


def test_one_that_is_away_or_was_never_seen_is_none_other(tmp_path: Path) -> None:
    file = tmp_path / "a"
    assert Stamp.of(file) is None
    assert Stamp.of(None) is None
    assert not is_another(file, Stamp(1, 1))
    file.write_bytes(b"1")
    assert not is_another(file, None)
