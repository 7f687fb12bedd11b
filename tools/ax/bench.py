# SPDX-License-Identifier: Apache-2.0
"""`ax bench`: the measured tables, beside Linux on this machine."""

BENCHES = {}


def run(tree, names, runs, quiet):
    return {}
