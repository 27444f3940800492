"""Phrases, plurals, dates and times in the reader's language. A language is data: one folder in ``locales/``."""
