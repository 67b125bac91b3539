"""What can be wrong with a backup, told by a stable code and its details; words are made where they are shown."""


class BackupFault(Exception):
    """A backup cannot be made, opened or trusted. `code` is one of `staff.domain.backing.wording.SENTENCES`."""

    def __init__(self, code: str, **details: object) -> None:
        super().__init__(code, details)
        self.code = code
        self.details = details
