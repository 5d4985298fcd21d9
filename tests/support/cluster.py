"""A Dask cluster on this machine: a scheduler and workers that are processes of their own."""

import json
import os
import select
import signal
import subprocess
import sys
from contextlib import ExitStack, contextmanager
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

    def alive(self, once_ended):
        """The workers that still run once so many have ended. A scheduler knows of an end before the process is gone."""
        workers = self.processes[1:]
        with ExitStack() as opened:
            handles = {os.pidfd_open(worker.pid): worker for worker in workers}
            for handle in handles:
                opened.callback(os.close, handle)
            ended: dict[int, subprocess.Popen[bytes]] = {}
            while len(ended) < once_ended:
                gone, _, _ = select.select(handles.keys() - ended.keys(), [], [], 60)
                assert gone, f"{len(ended)} of the workers have ended"
                ended |= {handle: handles[handle] for handle in gone}
        return [worker for worker in workers if worker not in ended.values()]

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
