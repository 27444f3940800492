"""The terminal door: one module per command, each with ``add_arguments`` and ``run``."""
