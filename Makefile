# The few commands of this project; `make` alone lists them.
.DEFAULT_GOAL := help
.PHONY: help setup run samples test lint coverage score chaos drill messages lock

VENV_PYTHON := .venv/bin/python

help: ## List the commands
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-9s %s\n", $$1, $$2 }' Makefile

.venv/base.ok: requirements/base.txt scripts/setup.sh
	@scripts/setup.sh base

.venv/dev.ok: requirements/base.txt requirements/dev.txt scripts/setup.sh
	@scripts/setup.sh dev

setup: .venv/dev.ok ## Install everything the program and its tests need into .venv

run: .venv/base.ok ## Start the program with its demo company on this machine (PORT, DATA_DIR and APP_MODE change it)
	@APP_MODE=$${APP_MODE:-demo} exec $(VENV_PYTHON) manage.py up

samples: .venv/base.ok ## Make the sample files anew, for this morning, below var/samples
	@$(VENV_PYTHON) -m samples.make --around $$(date +%F) --out var/samples

test: .venv/dev.ok ## Judge everything: linters, tests on SQLite, on PostgreSQL and Valkey, and in a browser
	@$(VENV_PYTHON) -m scripts.judge

lint: .venv/dev.ok ## Only the linters, types, import contracts and Django's own checks
	@$(VENV_PYTHON) -m scripts.judge lint

coverage: .venv/dev.ok ## Run the tests on SQLite once more and measure what they run through: 90 % at least, branches included
	@$(VENV_PYTHON) -m scripts.judge coverage

score: .venv/dev.ok ## Measure planning, the queue and the import against their limits
	@$(VENV_PYTHON) -m benchmarks

chaos: .venv/dev.ok ## Kill, stop, cut off, fill up and move what the program stands on, for MINUTES=10 on each database
	@$(VENV_PYTHON) -m benchmarks.chaos --minutes $${MINUTES:-10}

drill: .venv/dev.ok ## Lose a company and restore it, on both databases; prints what was lost and how long it took
	@$(VENV_PYTHON) -m benchmarks.drill && $(VENV_PYTHON) -m tests.servers $(VENV_PYTHON) -m benchmarks.drill

messages: .venv/dev.ok ## Collect the texts for translation and compile the Chinese catalogue
	@$(VENV_PYTHON) -m scripts.messages

lock: .venv/dev.ok ## Choose the newest allowed packages anew and write requirements/*.txt
	@.venv/bin/uv pip compile pyproject.toml --upgrade --universal --python-version 3.11 --generate-hashes \
		--no-header --quiet -o requirements/base.txt
	@.venv/bin/uv pip compile --group dev -c requirements/base.txt --upgrade --universal --python-version 3.11 \
		--generate-hashes --no-header --quiet -o requirements/dev.txt
