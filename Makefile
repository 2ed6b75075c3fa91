# SPDX-License-Identifier: GPL-3.0-or-later
# Common Reel: build, check, try. Everything made is below build/ and dist/.

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.NOTPARALLEL:

VENV := build/venv
PYTHON := $(VENV)/bin/python
READY := $(VENV)/.ready
REPORT := build/report
# The catalogue that the add-on follows by itself, for zip, repo and run: docs/curators.md
OWN = --catalogue "$(CATALOGUE)" --root "$(abspath $(ROOT))"
pytest = $(PYTHON) -m pytest tests/$(1) --junitxml=$(REPORT)/$(1).xml
# Integration tests mostly wait: so many tests run at once, and a process that has no more takes another's.
JOBS ?= $(shell expr $$(nproc) + 1)
ABREAST = --numprocesses=$(JOBS) --dist=worksteal
# Kodi 20.1 crashes now and then with nothing of ours in the calls that gdb sees: then a story is told again.
AGAIN := --reruns 1 --only-rerun "Kodi crashed in code of its own"

.PHONY: help
help: ## List the targets
	@sed -nE 's/^([a-z0-9-]+):.*## (.*)/\1\t\2/p' Makefile | expand -t 14

.PHONY: setup
setup: $(READY) ## Install all it takes: Python packages into build/venv, Kodi where apt may
	@.ci/setup-kodi

$(READY): .ci/requirements.txt .ci/vendored.txt .ci/setup-python
	@.ci/setup-python

.PHONY: run
run: ## Show the zip in a real Kodi, with a film that this machine seeds (HEADLESS=1: without a screen)
	@.ci/demo $(OWN)

.PHONY: test
test: clean-report lint types unit integration zip check-addon e2e ## Everything below, and a count of the tests
	@$(PYTHON) .ci/summary.py $(addprefix $(REPORT)/,unit.xml integration.xml e2e.xml)

.PHONY: clean-report
clean-report:
	@rm -rf $(REPORT)

.PHONY: lint
lint: $(READY) ## Style and form (ruff), and Python 3.8 for what runs in Kodi (vermin)
	$(VENV)/bin/ruff check
	$(VENV)/bin/ruff format --check
	$(VENV)/bin/vermin --quiet --violations --target=3.8- --no-tips lib default.py

.PHONY: types
types: $(READY) ## Types (mypy --strict)
	$(VENV)/bin/mypy

.PHONY: unit
unit: $(READY) ## Unit tests: fast, no network
	$(call pytest,unit) $(ABREAST)

.PHONY: integration
integration: $(READY) ## Tests with real libtorrent, sockets and SQLite
	@.ci/setup-kodi
	$(call pytest,integration) $(ABREAST)

.PHONY: site-check
site-check: $(READY) ## Tests of a catalogue's web site in a real Chromium, for a minute
	@.ci/setup-site
	$(call pytest,site)

.PHONY: long
long: $(READY) ## Tests that take minutes each: whole stories, and what other tests have a short form of
	@.ci/setup-kodi
	$(call pytest,long)

.PHONY: zip
zip: $(READY) ## Build dist/plugin.video.commonreel-VERSION.zip (PLATFORM=linux-x86_64: with libtorrent for it)
	@$(PYTHON) .ci/build_zip.py --platform "$(PLATFORM)" $(OWN)

.PHONY: repo
repo: $(READY) ## Write a Kodi repository for BASE=https://… into dist/repo (PLATFORM=… as above)
	@$(PYTHON) .ci/build_repo.py --base "$(BASE)" --platform "$(PLATFORM)" $(OWN)

.PHONY: check-addon
check-addon: $(READY) ## kodi-addon-checker on the zip, offline, for Kodi 20, 21 and 22
	$(PYTHON) .ci/check_addon.py "$$($(PYTHON) .ci/build_zip.py)"

.PHONY: e2e
e2e: $(READY) ## Tests of the zip in a real Kodi, driven by remote keys
	@.ci/setup-kodi
	$(call pytest,e2e) $(AGAIN)

.PHONY: tour
tour: $(READY) ## Walk through every screen at 720p and 1080p, and renew the pictures of docs/tour.md
	@.ci/setup-kodi
	@rm -rf build/tour
	$(call pytest,tour)
	@$(PYTHON) .ci/tour_pictures.py

.PHONY: site-pictures
site-pictures: site-check ## Renew the pictures of the web site in docs/tour.md
	@mkdir -p docs/screenshots/site
	@cp build/site/pictures/*.jpg docs/screenshots/site/

.PHONY: bench
bench: $(READY) ## Streaming engines side by side, in 40 minutes, into docs/benchmarks.md
	@.ci/setup-bench
	@rm -f build/bench/figures.json
	@cd tests && ../$(PYTHON) -m bench --out ../build/bench/figures.json --report ../docs/benchmarks.md

.PHONY: bench-kodi
bench-kodi: $(READY) ## Measure listing, start of a film, and quitting, in a real Kodi
	@.ci/setup-kodi
	@.ci/install-packages nginx-light
	@cd tests && ../$(PYTHON) -m bench.kodi

.PHONY: bench-catalogue
bench-catalogue: $(READY) ## Measure a catalogue of 100,000 works: how it comes, how large it is, how fast
	@cd tests && PYTHONPATH=../lib ../$(PYTHON) -m bench.catalogue

.PHONY: art
art: $(READY) ## Draw resources/icon.png and resources/fanart.jpg again
	$(PYTHON) .ci/draw_art.py

.PHONY: clean
clean: ## Remove what was made, but for the virtual environment
	rm -rf dist build/check-addon build/e2e build/films build/run build/tour $(REPORT)
