"""Run tests on other days: `python -m tests.another_day [PYTEST ARGUMENTS]`.

No test may know today's date. The days are a year from now, and the last half hour before each
of the next two changes of Chicago's clocks, where the program is at home by default.
"""

import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from zoneinfo import ZoneInfo

HOME = ZoneInfo("America/Chicago")
HOUR = timedelta(hours=1)


def days(now: datetime) -> dict[str, datetime]:
    """The days to run on, by what they are."""
    found = {"a year from now": now + timedelta(days=365)}
    hour = now.replace(minute=0, second=0, microsecond=0)
    while len(found) < 3:
        before, hour = hour, hour + HOUR
        offsets = [at.astimezone(HOME).utcoffset() for at in (before, hour)]
        if offsets[0] != offsets[1]:
            found[f"clocks change at {hour:%Y-%m-%d %H:%M} UTC"] = hour - HOUR / 2
    return found


def main(arguments: list[str]) -> int:
    """Run pytest once for each day; status 1 when a test failed on any of them."""
    failed = False
    with TemporaryDirectory() as folder:
        clock = Path(folder) / "clock.so"
        source = Path(__file__).with_name("clock.c")
        subprocess.run(["cc", "-shared", "-fPIC", "-O2", "-o", clock, source], check=True)
        for name, day in days(datetime.now(UTC)).items():
            sys.stdout.write(f"\n{name}: {day:%A %Y-%m-%d %H:%M} UTC\n")
            sys.stdout.flush()
            shift = round((day - datetime.now(UTC)).total_seconds())
            there = os.environ | {"LD_PRELOAD": str(clock), "CLOCK_SHIFT": str(shift)}
            command = [sys.executable, "-m", "pytest", *arguments]
            failed = subprocess.run(command, env=there, check=False).returncode != 0 or failed
    return int(failed)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
