"""Starting, looking after and saving an installation: what the command line calls."""
