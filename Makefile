# Each verb makes what it needs first, from nothing; repeated calls are quick.
.DEFAULT_GOAL := help
.PHONY: help setup services new dev-template test test-quick torture benchmark benchmark-task-api \
	benchmark-ecommerce-api benchmark-check lint format lock versions clean

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

help: ## list the verbs
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' $(MAKEFILE_LIST) | while IFS="$$(printf '\t')" \
		read -r verb words; do printf '  make %-24s %s\n' "$$verb" "$$words"; done

setup: $(VENV)/.installed ## make .venv with the locked requirements and the package

new: setup ## generate a project: PROJECT=task-api DEST=/tmp/task-api [ARGS="--start complete"]
	@: "$${PROJECT:?say which, as in: make new PROJECT=task-api DEST=/tmp/task-api}" \
		"$${DEST:?say where, as in: make new PROJECT=task-api DEST=/tmp/task-api}"
	@$(BIN)/scaffolder new "$$PROJECT" "$$DEST" --defaults $(ARGS)

dev-template: setup ## render a template again on each change: TEMPLATE=task-api [DEST=folder]
	@: "$${TEMPLATE:?say which, as in: make dev-template TEMPLATE=task-api}"
	$(BIN)/python scripts/dev_template.py "$$TEMPLATE" "$${DEST:-.cache/$$TEMPLATE}" $(ARGS)

test: lint services ## everything that must pass before a change lands
	$(BIN)/python -m pytest --numprocesses=2 --dist=loadfile $(ARGS)

test-quick: lint ## the part without npm and servers, in under two minutes
	$(BIN)/python -m pytest -m "not npm and not services" --effort=quick --numprocesses=auto \
		--dist=loadfile $(ARGS)

torture: lint services ## everything, with the full number of kills and races
	$(BIN)/python -m pytest --effort=torture $(ARGS)

benchmark: setup ## compare with Copier, side by side
	$(BIN)/python -m benchmarks

benchmark-task-api: setup services ## compare the Task API with a bare handler, and watch its memory
	$(BIN)/python -m benchmarks.task_api

benchmark-ecommerce-api: setup services ## compare the E-commerce API with a bare handler, and checkouts with their floor
	$(BIN)/python -m benchmarks.ecommerce_api
	$(BIN)/python -m benchmarks.ecommerce_checkout

benchmark-check: setup services ## compare a check with the suite alone
	$(BIN)/python -m benchmarks.check

lint: setup ## ruff and mypy
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

format: setup ## let ruff lay the code out
	$(BIN)/ruff format .

services: ## install the servers that the tests start
	sh scripts/install-services.sh

lock: ## compile requirements/dev.txt from pyproject.toml [ARGS=--upgrade]
	sh scripts/lock-requirements.sh $(PYTHON) $(ARGS)

versions: setup ## write the digests of changed templates to templates/versions.lock
	$(BIN)/python scripts/lock_versions.py

clean: ## delete what the verbs above made here
	rm -rf $(VENV) .cache .mypy_cache .pytest_cache .ruff_cache .hypothesis dist

$(BIN)/pip:
	sh scripts/make-venv.sh $(PYTHON) $(VENV)

$(VENV)/.requirements: requirements/dev.txt | $(BIN)/pip
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements/dev.txt
	@touch $@

# The build backend stands in the lock, so nothing is fetched beside it.
$(VENV)/.installed: $(VENV)/.requirements pyproject.toml
	$(BIN)/pip install --quiet --disable-pip-version-check --no-build-isolation --no-deps -e .
	@touch $@
