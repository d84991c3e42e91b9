"""Batches made ahead by other processes, while the network computes."""

from __future__ import annotations

import multiprocessing
import os
import threading
import time
from collections.abc import Iterator
from functools import partial
from typing import Generic, Protocol, TypeVar, cast

import cv2
import torch
from torch.utils.data import DataLoader, Dataset

_EVERY = 2.0
"""Seconds between looks whether the training is still there."""

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)


class Supply(Protocol[T_co]):
    """Batches by number, the same whenever it is asked for."""

    def batch(self, index: int, /) -> T_co: ...


class _Stream(Dataset[T], Generic[T]):
    """Batches from `start` on, as torch's loader wants them."""

    def __init__(self, supply: Supply[T], start: int, count: int) -> None:
        self.supply, self.start, self.count = supply, start, count

    def __len__(self) -> int:
        return self.count

    def __getitem__(self, index: int) -> T:
        return self.supply.batch(self.start + index)


def batches(supply: Supply[T], start: int, workers: int, count: int | None = None) -> Iterator[T]:
    """Batches from number `start` on, `count` of them or without end, made ahead by processes."""
    stream = _Stream(supply, start, 10**9 if count is None else max(count, 1))
    ahead = {"prefetch_factor": 6, "multiprocessing_context": _way()} if workers else {}
    loader = DataLoader(
        stream,
        batch_size=None,
        collate_fn=_same,  # without batches of batches, one item
        num_workers=workers,
        worker_init_fn=partial(_calm_worker, os.getpid()),
        **ahead,  # type: ignore[arg-type]  # two options of different types
    )
    threads = cv2.getNumThreads()
    cv2.setNumThreads(1)  # ends its threads, which do not survive a fork and are waited for there
    made = cast("Iterator[T]", iter(loader))
    cv2.setNumThreads(threads)
    return made


def _same(batch: T) -> T:
    return batch


def _way() -> str:
    """Forked processes share the decoded photos; Windows has none and copies them."""
    return "fork" if "fork" in multiprocessing.get_all_start_methods() else "spawn"


def _calm_worker(parent: int, number: int) -> None:
    """Pairs are made on one thread a worker, so that they do not fight the network for cores."""
    del number
    threading.Thread(target=_end_with, args=(parent,), daemon=True).start()
    cv2.setNumThreads(1)
    torch.set_num_threads(1)


def _end_with(parent: int) -> None:
    """End this process when the training has: one that was killed cannot tell, and the batches that
    nobody takes would be waited for without end."""
    while os.getppid() == parent:
        time.sleep(_EVERY)
    os._exit(1)
