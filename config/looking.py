"""What looks at the installation to say whether it is well, by dotted name (`config.wiring`)."""

# What the program looks at to say whether it is well: each `check(*, now) -> Iterable[staff.domain.checking.Finding]`.
CHECKS: tuple[str, ...] = (
    "staff.domain.health.scheduler",
    "staff.domain.clocks.agreement",
    "staff.domain.health.jobs_done",
    "staff.domain.health.quarantine",
    "visits.domain.planning.waiting.work_waiting",
    "staff.domain.health.room_on_disk",
    "staff.domain.health.calendar_known",
    "staff.domain.backing.checking.backups_made",
    "staff.domain.health.stood_still_of_late",
)

# Of them, without which no work is done: `/healthz` answers 503 while one of them finds an alarm.
VITAL: tuple[str, ...] = ("staff.domain.health.scheduler", "staff.domain.clocks.agreement")

# Work that waits for the scheduler: each `backlogs(*, now) -> Iterable[staff.domain.installation.Backlog]`.
BACKLOGS: tuple[str, ...] = ("visits.domain.planning.waiting.backlogs",)

# What `manage.py doctor` looks at besides, in the same way: what needs no database, and what does.
GROUND: tuple[str, ...] = (
    "staff.domain.doctoring.ground.versions",
    "staff.domain.doctoring.ground.data_folder",
    "staff.domain.doctoring.ground.secrets_kept",
    "staff.domain.doctoring.ground.time_zones",
    "staff.domain.doctoring.serving.pages",
    "staff.domain.doctoring.serving.own_files",
    "staff.domain.doctoring.stores.broker",
)
INSTALLATION: tuple[str, ...] = (
    "staff.domain.doctoring.stores.guards",
    "staff.domain.doctoring.stores.database",
    "staff.domain.doctoring.company.roles_held",
    "staff.domain.doctoring.company.regulations",
    "visits.domain.planning.idle.figures_wanted",
)
