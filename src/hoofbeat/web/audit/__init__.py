"""What happened: append-only events in a hash chain."""
