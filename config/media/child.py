"""The process that opens a foreign picture or recording, under limits of memory and time.

``python -m config.media.child SOURCE TARGET`` writes the clean copy into TARGET and prints what the file is as one line
of JSON. It knows neither the database nor the settings.
"""

import errno
import json
import sys
from dataclasses import asdict
from pathlib import Path

from config.media import limits
from config.media.findings import Refused
from config.media.kinds import clean

FULL = (errno.ENOSPC, errno.EDQUOT)


def main() -> None:
    """Read the file named on the command line."""
    limits.confine()
    source, target = map(Path, sys.argv[1:3])
    try:
        told = asdict(clean(source, target))
    except Refused as refusal:
        told = {"refused": refusal.code}
    except MemoryError:
        told = {"refused": "too_hard"}
    except OSError as problem:
        told = {"refused": "disk_full" if problem.errno in FULL else "too_hard"}
    sys.stdout.write(json.dumps(told))


if __name__ == "__main__":
    main()
