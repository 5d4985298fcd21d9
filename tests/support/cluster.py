"""A Dask cluster on this machine: a scheduler and workers that are processes of their own."""

import json
import os
import signal
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path

DASK = str(Path(sys.executable).with_name("dask"))


class Cluster:
    """A scheduler and its workers, each in a process of its own. `environment` is what workers see besides."""

    def __init__(self, folder):
        self.file = folder / "scheduler.json"
        self.processes = []
        self._begin("scheduler", "--host", "127.0.0.1", "--port", "0", "--no-dashboard", "--scheduler-file", self.file)

    def worker(self, *options, nanny=False, environment=None):
        """Begin one more worker of one thread; with a `nanny` it is begun again each time that it ends."""
        return self._begin(
            "worker", "--scheduler-file", self.file, "--nthreads", "1", "--no-dashboard",
            "--nanny" if nanny else "--no-nanny", "--local-directory", self.file.parent, *options, environment=environment,
        )  # fmt: skip

    def _begin(self, *arguments, environment=None):
        process = subprocess.Popen(
            [DASK, *map(str, arguments)], env=os.environ | (environment or {}), start_new_session=True,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        self.processes.append(process)
        return process

    @property
    def address(self):
        return json.loads(self.file.read_text())["address"]

    def wait(self, workers):
        """Until this many workers are there."""
        from distributed import Client

        with Client(scheduler_file=str(self.file), timeout=60) as client:
            client.wait_for_workers(workers, timeout=60)

    def end(self, process):
        """Kill a process with all that it has begun, and wait until it is gone."""
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


@contextmanager
def cluster(folder, *options, workers=2, nanny=False):
    found = Cluster(folder)
    try:
        for _ in range(workers):
            found.worker(*options, nanny=nanny)
        found.wait(workers)
        yield found
    finally:
        for process in found.processes:
            if process.poll() is None:
                found.end(process)
