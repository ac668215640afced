.PHONY: help install sandbox test lint format bench soak simulate lock
PYTHON ?= python3
BIN := .venv/bin
STAMP := .venv/.installed
DEV := .venv/.installed-dev
PIP := $(BIN)/python -m pip --disable-pip-version-check

help:  ## show this list
	@sed -n 's/^\([a-z]*\):.*##/\1\t/p' $(MAKEFILE_LIST)

$(BIN)/python:
	$(PYTHON) -m venv .venv

$(STAMP): requirements.txt pyproject.toml | $(BIN)/python
	$(PIP) install --quiet --require-hashes --requirement requirements.txt
	$(PIP) install --quiet --no-deps --no-build-isolation --editable .
	touch $@

$(DEV): requirements-dev.txt $(STAMP)
	$(PIP) install --quiet --require-hashes --requirement requirements-dev.txt
	touch $@

install: $(STAMP)  ## make .venv with the locked dependencies and the program

sandbox: $(STAMP)  ## try Commonplace in the browser, against its own small Slack
	$(BIN)/commonplace sandbox

test: $(DEV)  ## run every test
	$(BIN)/python -m pytest --numprocesses 3 --dist loadfile

lint: $(DEV)  ## formatting, lint, types, layers
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

format: $(DEV)  ## format the code and mend what can be mended
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

bench: $(DEV)  ## run the benchmarks; prints ratios
	$(BIN)/python -m tests.benchmarks

soak: $(DEV)  ## everything goes wrong at once for SECONDS (300), then compare what is kept
	$(BIN)/python -m tests.soak

simulate: $(DEV)  ## 1,000 channel-weeks of crashes and lost answers: 0 missed, 0 doubled
	WEEKS=250 $(BIN)/python -m pytest -q -s tests/core/test_timetable.py -k misses_and_doubles_nothing

lock:  ## pin every dependency again (needs uv)
	uv pip compile pyproject.toml --group build --output-file requirements.txt \
	  --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links --no-header --upgrade --quiet
	uv pip compile pyproject.toml --group build --group dev --constraint requirements.txt --output-file requirements-dev.txt \
	  --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links --no-header --quiet
