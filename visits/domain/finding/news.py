"""What has joined the queue since it was shown: told as a number, for the list never moves under the cursor (UX)."""

from collections.abc import Collection, Sequence

from visits.domain.finding.queueing import QueueRow


def newcomers(queue: Sequence[QueueRow], shown: Collection[int], *, limit: int) -> list[QueueRow]:
    """Return the rows of the present queue that the screen lacks; `shown`: the ids on it, `limit`: how many fit.

    A full screen lacks what stands further down anyway: there only what goes before one of its rows is new.
    """
    places = [place for place, row in enumerate(queue) if row.id in shown]
    end = len(queue) if len(shown) < limit else max(places, default=len(queue) - 1) + 1
    return [row for row in queue[:end] if row.id not in shown]
