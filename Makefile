PYTHON ?= python3
BIN := .venv/bin
STAMP := .venv/.locked

.PHONY: run test check messages docs clean

run: $(STAMP)
	@$(BIN)/opieka serve --demo

test: .venv/.locked-dev
	@$(BIN)/pytest -n auto $(ARGS)

check: .venv/.locked-dev
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/lint-imports
	@$(BIN)/mypy
	@$(BIN)/pytest tests/test_architecture.py tests/test_docs.py tests/test_translations.py

$(STAMP): requirements.txt pyproject.toml
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements.txt
	@$(BIN)/python -m pip install -q --disable-pip-version-check --no-deps -e .
	@touch $@

.venv/.locked-dev: requirements-dev.txt $(STAMP)
	@$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements-dev.txt
	@touch $@

clean:
	rm -rf .venv

messages: .venv/.locked-dev
	@$(BIN)/python -m opieka.project.catalogues

docs: .venv/.locked-dev
	@$(BIN)/python -m tests.documents
