# Two commands; all the work is in review/bootstrap.py, which also runs where there is no make (see README).
PYTHON ?= python3

.PHONY: run test setup

run:
	@$(PYTHON) -m review.bootstrap run

test:
	@$(PYTHON) -m review.bootstrap test

setup:
	@$(PYTHON) -m review.bootstrap setup
