"""The register as a workbook."""

from pathlib import Path
from tempfile import TemporaryDirectory

from django.db.models import QuerySet

from complaints.domain.register import headings, lines
from complaints.models import Case
from config.workbooks.writing import write_xlsx


def register_workbook(cases: QuerySet[Case]) -> tuple[bytes, int]:
    """Return the workbook of these cases and how many lines it has."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "register.xlsx"
        count = write_xlsx(path, headings(), (entry.cells() for entry in lines(cases)))
        return path.read_bytes(), count
