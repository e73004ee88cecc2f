"""The languages of others.

Bytes from outside become cases, and cases become bytes. All parsing of untrusted input is here.
Every value of a source is mapped into the case, carried beside it, or dropped with a reason; the report counts all
three.
"""
