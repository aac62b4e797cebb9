# The front door. `make demo` runs the portal, `make test` checks all of it; both make .venv first.
SHELL := /bin/bash
PYTHON ?= python3
VENV ?= .venv
RUN := $(VENV)/bin/python
INSTALL := $(RUN) -m pip install --quiet --disable-pip-version-check --require-hashes
TEMPLATES := $(wildcard templates)

export PIP_ROOT_USER_ACTION := ignore
export PYTHONUNBUFFERED := 1

.PHONY: help setup test lint format demo clean-demo bench bench-growth faults lighthouse lock

help:
	@echo "make demo        the portal with a synthetic district on http://127.0.0.1:$${PORT:-8000} (Ctrl-C stops it)"
	@echo "make clean-demo  remove the demo's data"
	@echo "make test        lint, then every test"
	@echo "make lint        style, types, import contracts, templates, migrations, production checks"
	@echo "make format      let the formatters have their way"
	@echo "make faults      the long fault runs: kill -9, flushes, restarts"
	@echo "make bench       import and decision times against a plain COPY (FAMILIES=..., JSON=1)"
	@echo "make bench-growth  what a family costs among 0.5, 1 and 5 million (SIZES=..., BASE=...; 31 GB of disk)"
	@echo "make lighthouse  the main pages in Lighthouse, median of five, against their limits (needs node and Chromium)"
	@echo "make lock        compile pyproject.toml into the requirements files"

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| { echo "Python 3.11 or newer is needed; name it with PYTHON=..." >&2; exit 1; }
	@$(PYTHON) -m venv $(VENV) \
		|| { rm -rf $(VENV); echo "No virtual environment: on Debian, apt-get install python3-venv" >&2; exit 1; }

$(VENV)/.run: requirements.txt | $(VENV)/bin/python
	@echo "Installing into $(VENV) ..."
	@$(INSTALL) -r requirements.txt
	@touch $@

$(VENV)/.test: .ci/requirements.txt $(VENV)/.run
	@echo "Installing the test tools into $(VENV) ..."
	@$(INSTALL) -r .ci/requirements.txt
	@touch $@

setup: $(VENV)/.run
	@:

test: lint
	@if ! command -v chromium chromium-browser google-chrome >/dev/null; then \
		printf '\n*** NO CHROMIUM FOUND: THE BROWSER TESTS ARE SKIPPED (apt-get install chromium) ***\n\n'; fi
	$(RUN) -m pytest -n 2
	@command -v chromium chromium-browser google-chrome >/dev/null \
		|| printf '\n*** NO CHROMIUM FOUND: THE BROWSER TESTS WERE SKIPPED ***\n'

lint: $(VENV)/.test
	$(RUN) -m ruff check .
	$(RUN) -m ruff format --check .
	$(RUN) -m mypy
	$(VENV)/bin/lint-imports
	$(if $(TEMPLATES),$(VENV)/bin/djlint --quiet --lint $(TEMPLATES))
	$(RUN) manage.py makemigrations --check --dry-run
	$(RUN) .ci/check_deploy.py

format: $(VENV)/.test
	$(RUN) -m ruff check --fix .
	$(RUN) -m ruff format .
	$(if $(TEMPLATES),-$(VENV)/bin/djlint --quiet --reformat $(TEMPLATES))

demo: setup
	@exec $(RUN) -m bansos.demo

clean-demo: setup
	@$(RUN) -m bansos.demo --clean

bench: setup
	@exec $(RUN) -m bansos.bench

bench-growth: setup
	@exec $(RUN) -m bansos.bench_growth

faults: $(VENV)/.test
	BANSOS_FAULTS=long $(RUN) -m pytest -m faults

# npm writes this file last: an installation that was cut short is not taken for whole.
LIGHTHOUSE := .ci/node_modules/.package-lock.json

$(LIGHTHOUSE): .ci/package-lock.json
	@command -v npm >/dev/null || { echo "Lighthouse needs node 20 or newer with npm: apt-get install npm" >&2; exit 1; }
	@echo "Installing Lighthouse into .ci/node_modules ..."
	@npm ci --prefix .ci --no-audit --no-fund --loglevel=error
	@touch $@

lighthouse: $(VENV)/.test $(LIGHTHOUSE)
	@exec $(RUN) -m tests.lighthouse

# uv reads pyproject.toml and writes hashes for every platform's wheels; no index URL is written.
lock:
	@command -v uv >/dev/null || { echo "make lock needs uv: python3 -m pip install uv" >&2; exit 1; }
	uv pip compile pyproject.toml --python-version 3.11 --generate-hashes --no-emit-index-url --no-header -o requirements.txt
	uv pip compile pyproject.toml --extra test -c requirements.txt --python-version 3.11 --generate-hashes \
		--no-emit-index-url --no-header -o .ci/requirements.txt
