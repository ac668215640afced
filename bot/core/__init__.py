"""The pure core: ideas, weeks and sentences. Standard library only, no clock, no I/O."""
