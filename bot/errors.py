"""Faults that a person can mend."""


class AgoraError(Exception):
    """A fault that a person can mend; its text is one line and says what to do next.

    Anything else that is raised is a bug: loud in the log, kind in the chat.
    """
