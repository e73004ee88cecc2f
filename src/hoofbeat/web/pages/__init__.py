"""The frame of every page: its Jinja2 environment, layout and components."""
