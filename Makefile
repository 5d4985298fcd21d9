# Everything works in .venv, which `make env` makes from constraints.txt.
PYTHON ?= python3
BIN := .venv/bin
CLASS := class
# Of `make matrix`: constraints, alone, matched, oldest, colab; all of them where none is named.
ROWS :=

.PHONY: env lint docs quick grade test slow audit matrix naming faultline bench scale clean

env: .venv/made

.venv/made: pyproject.toml constraints.txt
	$(PYTHON) -c 'import sys; assert sys.version_info >= (3, 11), "Python 3.11 or newer is needed: make PYTHON=python3.11"'
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[instructor,cluster,postgres,dev]'
	touch .venv/made

grade: env
	$(BIN)/grader release
	rm -rf $(CLASS)
	$(BIN)/grader simulate $(CLASS) --students 24 --seed 1 --lesson convolution --lesson training
	$(BIN)/grader autograde $(CLASS)/submitted

lint: env
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy

# The site, in build/docs/. A warning is an error, and a link that leads nowhere is a warning.
docs: env
	mkdir -p build
	$(BIN)/typer grader.cli utils docs --name grader --output build/commands.md
	$(BIN)/sphinx-build -W --keep-going -q -b html docs build/docs

# What takes no sandbox and no class: under a minute.
quick: env
	$(BIN)/python -m pytest -n 2 --dist loadfile tests/unit -m "not slow"

test: lint docs
	$(BIN)/grader release --check
	$(BIN)/python -m pytest -n 2 --dist loadfile --no-loadscope-reorder -m "not slow"

# The tests that take long: attacks, faults, browsers, whole classes, packages, every right answer. CI runs them as well.
slow: env
	$(BIN)/python -m pytest -n 3 --dist loadfile --no-loadscope-reorder -m slow

audit: env
	$(BIN)/grader audit

# Fresh environments, one after the other, from the built wheel. TMPDIR says where: each takes up to 10 GB while it lasts.
matrix: env
	$(BIN)/python tests/matrix/matrix.py $(ROWS)

# How many wrong answers are told their mistake, and how many something false: a table as in docs/naming.md.
naming: env
	$(BIN)/python tests/benchmarks/naming.py

# How fast a class is graded: docs/speed.md. On a machine with nothing else to do, it takes an hour.
bench: env
	$(BIN)/python tests/benchmarks/bench.py --page --json build/bench.json
	$(BIN)/python tests/benchmarks/notebook.py
	$(BIN)/python tests/benchmarks/watch.py

# The figures of docs/scale.md, from this machine. On one with nothing else to do, it takes about five minutes.
scale: env
	$(BIN)/python tests/benchmarks/bench.py --only one --repeats 1 --json build/bench.json
	$(BIN)/python tests/benchmarks/scale.py build/bench.json

# How often the line at fault is found: docs/line-at-fault.md. It takes half an hour.
faultline: env
	$(BIN)/python tests/benchmarks/faultline.py

clean:
	rm -rf .venv $(CLASS) build dist
