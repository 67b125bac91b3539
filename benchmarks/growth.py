"""The pages of the day as whole requests at 100,000 tasks and in a big world: what growth costs, and how many queries.

The limit of each page is the same page in the small world, asked for in turn.
"""

import statistics
import time

from benchmarks import hot, worlds
from benchmarks.measuring import Figure

SMALL = 100_000
ALLOWED = 2.0  # a page that only reads what it shows grows by the height of an index


def measure(sizes: dict[str, int]) -> list[Figure]:
    """Open each page in both worlds, round by round."""
    taken: dict[tuple[str, int], list[float]] = {}
    queries: dict[str, int] = {}
    for turn in range(sizes["rounds"] + 1):
        for tasks in (SMALL, sizes["tasks"]):
            worlds.use(tasks)
            for page in hot.there():
                address = page.address
                client = hot.browser(page.who)
                hot.opened(client, address)  # the first request of a session notes when it began
                with hot.watched() as look:
                    began = time.perf_counter()
                    hot.opened(client, address)
                    spent = time.perf_counter() - began
                queries[page.name] = len(look.asked)
                if turn:  # the first round warms caches up
                    taken.setdefault((page.name, tasks), []).append(spent * 1000)
    size = f"{SMALL:,} → {sizes['tasks']:,} tasks"
    figures = []
    for page in hot.there():
        big, small = (statistics.median(taken[page.name, tasks]) for tasks in (sizes["tasks"], SMALL))
        told = f"{size}, {queries[page.name]} queries"
        figures.append(Figure(f"growth: {page.name}", big, small, "ms", f"≤ {ALLOWED} ×", told))
    return figures
