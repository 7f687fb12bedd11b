# SPDX-License-Identifier: Apache-2.0
# The two commands of the README, and what they stand on. Everything else is ./ax.

.PHONY: help run test check pictures figures figures-threads figures-files figures-sqlite figures-network figures-architectures setup test-fresh clean

help:
	@echo "make run         set up, build, and run Lua in a micro-VM, then Redis, and measure it"
	@echo "make test        set up, then unit tests, audit and every application, on each platform what its file says"
	@echo "make test-fresh  both of these inside a minimal Debian 12 made for the purpose (needs root)"
	@echo "./ax help        the tool itself"

run: setup
	./ax run lua
	./ax demo

test: setup
	./ax test

check:
	./ax check

# The graphs in doc/pictures/, from the manifests.
pictures:
	./ax graph --all -o doc/pictures/architecture.svg
	./ax graph helloworld -o doc/pictures/helloworld.svg
	./ax graph helloworld --features alloc -o doc/pictures/helloworld-alloc.svg
	./ax graph helloworld --features threads -o doc/pictures/helloworld-threads.svg

# What threads, files and a database cost, measured here and now: on a machine that has nothing else to do.
figures: figures-threads figures-files figures-sqlite figures-network figures-architectures

figures-threads:
	./ax bench threads --runs 9 --svg doc/pictures/threads.svg --table doc/measured-threads.md

figures-files:
	./ax bench files --runs 9 --svg doc/pictures/files.svg --table doc/measured-files.md

figures-sqlite:
	./ax bench sqlite --runs 5 --table doc/measured-sqlite.md

figures-network:
	./ax bench net --runs 3 --svg doc/pictures/network.svg --table doc/measured-network.md

figures-architectures:
	./ax bench architectures --runs 1 --table doc/measured-architectures.md

setup:
	@tools/setup/setup

test-fresh:
	tools/setup/test-fresh

clean:
	rm -rf build compile_commands.json
