# The verbs of the house. `make help` lists them; each sets up what it needs.

SHELL       := bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
MAKEFLAGS   += --no-print-directory

# Compiled files are kept: without them every start would compile all it imports once more.
unexport PYTHONDONTWRITEBYTECODE
# One place for what the application keeps; exported so that every command of a verb agrees on it.
export EVENWICHT_HOME ?= var

PYTHON ?= python3
BIN    := .venv/bin
# Branch coverage of ledger, importers, measures and reports together, in per cent, below which the tests fail.
COVERAGE ?= 95
# Processes the tests run in.
WORKERS  ?= 2
# What `make test` runs: a path, or a path and more pytest options.
TESTS    ?= tests
# CHECK=1 makes `make demo` verify its page instead of leaving it to a reader. SPARK=1 adds pyspark to the set-up.
# Folder of the public data sets, which are not part of the repository.
DATA  ?= $(wildcard ../shared/data)
CHECK ?=
SPARK ?=

.PHONY: help setup browser demo test check fix bench formats parameters docs openapi lock clean

help: ## this list
	@grep -E '^[a-z]+:.*##' $(firstword $(MAKEFILE_LIST)) | sed -E 's/^([a-z]+):[^#]*## /\1\t/' | while IFS=$$'\t' read -r verb what; do printf '  make %-11s %s\n' "$$verb" "$$what"; done

setup: ## the environment in .venv, from the lock (SPARK=1 adds pyspark)
	@command -v $(PYTHON) >/dev/null || { echo "Evenwicht needs Python 3.11, 3.12 or 3.13 as '$(PYTHON)': install it and run this again." >&2; exit 1; }
	@$(PYTHON) tools/setup.py $(if $(SPARK),--spark)

browser:
	@$(PYTHON) tools/browser.py

demo: setup ## a small supplier's two years: here, as var/demo.html, and served until Ctrl-C (CHECK=1 verifies and stops)
	@$(if $(CHECK),$(BIN)/python tools/check_demo.py "$$EVENWICHT_HOME/demo.html",$(BIN)/evenwicht demo --serve)

test: setup browser ## everything: lint, types, import contracts, tests with coverage
	@$(MAKE) check
	@$(BIN)/python -m pytest $(TESTS) -n $(WORKERS) --cov --cov-branch --cov-report=term:skip-covered --cov-fail-under=$(COVERAGE)

check: setup ## the fast part of `make test`: lint, types, import contracts
	@echo "ruff: lint";          $(BIN)/ruff check --quiet
	@echo "mypy: types";         $(BIN)/mypy --no-error-summary
	@echo "import-linter: layers"; said=$$($(BIN)/lint-imports 2>&1) || { echo "$$said"; exit 1; }

fix: setup ## what the linter can mend by itself
	@$(BIN)/ruff check --fix

bench: setup ## how fast and how right, beside the alternatives, into benchmarks/RESULTS.md (ONLY=NAME, LONG=1, DATA=FOLDER)
	@$(PYTHON) tools/peers.py || true
	@if [ -e .venv-peers/.made-from ]; then bin=.venv-peers/bin; else bin=$(BIN); fi; \
	$$bin/python -m benchmarks.peers.everything $(if $(DATA),--data $(DATA)) $(addprefix --only ,$(ONLY)) $(if $(LONG),--long)

formats: setup ## every importer over a folder of real files (FIXTURES=FOLDER): understood, events, MB/s, memory
	@$(BIN)/python -m benchmarks.formats $(FIXTURES) $(if $(INTO),--into $(INTO))

parameters: setup ## learn the shipped parameter set again from the published shapes
	@$(BIN)/python benchmarks/learn_parameters.py $(if $(DATA),--data $(DATA))

docs: setup ## the documentation, in site/
	@NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --strict --quiet
	@echo "site/index.html"

openapi: ## the description of the REST interface (there is none yet)
	@echo "There is no REST interface yet, so there is nothing to describe: this verb writes docs/reference/openapi.json once there is." >&2; exit 1

lock: setup ## resolve the locked versions again
	@$(PYTHON) tools/lock.py

clean: ## remove what was made: environment, caches, site, coverage
	@rm -rf .venv .venv-peers .uv site build dist htmlcov .coverage .coverage.* .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
