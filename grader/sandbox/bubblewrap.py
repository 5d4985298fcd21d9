"""Outside the sandbox: starts workers, hands them jobs, and ends what takes too long."""

from __future__ import annotations

import contextlib
import json
import os
import select
import signal
import socket
import subprocess
from typing import Any

from grader import wire
from grader.errors import Fault, Killed, SandboxError, Stalled
from grader.judge.result import Isolation
from grader.messages import told
from grader.sandbox import confine, doctor, seccomp
from grader.sandbox.session import START_SECONDS, Session, cause_of
from grader.sandbox.stopwatch import Stopwatch
from grader.worker.clock import Times


class Sandbox:
    """A warm server behind the walls of `confine`; each session is a fork of it. It gets ready while the caller goes on, and
    the first session waits for it.

    Raises:
        SandboxError: the sandbox is not available on this machine; that it does not start, the first session says.
    """

    isolation: Isolation = "sandbox"

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None
        self._latest: _Fork | None = None
        self._ready = self._closed = False
        self._start()

    def _start(self) -> None:
        if lacking := doctor.lacking():
            raise SandboxError(
                told(
                    "The sandbox is not available on this machine. {lacking} `grader doctor` says more. "
                    "--isolation process grades without a sandbox, and every report says so.",
                    lacking=lacking,
                )
            )
        self.control, inside = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        reader, writer = os.pipe()
        with os.fdopen(writer, "wb") as target:
            target.write(seccomp.filter_program())
        self._process = subprocess.Popen(
            confine.command(["-m", "grader.worker.server", str(inside.fileno()), str(reader)]),
            pass_fds=(inside.fileno(), reader), stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE, env={}, cwd="/", process_group=0,
        )  # fmt: skip
        inside.close()
        os.close(reader)
        self._ready = False

    def _wait_until_ready(self) -> None:
        assert self._process is not None
        self.control.settimeout(START_SECONDS)
        try:
            ready = self.control.recv(4096)
        except OSError:  # it took too long, or was closed meanwhile
            ready = b""
        if not ready:
            self._kill()
            said = (self._process.communicate()[1] or b"").decode(errors="replace").strip()[-2000:]
            raise SandboxError(told("The sandbox did not start. It said: {said}", said=said or "–"))
        # Nobody reads the server's errors from here on: a pipe that fills up would stop it.
        if self._process.stderr:
            self._process.stderr.close()
        self.control.settimeout(None)
        self._ready = True

    def session(self) -> Session:
        """A fork of the server, once the one before is gone. A server that has died is replaced first.

        Raises:
            SandboxError: no server comes up, or another thread closes the sandbox meanwhile.
        """
        if self._latest:
            self._latest.wait()
        for further in (True, False):
            if not self._ready and not self._gets_ready(further):
                continue
            ours, theirs = socket.socketpair()
            try:
                socket.send_fds(self.control, [b"J"], [theirs.fileno()])
                self._latest = _Fork(self, ours)
                return self._latest
            except OSError:
                ours.close()
                self.replace()
            finally:
                theirs.close()
        raise SandboxError(told("The sandbox's server does not stay alive on this machine."))

    def _gets_ready(self, further: bool) -> bool:
        """Whether the server comes up; with `further` another one is begun in the place of one that does not."""
        try:
            self._wait_until_ready()
        except SandboxError:
            if not further:
                raise
            self.replace()
        return self._ready

    def replace(self) -> None:
        """Start a new server in the place of this one, unless the sandbox is closed."""
        if self._closed:
            raise SandboxError(told("The sandbox is closed."))
        self._end()
        self._start()

    def memory(self) -> int:
        """The most memory that the server has held, in KiB."""
        assert self._process is not None
        found = 0
        for pid in _family(self._process.pid):
            with contextlib.suppress(FileNotFoundError, ProcessLookupError), open(f"/proc/{pid}/status") as status:
                peak = [line for line in status if line.startswith("VmHWM")]
                found = max([found, *(int(line.split()[1]) for line in peak)])
        return found

    def close(self) -> None:
        """End the server, and start none any more; a thread that waits for it in `session` gets an error."""
        self._closed = True
        self._end()

    def _end(self) -> None:
        if self._process is not None:
            self._kill()
            self._process.wait()
        self.control.close()

    def _kill(self) -> None:
        """Kill the server: its init goes with it, and with that every process inside. While it starts, its parts don't hang
        on each other yet, but they are one group."""
        assert self._process is not None
        if self._process.poll() is None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self._process.pid, signal.SIGKILL)


def _family(pid: int) -> list[int]:
    """A process and what came of it, as far as they are still there."""
    try:
        with open(f"/proc/{pid}/task/{pid}/children") as children:
            return [pid, *(member for child in children.read().split() for member in _family(int(child)))]
    except (FileNotFoundError, ProcessLookupError):
        return []


class _Fork:
    def __init__(self, sandbox: Sandbox, channel: socket.socket) -> None:
        self.sandbox = sandbox
        self.channel = channel
        self.channel.setblocking(False)
        self.ended: Fault | None = None

    def call(self, message: dict[str, Any], seconds: float, patience: float = 0.0) -> tuple[bytes, bytes]:
        watch = Stopwatch(seconds, patience, self.times)
        self._send(memoryview(wire.frame(message)), watch)
        try:
            sizes = wire.lengths(self._receive(wire.HEADER, watch))
        except wire.FrameError:
            raise Fault("flood") from None
        return self._receive(sizes[0], watch), self._receive(sizes[1], watch)

    def _send(self, pending: memoryview, watch: Stopwatch) -> None:
        while pending:
            try:
                self._wait(select.POLLOUT, watch)
                pending = pending[self.channel.send(pending) :]
            except OSError:
                raise self._end() from None

    def _receive(self, size: int, watch: Stopwatch) -> bytes:
        received = bytearray()
        while len(received) < size:
            try:
                try:
                    part = self.channel.recv(min(1 << 20, size - len(received)))
                except BlockingIOError:  # most of a reply is there with its beginning
                    self._wait(select.POLLIN, watch)
                    continue
            except OSError:
                raise self._end() from None
            if not part:
                raise self._end()
            received += part
        return bytes(received)

    def _wait(self, event: int, watch: Stopwatch) -> None:
        """Wait until the channel is ready; raises a Fault where the process has ended or the watch says so."""
        poll = select.poll()
        poll.register(self.channel, event)
        poll.register(self.sandbox.control, select.POLLIN)
        while self.channel.fileno() not in (ready := dict(poll.poll(watch.left() * 1000))):
            if ready:
                raise self._end()

    def times(self) -> Times:
        """What the child has used of a processor since it was forked, and how long it has stood in line for one."""
        try:
            self.sandbox.control.send(b"U")
            report = self._report()
        except OSError:
            return Times(0.0, 0.0)
        return Times(*report) if isinstance(report, list) else Times(0.0, 0.0)

    def _report(self) -> dict[str, Any] | list[float]:
        try:
            said = self.sandbox.control.recv(4096)
        except ConnectionResetError:  # the server died before it had read our last word
            said = b""
        report: dict[str, Any] | list[float] = json.loads(said) if said else {"ended": None}
        if isinstance(report, list):
            return report
        if "refused" in report:
            raise SandboxError(
                told(
                    "Locking down a worker failed ({refused}). `grader doctor` says what is missing.",
                    refused=report["refused"],
                )
            )
        if "ended" in report:
            status = report["ended"]
            # Whether it was killed before `_end` had it killed, a busy machine does not tell. So that counts too.
            by_others = status is None or status == -signal.SIGKILL
            kind = Stalled if report.get("overdue", False) else Killed if by_others else Fault
            self.ended = kind("ended", cause_of(status))
            if not said or report["spent"]:
                self.sandbox.replace()
        return report

    def _end(self) -> Fault:
        """See the job ended, by force where it has not ended by itself; how it did."""
        told = False
        while self.ended is None:
            if not told and not select.select([self.sandbox.control], [], [], 0.2)[0]:
                self._tell_to_end()
                told = True
            self._report()
        return self.ended

    def _tell_to_end(self) -> None:
        with contextlib.suppress(OSError):  # a server that is gone has taken the job with it
            self.sandbox.control.send(b"K")

    def close(self) -> None:
        """Have the child killed. The server cleans up while others judge; the next session waits for it."""
        self.channel.close()
        if self.ended is None:
            self._tell_to_end()

    def wait(self) -> None:
        """Wait until nothing of the job is left."""
        try:
            while self.ended is None:
                self._report()
        except OSError:
            self.ended = Killed("ended", cause_of(None))
            self.sandbox.replace()
