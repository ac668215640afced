.PHONY: help install sandbox playground test another-day lint format bench soak simulate lock
IS_NEW_ENOUGH := -c 'import sys; sys.exit(sys.version_info < (3, 11))'
PYTHON ?= $(firstword $(foreach name,python3 python3.14 python3.13 python3.12 python3.11,\
  $(shell $(name) $(IS_NEW_ENOUGH) 2>/dev/null && echo $(name))))
BIN := .venv/bin
STAMP := .venv/.installed
WITH_TEAMS := .venv/.installed-teams
DEV := .venv/.installed-dev
PIP := $(BIN)/python -m pip --disable-pip-version-check

help:  ## show this list
	@sed -n 's/^\([a-z-]*\):.*##/\1\t/p' $(MAKEFILE_LIST)

# pip is the last thing that venv makes: where it is missing, .venv is only half there.
$(BIN)/pip:
	@$(or $(PYTHON),false) $(IS_NEW_ENOUGH) || { \
	  echo "Commonplace needs Python 3.11 or newer, and $(or $(PYTHON),python3) is not. Nothing was installed." \
	  "Install one and say which: PYTHON=python3.12 make $(MAKECMDGOALS)"; exit 1; } >&2
	@$(PYTHON) -m venv --clear .venv || { rm -rf .venv; \
	  echo "Python's venv is not complete, so .venv could not be made." \
	  "On Debian and Ubuntu: sudo apt install python3-venv. Then run make $(MAKECMDGOALS) again."; exit 1; } >&2

$(STAMP): requirements.txt pyproject.toml | $(BIN)/pip
	$(PIP) install --quiet --require-hashes --requirement requirements.txt
	$(PIP) install --quiet --no-deps --no-build-isolation --editable .
	touch $@

$(WITH_TEAMS): requirements-teams.txt $(STAMP)
	$(PIP) install --quiet --require-hashes --requirement requirements-teams.txt
	touch $@

$(DEV): requirements-dev.txt $(STAMP)
	$(PIP) install --quiet --require-hashes --requirement requirements-dev.txt
	touch $@

install: $(STAMP) $(if $(TEAMS),$(WITH_TEAMS))  ## make .venv with the locked dependencies and the program; TEAMS=1: for Teams too

sandbox: $(STAMP)  ## try Commonplace in the browser, against its own small Slack
	$(BIN)/commonplace sandbox

playground: $(WITH_TEAMS)  ## try Commonplace for Teams in the browser, against Microsoft's Agents Playground (needs Node 20)
	$(BIN)/python -m tests.playground

test: $(DEV)  ## run every test
	$(BIN)/python -m pytest --numprocesses 3 --dist loadfile

another-day: $(DEV)  ## run every test, or TESTS, a year from now and on the nights when clocks change
	$(BIN)/python -m tests.another_day --numprocesses 3 --dist loadfile $(TESTS)

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
	WEEKS=250 $(BIN)/python -m pytest -q -s tests/core/week/test_timetable.py -k misses_and_doubles_nothing

# With their extras: pip asks for `coverage[toml]` again, and takes a newer one, where only `coverage` is pinned.
lock:  ## pin every dependency again (needs uv)
	uv pip compile pyproject.toml --group build --output-file requirements.txt \
	  --no-strip-extras --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links --no-header --upgrade --quiet
	uv pip compile pyproject.toml --extra teams --constraint requirements.txt --output-file requirements-teams.txt \
	  --no-strip-extras --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links --no-header --quiet
	uv pip compile pyproject.toml --extra teams --group build --group dev --constraint requirements-teams.txt --constraint requirements.txt --output-file requirements-dev.txt \
	  --no-strip-extras --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links --no-header --quiet
