# The portal's everyday commands. Only Python 3.11 or newer and make are needed to begin.
PYTHON ?= python3
VENV_PYTHON = $(if $(IMPACT_VENV),$(IMPACT_VENV),.venv)/bin/python

.DEFAULT_GOAL := help
.PHONY: help run test check fix bench demo-data services services-stop bootstrap bootstrap-test clean

help: ## Say what each command does
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{printf "  make %-14s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

run: ## Run the whole portal on this machine (PORT=8000 by default)
	@$(PYTHON) bin/run

test: ## Run the tests; ARGS="tests/core -k dates" runs some of them
	@$(PYTHON) bin/test $(ARGS)

check: ## Run every check and the tests, as continuous integration does
	@$(PYTHON) bin/check

fix: bootstrap-test ## Mend what the linters can mend
	@"$(VENV_PYTHON)" -m ruff check --fix --exit-zero .
	@"$(VENV_PYTHON)" -m ruff format .
	@"$(VENV_PYTHON)" -m djlint templates --reformat --quiet || "$(VENV_PYTHON)" -m djlint templates --check --quiet

bench: bootstrap-test ## Measure speed against the promised figures
	@$(PYTHON) bin/services run -- "$(VENV_PYTHON)" -m benchmarks $(ARGS)

demo-data: bootstrap ## Load the programme's data (safe to repeat)
	@"$(VENV_PYTHON)" manage.py migrate --verbosity 0
	@"$(VENV_PYTHON)" manage.py load_programme

services: ## Start the tests' PostgreSQL and Redis and leave them up
	@$(PYTHON) bin/services start

services-stop: ## Stop the tests' PostgreSQL and Redis
	@$(PYTHON) bin/services stop

bootstrap: ## Make the Python environment that runs the portal
	@$(PYTHON) bin/bootstrap run

bootstrap-test: ## Make the Python environment that tests it too
	@$(PYTHON) bin/bootstrap test

clean: ## Remove what was made: environment, local database, built files
	@$(PYTHON) bin/services clean
	rm -rf .venv .run node_modules staticfiles .mypy_cache .ruff_cache .pytest_cache .import_linter_cache
