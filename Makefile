# Everything works in .venv, which `make env` makes from constraints.txt.
PYTHON ?= python3
BIN := .venv/bin
CLASS := class
# Of `make matrix`: constraints, alone, matched, oldest, colab; all of them where none is named.
ROWS :=

.PHONY: env grade test audit matrix bench clean

env: .venv/made

.venv/made: pyproject.toml constraints.txt
	$(PYTHON) -c 'import sys; assert sys.version_info >= (3, 11), "Python 3.11 or newer is needed: make PYTHON=python3.11"'
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[instructor,dev]'
	touch .venv/made

grade: env
	$(BIN)/grader release
	rm -rf $(CLASS)
	$(BIN)/grader simulate $(CLASS) --students 24 --seed 1 --lesson convolution --lesson training
	$(BIN)/grader autograde $(CLASS)/submitted --workers 2

test: env
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/grader release --check
	$(BIN)/python -m pytest -n 2 --dist loadfile --no-loadscope-reorder

audit: env
	$(BIN)/grader audit

# Fresh environments, one after the other, from the built wheel. TMPDIR says where: each takes up to 10 GB while it lasts.
matrix: env
	$(BIN)/python tests/matrix/matrix.py $(ROWS)

bench: env
	$(BIN)/python tests/benchmarks/bench.py
	$(BIN)/python tests/benchmarks/notebook.py
	$(BIN)/python tests/benchmarks/watch.py

clean:
	rm -rf .venv $(CLASS) build dist
