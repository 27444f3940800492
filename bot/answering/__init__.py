"""What people ask: question to answer, from the knowledge file alone. Pure: same input, same output."""
