"""Agora, an event assistant that lives in a Telegram chat.

The rooms, and which way imports go (a room imports only what stands to its left;
``tests/test_architecture.py`` holds the code to it)::

    errors clock settings <- knowledge, i18n <- answering, attendance <- messages, interchange
        <- storage <- services <- chat <- bootstrap <- cli

``knowledge``   what the event is: the YAML file as frozen values (pure)
``answering``   what people ask: question to answer (pure)
``attendance``  who comes: rules about people, seats and reminders (pure)
``i18n``        phrases, plurals, dates and times in the reader's language
``messages``    what the bot says: values to messages, no Telegram types (pure)
``interchange`` other people's formats: programmes in, tables out
``storage``     what is remembered: SQLite, all SQL of the project
``services``    what the bot does: one module per use case, each all-or-nothing
``chat``        the Telegram door
``sandbox``     the demo's world; knows nothing of the bot and speaks HTTP with it
``cli``         the terminal door
"""

__version__ = "0.1.0"
