PYTHON ?= python3
BIN := .venv/bin
PIP := $(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes

run: $(BIN)/.run ; @$(BIN)/python run.py $(ARGS)
all: $(BIN)/.all
test: $(BIN)/.test ; $(BIN)/python -m pytest -n 3 --dist loadfile --no-loadscope-reorder $(ARGS)
bench: $(BIN)/.test ; $(BIN)/python -m tests.benchmarks $(ARGS)

lint: $(BIN)/.lint
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

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
lock:
	$(COMPILE) -o requirements.lock
	$(COMPILE) $(EXTRAS) -c requirements.lock -o requirements-all.lock
	$(COMPILE) $(EXTRAS) --extra test -c requirements-all.lock -o requirements-test.lock
	$(COMPILE) $(EXTRAS) --extra test --extra dev -c requirements-test.lock -o requirements-dev.lock

readme: $(BIN)/.test ; $(BIN)/python -m tests.readme && $(BIN)/python -m tests.screens
golden: $(BIN)/.test ; $(BIN)/python -m tests.golden_journals

# Every edit of the modules that hold the money, against their unit tests (half an hour on one core).
mutmut: $(BIN)/.lint
	$(BIN)/mutmut run $(ARGS)
	$(BIN)/python -m tests.mutants.survivors

.PHONY: run all test bench lint lock readme golden mutmut
