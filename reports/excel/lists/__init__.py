"""Every list that can be exported, by the URL name of its page; a new page adds one entry in the file of its app."""

from typing import Final

from reports.excel.lists.listing import Listing
from reports.excel.lists.of_complaints import OF_COMPLAINTS
from reports.excel.lists.of_figures import OF_FIGURES
from reports.excel.lists.of_reports import OF_REPORTS
from reports.excel.lists.of_staff import OF_STAFF
from reports.excel.lists.of_visits import OF_VISITS
from reports.excel.lists.of_work import OF_WORK

LISTS: Final[dict[str, Listing]] = {
    listing.page: listing for listing in (*OF_VISITS, *OF_WORK, *OF_COMPLAINTS, *OF_STAFF, *OF_REPORTS, *OF_FIGURES)
}
