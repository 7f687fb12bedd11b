# SPDX-License-Identifier: Apache-2.0
"""The tool behind ./ax. Each file says what it does in its first lines; cli.py is where commands start."""
