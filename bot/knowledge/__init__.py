"""What the event is: the knowledge file as frozen values. Pure: it reads no clock and no environment."""
