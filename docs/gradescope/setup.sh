#!/usr/bin/env bash
# Builds the image in which Gradescope grades. The zip file that you upload holds, not in a folder: this file and
# run_autograder beside it, and of the course grader/, solutions/, exercises/, pyproject.toml, README.md and constraints.txt.
#
# In the assignment's settings choose a base image with Python 3.11 or newer, such as Ubuntu 24.04, and give the container at
# least 2 processors and 4 GB: it starts with half a processor and 768 MB, too little for PyTorch.
set -euo pipefail

# The address of PyTorch's index of builds for the CPU, as pytorch.org gives it under "Get Started". Without it the build for
# a GPU is installed, which works, and takes some GB more.
TORCH_CPU_INDEX="${TORCH_CPU_INDEX:-}"
PYTHON="${PYTHON:-python3}"
ROOT="${AUTOGRADER_ROOT:-/autograder}"

apt-get update
apt-get install --yes "$PYTHON" "$PYTHON-venv" libseccomp2
"$PYTHON" -c 'import sys; assert sys.version_info >= (3, 11), "Python 3.11 or newer is needed: choose another base image."'
"$PYTHON" -m venv "$ROOT/venv"
cd "$ROOT/source"
PIP_EXTRA_INDEX_URL="$TORCH_CPU_INDEX" "$ROOT/venv/bin/pip" install -c constraints.txt -e '.[instructor]'

# The secret that students' inputs are drawn from, kept in the image, so that a regrade uses the same inputs. To keep it when
# the image is built anew, put a file `secret` of your own, a line of 64 random characters, into the zip file.
umask 077
mkdir -p "$ROOT/class/.grader"
if [ -f secret ]; then
  mv secret "$ROOT/class/.grader/secret"
else
  "$PYTHON" -c 'import secrets; print(secrets.token_hex(32), end="")' > "$ROOT/class/.grader/secret"
fi
