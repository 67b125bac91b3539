"""Writing a data set to a file in the format that was asked for."""

from pathlib import Path
from typing import Final

from config.workbooks.writing import appearing, write_csv, write_json, write_xlsx
from reports.domain.datasets import Dataset, Period

WRITERS: Final = {"json": write_json, "xlsx": write_xlsx, "csv": write_csv}


def hand_out(dataset: Dataset, path: Path, *, form: str, period: Period) -> int:
    """Write the data set's rows of the period and return how many; the file appears whole or not at all."""
    with appearing(path) as temporary:
        return WRITERS[form](temporary, dataset.fields, dataset.read(period))
