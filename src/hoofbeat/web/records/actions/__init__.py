"""The only code that saves. Each function is keyword-only, checks the permission, runs in one transaction and leaves
one event; one file per noun.
"""
