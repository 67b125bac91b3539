"""What is shown on paper as a workbook."""

from collections.abc import Iterable, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from config.workbooks.writing import write_xlsx


def workbook_of(headings: Sequence[str], rows: Iterable[Sequence[Any]]) -> tuple[bytes, int]:
    """Return the workbook of these lines and how many there are."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "paper.xlsx"
        count = write_xlsx(path, headings, rows)
        return path.read_bytes(), count
