"""Large photos: the bound that `engine.placement` states, measured in a process."""

import subprocess
import sys
from pathlib import Path

import pytest

_SCRIPT = """
import resource, sys
from pathlib import Path
import numpy as np
from engine import RestoreRequest, Restorer, load_presets, save, SaveOptions
from engine.files import load
from engine.progress import Silent

source, preset = Path(sys.argv[1]), load_presets()["denoise"]
restorer = Restorer(Path(sys.argv[2]))
small = RestoreRequest(source=Path(sys.argv[3]), preset=preset)
restorer.restore(small, Silent())
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
photo, result = restorer.restore(RestoreRequest(source=source, preset=preset), Silent())
save(photo, Path(sys.argv[2]) / "out.jpg", SaveOptions())
print(before, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="peak memory is asked of Unix")
def test_a_large_photo_keeps_to_the_stated_memory(tmp_path: Path) -> None:
    from tests.diffusion.test_restore import _photo

    large, small = _photo(tmp_path, size=(4500, 4000)), tmp_path / "small" / "photo.png"
    small.parent.mkdir()
    small.write_bytes(_photo(small.parent, size=(900, 2000)).read_bytes())
    command = [sys.executable, "-c", _SCRIPT, str(large), str(tmp_path), str(small)]
    said = subprocess.run(command, capture_output=True, text=True, check=True).stdout.split()
    unit = 1024 if sys.platform != "darwin" else 1
    before, after = (int(number) * unit for number in said)
    from engine.placement import MEMORY_PER_PIXEL, MEMORY_PER_TILE

    assert after - before < MEMORY_PER_TILE + MEMORY_PER_PIXEL * 4500 * 4000
