"""What the bot does: one module per use case. Each is all-or-nothing: the caller's transaction holds all of it."""
