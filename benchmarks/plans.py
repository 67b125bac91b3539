"""What the hot pages and jobs read from end to end: each statement's plan is looked at in a big world.

A page that reads a table whole which grows with the years is named, with the statement, unless it is among `WHOLE`.
Run it on a kept server: ``python -m benchmarks plans --tasks 1000000 --server …``.
"""

import sys

from benchmarks import hot, worlds
from benchmarks.measuring import Figure

FEW = 2000  # rows; a table of which so few are expected may be read as it likes
# page or job -> why it reads a table whole
WHOLE = {
    "judge_periods": "counts a month of everybody at the end of it, once",
    "note_reports": "at midnight, once: what ended without a call since is found by no index (3.7 s of ten million)",
    "cases, ended": "sorted by priority, which no index holds; a hundredth of the tasks",
    "reviews": "the pile of what is doubtful is counted, not only shown",
}


def measure(sizes: dict[str, int]) -> list[Figure]:
    """Open each page, run each job and take it back, and look at what they asked."""
    worlds.use(sizes["tasks"])
    found: dict[str, set[str]] = {}
    for name, look in [*pages(), *jobs()]:
        for sql, params, _spent in look.asked:
            read = {table for table, rows in hot.scans(sql, params) if rows > FEW}
            if read:
                found[name] = found.get(name, set()) | read
                print(f"{name} reads {', '.join(sorted(read))} whole: {sql[:200]}", file=sys.stderr)
    unexpected = sorted(set(found) - set(WHOLE))
    told = f"{sizes['tasks']:,} tasks, {len(hot.PAGES)} pages, {len(hot.JOBS)} jobs: {', '.join(unexpected) or 'none'}"
    return [Figure("pages and jobs that read a big table whole", 1 + len(unexpected), 1, "", "≤ 1 ×", told)]


def pages() -> list[tuple[str, hot.Look]]:
    """Return what each page asks."""
    looks = []
    for page in hot.there():
        client, address = hot.browser(page.who), page.address
        hot.opened(client, address)
        with hot.watched() as look:
            hot.opened(client, address)
        looks.append((page.name, look))
    return looks


def jobs() -> list[tuple[str, hot.Look]]:
    """Return what each job asks."""
    return [(name, hot.taken_back(run)) for name in hot.JOBS if (run := hot.job_run(name))]
