"""The pages of exports: the button, how far it is, taking the file, whose it is."""

import json
from datetime import timedelta
from urllib.parse import unquote

import pytest

from reports.domain.exports import shelf
from reports.excel.exporting import work_off
from reports.models import Export
from staff.models import Activity, Posting
from tests.company import LONG_AGO, MONDAY
from tests.reports.test_exports_running import NOW, client_of, desk, fresh

__all__ = ["desk"]
pytestmark = pytest.mark.any_database


def asked(client, path="/tasks/", **facts) -> Export:
    answer = client.post("/exports/ask/", {"path": path, "form": "csv", **facts}, follow=True)
    assert answer.status_code == 200
    return answer.context["export"]


def test_the_button_of_a_list_asks_with_the_filters_of_its_address(desk):
    page = client_of(desk.wang).get("/tasks/?q=客户&sort=-closes&page=3").content.decode()
    assert '<input type="hidden" name="path" value="/tasks/">' in page
    assert f'name="query" value="q={"%E5%AE%A2%E6%88%B7"}&amp;sort=-closes"' in page
    assert page.count('name="form" value="') == 3


def test_a_page_tells_how_far_it_is_and_then_hands_the_file_out_under_a_chinese_name(desk):
    desk.tasks(2)
    client = client_of(desk.wang)
    export = asked(client, query="status=all")
    Export.objects.filter(pk=export.pk).update(state="running")
    shelf.note(export.file, 0, 1000)
    shelf.note(export.file, 500, 1000)
    part = client.get(f"/exports/{export.pk}/", headers={"HX-Request": "true"}).content.decode()
    assert 'value="50"' in part
    assert "500 / 1000" in part
    assert 'hx-trigger="every 1s"' in part
    assert "<html" not in part
    assert "export-facts" not in part
    work_off(now=NOW)
    part = client.get(f"/exports/{export.pk}/", headers={"HX-Request": "true"}).content.decode()
    assert 'id="export-facts" hx-swap-oob="true"' in part  # rows and sum stand there without another look
    assert fresh(export).sha256 in part
    page = client.get(f"/exports/{export.pk}/").content.decode()
    assert "every 1s" not in page and "hx-swap-oob" not in page
    assert "全部状态" in page
    handed = client.get(f"/exports/{export.pk}/file/")
    assert b"".join(handed.streaming_content).startswith(b"\xef\xbb\xbf")
    name = unquote(handed["Content-Disposition"])
    assert f"任务_20260302-1100_wangfang_2_E{export.pk}.csv" in name
    assert handed["Content-Type"] == "text/csv; charset=utf-8"
    assert fresh(export).downloads == 1
    assert Activity.objects.filter(verb="export_taken", actor=desk.wang, subject_id=export.pk).count() == 1


def test_a_foreign_file_looks_missing_and_quality_sees_whose_it_is_but_takes_it_not(desk):
    desk.tasks(1)
    export = asked(client_of(desk.wang))
    work_off(now=NOW)
    stranger = desk.person("zhaolei", department=desk.west_repairs)
    for path in (f"/exports/{export.pk}/", f"/exports/{export.pk}/file/"):
        assert client_of(stranger).get(path).status_code == 404
    assert client_of(stranger).post(f"/exports/{export.pk}/cancel/").status_code == 404
    quality = client_of(desk.li)
    page = quality.get(f"/exports/{export.pk}/").content.decode()
    assert "wangfang" in page or "王芳" in page
    assert "/file/" not in page
    assert quality.get(f"/exports/{export.pk}/file/").status_code == 404
    assert [row["export"].pk for row in quality.get("/exports/").context["rows"]] == [export.pk]
    assert client_of(stranger).get("/exports/").context["rows"] == []


def test_what_one_may_not_open_one_cannot_ask_for(desk):
    client = client_of(desk.wang)
    for path in ("/reviews/records/", "/imports/", "/nowhere/", "/tasks/1/", "/admin/", "https://example.org/"):
        assert client.post("/exports/ask/", {"path": path, "form": "csv"}).status_code == 404
    assert client.post("/exports/ask/", {"path": "/tasks/", "form": "pdf"}).status_code == 404
    assert client.get("/exports/ask/").status_code == 404
    assert not Export.objects.exists()


def test_with_other_rights_than_then_the_file_is_not_handed_out(desk):
    desk.tasks(1)
    export = asked(client_of(desk.wang))
    work_off(now=NOW)
    Posting.objects.filter(employee=desk.wang).delete()
    Posting.objects.create(employee=desk.wang, branch=desk.west, department=desk.west_repairs, from_on=LONG_AGO)
    answer = client_of(desk.wang).get(f"/exports/{export.pk}/file/")
    assert answer.url == f"/exports/{export.pk}/"
    assert fresh(export).downloads == 0


def test_a_file_whose_time_is_over_or_that_is_lost_says_so(desk, clock_at):
    desk.tasks(1)
    export = asked(client_of(desk.wang))
    work_off(now=NOW)
    shelf.path_of(fresh(export).file).unlink()
    answer = client_of(desk.wang).get(f"/exports/{export.pk}/file/", follow=True)
    assert "请重新导出" in answer.content.decode()
    Export.objects.filter(pk=export.pk).update(expires_at=NOW - timedelta(days=1))
    assert "已过期" in client_of(desk.wang).get("/exports/").content.decode()


def test_what_waits_can_be_cancelled_by_who_asked(desk):
    client = client_of(desk.wang)
    export = asked(client)
    page = client.post(f"/exports/{export.pk}/cancel/", follow=True).content.decode()
    assert "已取消" in page
    assert work_off(now=NOW) == 0
    assert fresh(export).state == "cancelled"


def test_data_sets_go_to_who_sees_the_whole_company_and_to_nobody_else(desk):
    desk.tasks(2)
    facts = {"path": "/exports/", "form": "json", "dataset": "tasks", "first": "2026-03-02", "last": ""}
    assert client_of(desk.wang).post("/exports/ask/", facts).status_code == 404
    export = asked(client_of(desk.li), **facts)
    work_off(now=NOW)
    rows = json.loads(shelf.path_of(fresh(export).file).read_text())
    assert len(rows) == fresh(export).rows == 2
    assert fresh(export).title == "回访任务"
    assert '<option value="tasks">回访任务</option>' in client_of(desk.li).get("/exports/").content.decode()
    assert rows[0]["order_no"]
    wrong = client_of(desk.li).post("/exports/ask/", facts | {"last": str(MONDAY - timedelta(1))})
    assert wrong.status_code == 422
