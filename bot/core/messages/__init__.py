"""Every sentence the bot says, as neutral `Message` and `Form` values."""
