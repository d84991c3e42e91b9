"""Files of pictures on their way, on disks that have no room for them."""

import errno
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from engine.diffusion.picture_files import copy_picture, new_picture
from engine.errors import NoSpace

SHAPE = (700, 900, 3)
BYTES = 2 * 700 * 900 * 3


def refusing(number: int) -> Callable[..., None]:
    """A function of the system that answers with an error."""

    def refuse(*arguments: object) -> None:
        raise OSError(number, os.strerror(number))

    return refuse


def fill(monkeypatch: pytest.MonkeyPatch, free: int) -> None:
    """A file system that reserves nothing, with so many bytes free."""
    monkeypatch.setattr(os, "posix_fallocate", refusing(errno.EOPNOTSUPP), raising=False)
    monkeypatch.setattr(shutil, "disk_usage", lambda folder: SimpleNamespace(free=free))


def test_a_new_picture_is_an_npy_that_can_be_written(tmp_path: Path) -> None:
    place = tmp_path / "a.npy"
    place.write_bytes(b"what was there")
    picture = new_picture(place, SHAPE)
    picture[3:5] = 65535
    assert picture[:3].max() == 0
    picture.flush()
    again = np.load(place)
    assert (again.shape, again.dtype) == (SHAPE, np.uint16)
    assert int(again.astype(np.int64).sum()) == 2 * 900 * 3 * 65535


@pytest.mark.skipif(not hasattr(os, "posix_fallocate"), reason="the system reserves nothing")
def test_its_room_is_taken_before_it_is_written(tmp_path: Path) -> None:
    new_picture(tmp_path / "a.npy", SHAPE)
    assert (tmp_path / "a.npy").stat().st_blocks * 512 >= BYTES


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EDQUOT])
def test_a_full_disk_is_a_sentence_and_leaves_nothing(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, number: int
) -> None:
    monkeypatch.setattr(os, "posix_fallocate", refusing(number), raising=False)
    with pytest.raises(NoSpace, match="no room for the picture") as caught:
        new_picture(tmp_path / "a.npy", SHAPE)
    assert "RESTORER_MODELS" not in caught.value.remedy
    assert list(tmp_path.iterdir()) == []


def test_where_nothing_can_be_reserved_what_is_free_decides(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    fill(monkeypatch, free=BYTES)
    with pytest.raises(NoSpace):
        new_picture(tmp_path / "a.npy", SHAPE)
    fill(monkeypatch, free=BYTES + 1000)
    assert new_picture(tmp_path / "a.npy", SHAPE).shape == SHAPE


def test_other_errors_of_the_disk_stay_what_they_are(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(os, "posix_fallocate", refusing(errno.EIO), raising=False)
    with pytest.raises(OSError, match=os.strerror(errno.EIO)):
        new_picture(tmp_path / "a.npy", SHAPE)
    assert list(tmp_path.iterdir()) == []


def test_a_copy_that_does_not_fit_is_a_sentence_and_leaves_nothing(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "a.npy").write_bytes(bytes(100))

    def half(source: Path, place: Path) -> None:
        place.write_bytes(bytes(50))
        refusing(errno.ENOSPC)()

    monkeypatch.setattr(shutil, "copyfile", half)
    with pytest.raises(NoSpace):
        copy_picture(tmp_path / "a.npy", tmp_path / "b.npy")
    assert [path.name for path in tmp_path.iterdir()] == ["a.npy"]
