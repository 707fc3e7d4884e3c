"""The benchmarks: `make bench` (__main__.py), `make bench-growth` (growth.py), `make soak` (soak.py).

They start servers of their own in a temporary folder and leave nothing behind. docs/benchmarks.md says what
is measured and how to read it.
"""
