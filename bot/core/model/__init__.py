"""The values that everything speaks in: messages as they come, ideas as they are kept."""
