"""What the bot says: values to messages. Pure, and free of Telegram's types."""
