"""The command line: one file per verb. A verb's imports happen when it is called, so that `hoofbeat --help` answers at
once.
"""
