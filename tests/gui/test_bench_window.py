"""The bench of the window as a command."""

from __future__ import annotations

import pytest

from restorer_app.gui.tour import bench_window


@pytest.mark.parametrize("sizes", ["x", "0", "24,-1", "nan"])
def test_wrong_sizes_are_wrong_usage(sizes: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        bench_window.main(["--sizes", sizes])
    assert ended.value.code == 2
    assert "--sizes" in capsys.readouterr().err
