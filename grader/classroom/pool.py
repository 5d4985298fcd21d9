"""The workers of one run over a class: one a thread, and beside a cluster one for all of them."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from threading import Lock, local
from typing import TYPE_CHECKING

from grader.files.submission import Submission
from grader.judge.observation import Run
from grader.sandbox.run import Phase, run
from grader.sandbox.session import Session, Worker

if TYPE_CHECKING:
    from grader.sandbox.cluster import Cluster

WORKERS_AT_MOST, WORTH_A_WORKER = 8, 12
"""Workers that are begun unless somebody asks for a number, and the hand-ins that take as long as the start of one."""


def fitting(hand_ins: int) -> int:
    """How many workers suit so many hand-ins on this machine."""
    processors = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return min(processors, WORKERS_AT_MOST, 1 + hand_ins // WORTH_A_WORKER)


class _Stopped(Exception):
    """The run was interrupted, and nothing is begun any more."""


class _Stoppable:
    """A worker that another thread can have end what it runs, and begin nothing more."""

    def __init__(self, worker: Worker) -> None:
        self.isolation = worker.isolation
        self.close = worker.close
        self._worker = worker
        self._latest: Session | None = None
        self._stopped = False

    def session(self) -> Session:
        if self._stopped:
            raise _Stopped
        self._latest = self._worker.session()
        return self._latest

    def stop(self) -> None:
        self._stopped = True
        (self._latest or self._worker).close()  # one that still starts is not waited for


class Pool:
    """Runs hand-ins and the lessons' own code. To be closed.

    Args:
        cluster: where hand-ins are run. The lesson's own code, and what a machine was lost over, is run here all the same.
    """

    def __init__(self, start_worker: Callable[[], Worker], cluster: Cluster | None = None) -> None:
        self._start_worker, self._cluster = start_worker, cluster
        self._in_turn = Lock()
        self._mine = local()
        self._workers: list[_Stoppable] = []
        self._idle: deque[_Stoppable] = deque()

    def begin(self, workers: int) -> None:
        """Start what will be needed: workers import torch while something else is done."""
        self._idle += [self._started() for _ in range(1 if self._cluster else workers)]

    @contextmanager
    def here(self) -> Iterator[Worker]:
        """A worker on this machine: each thread's own, but beside a cluster one for all of them in turn."""
        if self._cluster is None:
            yield self.worker()
        else:
            with self._in_turn:
                if not self._workers:
                    self._started()
                yield self._workers[0]

    def run(self, handed_in: Submission, staged: list[Phase], exercises: list[str], seed: str) -> Run:
        """Run a hand-in where hand-ins are run; at home, where a machine of the cluster was lost over it."""
        if self._cluster:
            from grader.sandbox.cluster import Lost

            with suppress(Lost):
                return self._cluster.run(handed_in, staged, exercises, seed)
        with self.here() as worker:
            return run(worker, handed_in, staged, exercises, seed)

    def worker(self) -> Worker:
        """This thread's worker: one that waits for work, or a new one."""
        if not hasattr(self._mine, "worker"):
            self._mine.worker = self._idle.popleft() if self._idle else self._started()
        worker: Worker = self._mine.worker
        return worker

    def _started(self) -> _Stoppable:
        self._workers.append(_Stoppable(self._start_worker()))
        return self._workers[-1]

    def stop(self) -> None:
        if self._cluster:
            self._cluster.stop()
        for worker in self._workers:
            worker.stop()

    def close(self) -> None:
        """End the workers."""
        for worker in self._workers:
            worker.close()
