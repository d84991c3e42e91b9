"""What a bundle starts: the program, or with `-m MODULE` one of its own modules, as Python would.

The program starts itself anew to train, and its benchmarks do so to measure a fresh start. In a
bundle `sys.executable` is the program, which so takes the words that Python takes elsewhere.
"""

from __future__ import annotations

import multiprocessing
import runpy
import sys

from restorer_app.streams import open_missing_streams

OWN = ("restorer_app", "restorer_app.gui.tour.bench_start", "trainer.bench.watched")
"""Modules that are started by name; no other is, for a bundle is no interpreter."""


def main() -> None:
    """Run what the words of this process ask for, and end with its exit code."""
    open_missing_streams()  # for those processes, too: a program for Windows has no console
    multiprocessing.freeze_support()  # a process of the engine does its work here, and ends
    if sys.argv[1:2] == ["-m"] and set(sys.argv[2:3]) & set(OWN):
        module = sys.argv[2]
        del sys.argv[1:3]
        runpy.run_module(module, run_name="__main__", alter_sys=True)
        return
    # Not above: where only a child's work is done none of it is needed.
    from restorer_app.__main__ import main as run

    sys.exit(run())


if __name__ == "__main__":
    main()
