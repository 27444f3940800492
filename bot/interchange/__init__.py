"""Other people's formats: programmes of other programs to an Event, rows to csv, json and xlsx."""
