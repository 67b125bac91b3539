"""The files that imports hand out: the refused rows to be mended, and an empty list to be filled in."""

import tempfile
from pathlib import Path

from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from staff.domain.activity import log
from visits.domain.intake import summary
from visits.excel.blank import write_blank
from visits.excel.rejects import write_rejects
from visits.views.importing import seen

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@require_safe
def import_rejects(request, pk):
    """Hand out the refused rows of an import as a workbook, with the reason in the last column."""
    batch = get_object_or_404(seen(request), pk=pk)
    rows = list(summary.rejected_cells(batch))
    if not rows:
        raise Http404
    log(now=request.now, actor=request.user, verb="import_rejects_taken", subject=batch, rows=len(rows))
    return sent(f"rejects-{batch.pk}.xlsx", lambda path: write_rejects(path, batch.options["titles"], rows))


@require_safe
def import_template(_request):
    """Hand out an empty list with the columns that are known, and a sheet that explains them."""
    return sent("orders.xlsx", write_blank)


def sent(name, write) -> HttpResponse:
    """Return the workbook that `write` makes as a download; nothing of it stays on the disk."""
    with tempfile.TemporaryDirectory(dir=settings.FILE_UPLOAD_TEMP_DIR) as folder:
        path = Path(folder) / name
        write(path)
        headers = {"Content-Disposition": f'attachment; filename="{name}"', "X-Content-Type-Options": "nosniff"}
        return HttpResponse(path.read_bytes(), content_type=XLSX, headers=headers)
