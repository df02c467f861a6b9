# Cascade. `make help` says what there is.

export PORT ?= 8000
export INSTANCE ?= instance
export DATABASE_URL ?=
export SCALE ?= region

.DEFAULT_GOAL := help
.PHONY: help run test check bench faults

help:  ## what there is
	@echo "Cascade: the training system of an election commission"
	@echo
	@sed -n 's/^\([a-z]*\):.*## /  make \1|/p' $(firstword $(MAKEFILE_LIST)) | awk -F'|' '{printf "%-14s %s\n", $$1, $$2}'
	@echo
	@echo "  PORT=8000  INSTANCE=instance  DATABASE_URL= (SQLite in INSTANCE)  SCALE=region|national"

run:  ## set up what is missing, load the demo region, serve on http://127.0.0.1:PORT
	@tools/setup run
	@tools/serve

test:  ## every check, and every test on SQLite and on PostgreSQL
	@tools/setup test
	@tools/check
	@tools/test

check:  ## every check: format, lint, types, the house, packs, templates, words, migrations, docs
	@tools/setup run
	@tools/check whole

bench:  ## print the figures, each beside a baseline of the same run
	@tools/setup test
	@.venv/bin/python -m bench

faults:  ## the long fault campaigns on both databases, one table at the end; ONLY=failover runs one
	@tools/setup test
	@tools/faults
