"""``python -m config.running FD``: what `manage.py up` becomes once all is prepared: the supervisor and nothing else.

It reads its plan, in JSON, from the open file descriptor FD: sign-ins are in it, and what stands on a command line is
for all to see. It loads neither Django nor the program, so it needs 12 MB and nothing that breaks there breaks it.
"""

import http.client
import json
import os
import sys
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path

from config.supervisor import Part, Pulse, Supervisor


@dataclass(frozen=True)
class Door:
    """Where the pages answer once they are there."""

    address: str
    port: int
    path: str
    headers: Mapping[str, str]

    def opens(self) -> bool:
        """Say whether the page comes, or the one that it leads to before anybody works here; not yet is no."""
        connection = http.client.HTTPConnection(self.address, self.port, timeout=5)
        try:
            connection.request("GET", self.path, headers=dict(self.headers))
            return connection.getresponse().status in (http.client.OK, http.client.FOUND)
        except OSError:
            return False
        finally:
            connection.close()


@dataclass(frozen=True)
class Task:
    """One part to run. `patience` is for how many seconds the heartbeat may be still; 0: it has none.

    Those that come `first` run before the program is ready, the others after; one of `once` is not started again.
    """

    name: str
    command: Sequence[str]
    environment: Mapping[str, str] = field(default_factory=dict)
    patience: float = 0.0
    first: bool = False
    once: bool = False


@dataclass(frozen=True)
class Plan:
    """What to run, and what to say (in the language of whoever started it) when it is ready, ends, and has stopped."""

    tasks: Sequence[Task]
    heartbeat: str
    door: Door | None
    ready: Sequence[str]
    ended: str
    stopped: str

    def hand_over(self) -> int:
        """Write the plan where the next program of this process can read it; return the file descriptor."""
        text = json.dumps(asdict(self)).encode()
        reading, writing = os.pipe()
        os.set_blocking(writing, False)
        if os.write(writing, text) != len(text):
            raise ValueError(f"a plan of {len(text)} bytes fits into no pipe")
        os.close(writing)
        os.set_inheritable(reading, True)
        return reading


def received(descriptor: int) -> Plan:
    """Return the plan that was handed over."""
    with os.fdopen(descriptor, "rb") as pipe:
        found = json.load(pipe)
    found["tasks"] = [Task(**task) for task in found["tasks"]]
    found["door"] = Door(**found["door"]) if found["door"] else None
    return Plan(**found)


def run(plan: Plan) -> None:
    """Keep the parts running until somebody asks to stop."""
    beat = Path(plan.heartbeat)
    parts = [
        Part(
            task.name,
            task.command,
            task.environment,
            pulse=Pulse(beat, task.patience) if task.patience else None,
            first=task.first,
            once=task.once,
        )
        for task in plan.tasks
    ]
    supervisor = Supervisor(parts, lambda name, code: say(plan.ended.format(name=name, code=code)))
    supervisor.run(plan.door.opens if plan.door else lambda: True, lambda: say("\n".join(plan.ready)))
    say(plan.stopped)


def say(text: str) -> None:
    """Write to the terminal at once; where nobody reads any more, go on."""
    try:
        sys.stdout.write(f"{text}\n")
        sys.stdout.flush()
    except OSError:
        return


if __name__ == "__main__":
    run(received(int(sys.argv[1])))
