"""The exit statuses beside 0, done at least in part; the reference page of the command line has them too."""

EXIT_OURS = 1  # our fault
EXIT_INPUT = 2  # the call, the input or a place to read or write is wrong
EXIT_INTERRUPTED = 130  # Ctrl-C
EXIT_TERMINATED = 143  # a signal to terminate
