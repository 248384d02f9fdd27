# What one does here. Everything sets itself up: a virtual environment in .venv, made once (tools/setup).
# Logic of more than a line lives in tools/ and .ci/, where it can be read and run without make.
#
#   make PYTHON=/path/to/python …    use that interpreter
#   make … ARGS="-k echo"            hand arguments on to what runs

BIN := .venv/bin
SEEDS := 1000
NEW := 0

help:  ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-16s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup:  ## the virtual environment alone
	@tools/setup

slides: setup  ## run every program of the lecture and write the slides to site/dist
	@$(BIN)/lecture build $(ARGS)

play: setup  ## bring Python into the page, so that programs on slides can be changed and run there
	@tools/play

play-wheel: setup  ## build a wheel that brings the same to those who build lectures with an installed package
	@tools/play-wheel $(ARGS)

notebooks: setup  ## write and run the notebooks
	@$(BIN)/lecture notebooks $(ARGS)

site: setup  ## bundle the scripts and stylesheets of deck and pages, after a change in site/
	@tools/site

site-check: setup  ## test them, bundle them again, and compare with what is committed, byte for byte
	@tools/site --check

twisted: setup  ## run every program of the lecture on Twisted itself; list what only Twisted has, check what differs
	@$(BIN)/lecture check --against twisted $(ARGS)
	@$(BIN)/python tools/missing_names.py
	@$(BIN)/python tools/differences.py --check

docs: setup  ## write the guides and the reference to site/dist/docs, and follow every link in them
	@tools/docs

test: setup  ## run the tests, every warning an error; DEV=1 also in Python's development mode
	@DEV=$(DEV) tools/test $(ARGS)

oracle: setup  ## ask Twisted itself the tests of the reactor; what only ours promises is skipped
	@CI= $(BIN)/python -m pytest --oracle -q -rfE -n auto --dist loadfile $(ARGS)

loops: setup  ## install what the loops of others need: GTK, Qt, wx, and a screen that nobody sees
	@.ci/gui

simulate: setup  ## try seeds 0 to SEEDS of random networks with faults, and NEW ones that nobody has tried
	@$(BIN)/python -m tests.faults --seeds $(SEEDS) --new $(NEW) $(ARGS)

pyodide:  ## install Pyodide, in which simulated worlds are tried too
	@tools/pyodide

simulate-mutants: setup  ## spoil the reactor in many places, one at a time: the simulation must find out each
	@$(BIN)/python -m tests.faults.mutants $(ARGS)

classroom: setup  ## try JupyterHub with two students, Binder's build, and the notebooks in JupyterLab in a browser
	@tools/classroom $(ARGS)

mutants: setup  ## change the reactor in SAMPLE places of each package (all without it), one at a time: the tests must notice
	@tools/mutants $(if $(SAMPLE),--sample $(SAMPLE)) $(ARGS)

mutants-sample: setup  ## the same in 16 places, always the same ones, of two packages whose tests are quick
	@tools/mutants --sample 8 --only defer log --tests tests/defer tests/log --seed 1 --least 75

test-all:  ## run the tests on every CPython from 3.11 on that this machine has
	@tools/test-all $(ARGS)

lint: setup  ## style, types and layers
	@$(BIN)/ruff check
	@$(BIN)/ruff format --check
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-cache

format: setup  ## let ruff rewrite what it can
	@$(BIN)/ruff check --fix
	@$(BIN)/ruff format

check:  ## all that CI does
	@bash .ci/run

clean:  ## remove all that the above made, the virtual environments included
	@rm -rf .venv .cache build dist site/dist *.egg-info
	@rm -rf .pytest_cache .mypy_cache .ruff_cache .import_linter_cache
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +

.PHONY: help setup slides play play-wheel notebooks site site-check docs twisted test oracle loops pyodide simulate simulate-mutants classroom mutants mutants-sample test-all lint format check clean
