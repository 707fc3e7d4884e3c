"""Nothing lost, nothing doubled, whatever breaks: faults under load, and input that nobody should send.

`python -m tests.faults` (`make faults`) is the long form and prints a table; pytest runs the short one.
"""
