"""Who comes: rules about people, seats and reminders. Pure: the moment is handed in."""
