"""What speaks with the world: chat platforms and the web."""
