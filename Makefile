PYTHON ?= python3
BIN := .venv/bin
PIP := $(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes

PYTEST := $(BIN)/python -m pytest -q -n 3 --dist loadfile --no-loadscope-reorder

run: $(BIN)/.run ## trade the built-in market on paper, at a console
	@$(BIN)/python run.py $(ARGS)
all: $(BIN)/.all ## install what dashboard, messengers and sweeps need
help: ## list these targets
	@grep -hE '^[a-z]+:.*## ' Makefile | sed -E 's/^([a-z]+):.*## /\1\t/' | expand -t 10

test: $(BIN)/.test ## unit tests and samples of all others (5 minutes on two cores)
	$(PYTEST) tests/unit tests/smoke $(ARGS)
	@$(BIN)/python -m tests.proof --left-out
system: $(BIN)/.test ## tests with processes, sockets, terminals, a browser (15 minutes)
	$(PYTEST) tests/system $(ARGS)
prove: $(BIN)/.test ## seeds, mutants, failpoints, kills, disk, network, fuzz, load; SHARD=3/8
	$(BIN)/python -m tests.proof --shard "$(SHARD)" $(ARGS)
bench: $(BIN)/.test ## speed, as ratios within one run
	$(BIN)/python -m tests.benchmarks $(ARGS)

lint: $(BIN)/.lint ## ruff, mypy, import-linter, the laws of the tree and of its words
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(PYTEST) tests/lint

$(BIN)/python: ; $(PYTHON) -m venv .venv
$(BIN)/.run: requirements.lock | $(BIN)/python
	$(PIP) -r $< && touch $@
$(BIN)/.all: requirements-all.lock | $(BIN)/python
	$(PIP) -r $< && touch $@ $(BIN)/.run
$(BIN)/.test: requirements-test.lock | $(BIN)/python
	$(PIP) -r $< && touch $@ $(BIN)/.all $(BIN)/.run
$(BIN)/.lint: requirements-dev.lock | $(BIN)/python
	$(PIP) -r $< && touch $@ $(BIN)/.test $(BIN)/.all $(BIN)/.run

COMPILE := uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-header setup.cfg
EXTRAS := --extra notify --extra server --extra sweep
lock: ## pin the requirements anew
	$(COMPILE) -o requirements.lock
	$(COMPILE) $(EXTRAS) -c requirements.lock -o requirements-all.lock
	$(COMPILE) $(EXTRAS) --extra test -c requirements-all.lock -o requirements-test.lock
	$(COMPILE) $(EXTRAS) --extra test --extra dev -c requirements-test.lock -o requirements-dev.lock

readme: $(BIN)/.test ## write the generated blocks and screens anew
	$(BIN)/python -m tests.tools.readme && $(BIN)/python -m tests.tools.screens
golden: $(BIN)/.test ## keep the journals of this release
	$(BIN)/python -m tests.tools.golden_journals

# Every edit of the modules that hold the money, against their unit tests (half an hour on one core).
mutmut: $(BIN)/.lint ## edit every line that holds money; unit tests must notice
	$(BIN)/mutmut run $(ARGS)
	$(BIN)/python -m tests.proof.mutants.survivors

.PHONY: run all help test system prove bench lint lock readme golden mutmut
