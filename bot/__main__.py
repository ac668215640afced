"""`python -m bot` is `commonplace`."""

from bot.cli import main

if __name__ == "__main__":
    main()
