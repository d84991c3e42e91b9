"""Batches made ahead by another process."""

import os
import signal
import subprocess
import sys
import time
from contextlib import suppress

import pytest

from trainer.supply import batches

_TRAINING = """
import os, time
from trainer.supply import batches

class Large:
    def batch(self, index):
        return os.getpid(), bytes(1 << 20)  # more than a pipe holds

made = batches(Large(), 0, workers=1)
print(next(made)[0], flush=True)
time.sleep(600)
"""


class _Numbers:
    def batch(self, index: int) -> int:
        return index


@pytest.mark.parametrize("workers", [0, 1])
def test_batches_come_in_order_from_where_a_run_stopped(workers: int) -> None:
    assert list(batches(_Numbers(), 5, workers, count=4)) == [5, 6, 7, 8]


@pytest.mark.skipif(sys.platform == "win32", reason="Windows tells no process its parent's end")
def test_the_process_ends_with_a_training_that_is_killed() -> None:
    with subprocess.Popen([sys.executable, "-c", _TRAINING], stdout=subprocess.PIPE) as training:
        assert training.stdout is not None
        maker = int(training.stdout.readline())
        training.kill()
    try:
        for _ in range(600):
            os.kill(maker, 0)  # raises once it is gone
            time.sleep(0.1)
    except ProcessLookupError:
        return
    with suppress(ProcessLookupError):
        os.kill(maker, signal.SIGKILL)
    pytest.fail("it is still there")
