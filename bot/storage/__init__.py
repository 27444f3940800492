"""What is remembered: SQLite. All SQL of the project stands in this room; who calls it owns the transaction."""
