# The developer's commands. Needs only Python 3.11 or newer and make; `make` lists them.
SHELL := /bin/sh
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help demo test check fix bench docs lock clean

VENV := .venv
BIN := $(VENV)/bin
# validation/ and the like are checked as soon as they are there.
CODE := $(wildcard src tests validation)
# The tool that makes the locks; used in a throw-away environment, so that nobody else needs it.
UV := uv==0.13.9
# `make lock UPGRADE=1` takes the newest versions; without it only what pyproject.toml asks for changes.
COMPILE = build/lock/bin/uv pip compile pyproject.toml --quiet --universal --fork-strategy fewest \
	--python-version 3.11 --generate-hashes --custom-compile-command "make lock" $(if $(UPGRADE),--upgrade)
export PIP_DISABLE_PIP_VERSION_CHECK := 1

help: ## List these commands
	@echo "Hoofbeat: the developer's commands"
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/  make \1|\2/p' $(MAKEFILE_LIST) | while IFS='|' read -r name text; do printf '%-14s %s\n' "$$name" "$$text"; done

demo: $(VENV)/.run-installed ## Rank a published case, then serve a clinic with fictional patients
	@$(BIN)/hoofbeat demo

test: $(VENV)/.dev-installed ## Install the test tools, then run every check and every test
	@bash scripts/system-packages
	@$(MAKE) --no-print-directory check
	@echo "==> Tests, in three processes: one of them often waits for a browser or a server"
	@$(BIN)/pytest -n 3 --dist worksteal tests
	@echo "==> The application's tests once more, on PostgreSQL"
	@bash scripts/with-postgres $(BIN)/pytest -n 3 --dist worksteal tests/web

check: $(VENV)/.dev-installed ## Style, types, direction of imports, dependencies; a minute at most
	@echo "==> Style (ruff)"
	@$(BIN)/ruff check $(CODE)
	@$(BIN)/ruff format --check $(CODE)
	@echo "==> Types (mypy)"
	@$(BIN)/mypy $(CODE)
	@echo "==> Direction of imports (import-linter)"
	@$(BIN)/lint-imports --no-logo
	@echo "==> Dependencies (deptry)"
	@$(BIN)/deptry src

fix: $(VENV)/.dev-installed ## Repair style and formatting where a machine can
	@$(BIN)/ruff check --fix $(CODE)
	@$(BIN)/ruff format $(CODE)

bench: $(VENV)/.dev-installed ## Measure speed and accuracy, with this machine described
	@$(BIN)/python -m validation.bench
	@echo "==> Re-analysis: 10,000 cases, the rate of alerts over a year, killed ten times"
	@for one in speed alerts kills; do $(BIN)/python -m validation.reanalysis $$one --freeze || exit 1; done
	@echo "==> Entering findings"
	@$(BIN)/python -m validation.bench_clinic
	@echo "==> The application: what an answer is made of, fifty people at work for three minutes, killed fifty times"
	@for one in pages load killed; do $(BIN)/python -m validation.clinic_$$one --freeze || exit 1; done
	@echo "==> The same on PostgreSQL"
	@for one in pages load killed; do bash scripts/with-postgres $(BIN)/python -m validation.clinic_$$one --freeze || exit 1; done
	@echo "Now: make docs"

docs: $(VENV)/.dev-installed ## Write the generated pages of docs/reference anew
	@$(BIN)/pytest -q -m generated_docs --write-docs tests

lock: ## Make requirements/*.txt anew from pyproject.toml (UPGRADE=1: newest versions)
	@echo "==> A throw-away environment for $(UV)"
	@python=$$(bash scripts/find-python) && "$$python" -m venv build/lock
	@build/lock/bin/pip install --quiet $(UV)
	@echo "==> requirements/dev.txt"
	@$(COMPILE) --all-extras --output-file requirements/dev.txt
	@echo "==> requirements/run.txt, a part of it with the same versions"
	@$(COMPILE) --extra build --constraints requirements/dev.txt --no-annotate --output-file requirements/run.txt
	@rm -rf build/lock
	@echo "Now: make docs test"

clean: ## Remove the environment, caches and build results (built knowledge stays)
	@rm -rf $(VENV) build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
	@find src tests -name __pycache__ -type d -prune -exec rm -rf {} +

# Stamps: each is newer than what it was installed from, so that a second call does nothing.
$(BIN)/python:
	@python=$$(bash scripts/find-python) && echo "==> Making $(VENV) with $$python" && "$$python" -m venv $(VENV)

$(VENV)/.run-installed: requirements/run.txt pyproject.toml | $(BIN)/python
	@echo "==> Installing the locked packages into $(VENV) (about half a minute the first time)"
	@$(BIN)/python -m pip install --quiet --require-hashes -r requirements/run.txt
	@echo "==> Installing Hoofbeat itself"
	@$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation --no-index -e .
	@touch $@

$(VENV)/.dev-installed: requirements/dev.txt $(VENV)/.run-installed
	@echo "==> Installing the locked test tools into $(VENV) (about a minute the first time)"
	@$(BIN)/python -m pip install --quiet --require-hashes -r requirements/dev.txt
	@touch $@
