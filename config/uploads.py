"""Files that come in: streamed to the data folder while they are counted, from people who have signed in (T44, F54).

From anybody else only an address takes them that says so, and says how much. No file is held in memory. One that is too
large, or that the disk has no room for, is let go at once; the view finds why in `fault_of(request)`.
"""

import errno
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import SkipFile, StopUpload, TemporaryFileUploadHandler

TOO_LARGE = "too_large"
DISK_FULL = "disk_full"
FULL = (errno.ENOSPC, errno.EDQUOT)
MEGABYTE = 1024 * 1024
GUEST = "setting_up"  # in the session of who sets an empty installation up, before anybody has an account
MARK = "room_for_strangers"  # what a view bears that takes files from people without an account
DRAINED = 64 * MEGABYTE  # of a request that is refused are read, so that a browser hears the answer; a flood is cut off


def fault_of(request: Any) -> str:
    """Return why a file of the request was let go: too_large, disk_full, or nothing."""
    return getattr(request, "upload_fault", "")


def is_known(request: Any) -> bool:
    """Say whether files are taken from whoever sends this: who has signed in, or sets the installation up."""
    user = getattr(request, "user", None)
    return user is not None and (user.is_authenticated or bool(request.session.get(GUEST)))


@dataclass(frozen=True)
class Room:
    """What an address takes from people without an account: so many files, so many bytes with all else that comes."""

    files: int
    size: int


def takes_files(room: Room) -> Callable[[Callable], Callable]:
    """Return what marks a view as one that takes files from people without an account; outermost of its decorators."""

    def mark(view: Callable) -> Callable:
        setattr(view, MARK, room)
        return view

    return mark


def room_for(request: Any) -> Room | None:
    """Return what the address takes from people without an account."""
    match = getattr(request, "resolver_match", None)
    return getattr(match.func, MARK, None) if match else None


class BoundedUpload(TemporaryFileUploadHandler):
    """Writes each file of a form into a file of its own, which the program alone may read."""

    request: Any

    def handle_raw_input(self, input_data, META, content_length, boundary, encoding=None):
        """Note how much is coming."""
        self.coming, self.begun = content_length, 0

    def new_file(self, *args: Any, **options: Any) -> None:
        """Begin a file; from a stranger none is taken but where the address has room for it."""
        if not is_known(self.request):
            self._check_room(room_for(self.request))
        if self.coming > settings.UPLOAD_MAX_MB * MEGABYTE + DRAINED:
            self.request.upload_fault = TOO_LARGE
            raise StopUpload(connection_reset=True)
        try:
            super().new_file(*args, **options)
        except OSError as problem:
            self._let_go(problem)

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        """Write one piece, unless the file was let go."""
        if fault_of(self.request):
            return
        if start + len(raw_data) > settings.UPLOAD_MAX_MB * MEGABYTE:
            self.request.upload_fault = TOO_LARGE
            self.file.truncate(0)
            return
        try:
            self.file.write(raw_data)
        except OSError as problem:
            self._let_go(problem)

    def file_complete(self, file_size: int) -> UploadedFile | None:
        """Return the file that is whole; none where it was let go."""
        if not fault_of(self.request):
            try:
                self.file.flush()  # the last bytes may be the ones that no longer fit
                return super().file_complete(file_size)
            except OSError as problem:
                self._let_go(problem)
        if hasattr(self, "file"):
            self.file.close()  # which removes it
        return None

    def _check_room(self, room: Room | None) -> None:
        """Pass a stranger's file over where there is no room; what else the form says is read all the same."""
        self.begun += 1
        if room is None or self.begun > room.files:
            raise SkipFile
        if self.coming > room.size:
            self.request.upload_fault = TOO_LARGE
            raise SkipFile

    def _let_go(self, problem: OSError) -> None:
        if problem.errno not in FULL:
            raise problem
        self.request.upload_fault = DISK_FULL
