# The commands of this project. `make help` lists them; docs/operations.md says more.

PYTHON ?= $(shell for p in python3.11 python3.12 python3.13 python3.14 python3; do command -v $$p && break; done)
PY := .venv/bin/python
PORT ?= 8000
ARGS ?=
DEADLINES ?= 10000
SWITCHES ?= 10000
KILLS ?= 50
PART ?= 1/1
REQUESTS ?= 20000
SEED ?= 2016
CITIZENS ?= 300
PERSONS ?= 50
SECONDS ?= 60
# One more than there are cores: some tests wait for mail servers and killed workers.
TEST_PROCESSES ?= $(shell $(PYTHON) -c "import os; print(min(5, (os.cpu_count() or 1) + 1))")

# Bytecode is worth a factor of four when the test workers start.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help setup run test lint bench load chaos faults upgrade fuzz guards switches drill recovery-point schemas release-trial clean lock
.PHONY: audit licences sbom

help: ## list the commands
	@sed -n 's/^\([a-z-]*\):.*## /make \1\t/p' $(MAKEFILE_LIST) | expand -t 20

setup: ## install everything into this folder (and what the system lacks, where allowed)
	@$(PYTHON) scripts/setup.py

run: ## set up, start everything with a synthetic trial, print the address; Ctrl-C ends it
	@$(PYTHON) scripts/setup.py --without-tests
	@exec $(PY) manage.py run --port $(PORT) $(ARGS)

test: setup ## set up and run every test (ARGS="tests/cases -k gaps" for some)
	@$(PY) -m pytest -n $(TEST_PROCESSES) --dist worksteal $(ARGS)

lint: setup ## style, types, floors, migrations, production settings
	$(PY) -m ruff check .
	$(PY) -m ruff format --check .
	$(PY) -m bandit --quiet --configfile pyproject.toml --recursive .
	$(PY) -m devservices $(PY) -m mypy .
	PYTHONPATH=. .venv/bin/lint-imports
	$(PY) manage.py makemigrations --check --dry-run
	$(PY) scripts/production_like.py check --deploy --fail-level WARNING

bench: setup ## measure pages, draw, entitlement and the national PDF (ARGS="--only grants" for one)
	@$(PY) -m bench $(ARGS)

load: setup ## fifty persons without think time, as multiples of a bare page (PERSONS=50 SECONDS=60)
	@$(PY) -m bench.load --persons $(PERSONS) --seconds $(SECONDS) $(ARGS)

chaos: setup ## kill worker, beat, Redis and PostgreSQL while reminders are sent (DEADLINES=10000 KILLS=50)
	@$(PY) -m tests.chaos --deadlines $(DEADLINES) --kills $(KILLS) $(ARGS)

faults: setup ## let web, worker, Redis, PostgreSQL, mail and clock fail while people write (ARGS="--only redis-gone")
	@$(PY) -m tests.faults $(ARGS)

upgrade: setup ## upgrade while people write, and back: answers of 5xx and lost writes (ARGS="--from COMMIT")
	@$(PY) -m tests.upgrade $(ARGS)

guards: setup ## take guards away one by one: the tests must notice (PART=2/3 for a part, ARGS="--only draw" for some)
	@$(PY) -m tests.guards --part $(PART) $(ARGS)

fuzz: setup ## send malformed requests to all addresses as all roles (REQUESTS=20000 SEED=2016)
	@JOBFIRST_FUZZ_REQUESTS=$(REQUESTS) JOBFIRST_FUZZ_SEED=$(SEED) $(PY) -m pytest tests/fuzz/test_fuzz.py \
		-n $(TEST_PROCESSES) --dist worksteal -q --show-capture=no $(ARGS)

switches: setup ## switch persons on shared database connections: nobody sees another project's rows (SWITCHES=10000)
	@$(PY) -m pytest tests/jobfirst/row_security/test_connections.py --switches $(SWITCHES) -q $(ARGS)

drill: setup ## back up a synthetic trial, restore it on an empty machine, measure both (CITIZENS=300)
	@$(PY) scripts/drill.py --citizens $(CITIZENS) $(ARGS)

recovery-point: setup ## lose a database server that archives, and say what was lost (ARGS="--times 1")
	@$(PY) -m tests.faults.recovery_point $(ARGS)

schemas: setup ## compare the tables that quick migrations make with those that Django makes
	@$(PY) -m scripts.compare_schemas

release-trial: setup ## follow docs/operations.md to the letter in an empty folder, with servers of its own
	@$(PY) scripts/release_trial.py $(ARGS)

lock: setup ## resolve the dependencies of pyproject.toml anew
	.venv/bin/uv pip compile pyproject.toml --group dev --universal --generate-hashes --no-header \
		--no-emit-index-url --no-annotate --quiet -o requirements.lock
	.venv/bin/uv pip compile pyproject.toml -c requirements.lock --universal --generate-hashes --no-header \
		--no-emit-index-url --no-annotate --quiet -o requirements-runtime.lock

audit: setup ## compare the locks with known advisories (ARGS=--strict: fail also when nobody could be asked)
	@$(PY) -m scripts.dependencies audit $(ARGS)

licences: setup ## write docs/licences.md from the locks
	@$(PY) -m scripts.dependencies licences

sbom: setup ## write the list of components of the container image to sbom.json (CycloneDX)
	@$(PY) -m scripts.dependencies sbom --output sbom.json

clean: ## remove what was installed or generated, and the tests' data; the data in .data stays
	rm -rf "$$($(PYTHON) tests/data_folder.py)"
	rm -rf .venv node_modules .cache static/vendor staticfiles .pytest_cache .mypy_cache .ruff_cache \
		.import_linter_cache .hypothesis locale/*/LC_MESSAGES/*.mo
	find . -name __pycache__ -type d -not -path './.data/*' -prune -exec rm -rf {} +
