"""One module per noun. A handler takes a request, calls a service, and says what came of it."""
