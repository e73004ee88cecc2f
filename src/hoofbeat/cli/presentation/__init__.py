"""How a differential is shown: each form is a pure function from an excerpt to text.

A terminal table, JSON lines, and a self-contained printable page. None of them reads a file of the user or asks the
clock: whoever calls says the day.
"""
