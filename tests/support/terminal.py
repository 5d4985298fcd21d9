"""A program in a terminal of its own, driven by keys."""

import os
import pty
import re
import select
import subprocess
import termios
import time


class Terminal:
    """A program in a terminal of its own, and what it has shown since it was last asked."""

    def __init__(self, *words, cwd, columns=60, rows=24, **variables):
        self.leader, follower = pty.openpty()
        termios.tcsetwinsize(follower, (rows, columns))
        self.process = subprocess.Popen(
            [*map(str, words)], cwd=cwd, stdin=follower, stdout=follower, stderr=follower, start_new_session=True,
            env=os.environ | {"TERM": "xterm-256color"} | variables,
        )  # fmt: skip
        os.close(follower)

    def wait_for(self, pattern, seconds=30.0):
        """What is written until a pattern is there, without colors and the like; where the screen was cleared stands ⌫."""
        raw, until = b"", time.monotonic() + seconds
        while not re.search(pattern, shown := _plain(raw), re.DOTALL):
            if not select.select([self.leader], [], [], max(0.0, until - time.monotonic()))[0]:
                raise TimeoutError(f"{pattern!r} is not shown: {shown}")
            raw += os.read(self.leader, 65536)
        return shown

    def press(self, keys):
        os.write(self.leader, keys.encode())

    def close(self):
        self.press("q")
        self.process.wait(timeout=20)
        os.close(self.leader)


def _plain(raw):
    text = raw.decode(errors="replace").replace("\x1b[2J", "⌫")
    return re.sub(r"\x1b(?:\[[0-9;?]*[a-zA-Z])", "", text).replace("\r", "")
