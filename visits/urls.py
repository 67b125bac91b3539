"""The addresses of the visits app."""

from django.urls import path

from visits.views import (
    calls,
    customers,
    drafts,
    events,
    numbers,
    plan,
    reasons,
    registering,
    requesting,
    sharing,
    skipping,
    tasks,
    undoing,
    workbench,
)

app_name = "visits"
urlpatterns = [
    path("", workbench.workbench, name="workbench"),
    path("queue/news/", workbench.queue_news, name="queue_news"),
    path("tasks/", tasks.task_list, name="task_list"),
    path("tasks/reassign/", sharing.task_reassign, name="task_reassign"),
    path("tasks/take/", sharing.task_take, name="task_take"),
    path("tasks/<int:pk>/", calls.task, name="task"),
    path("tasks/<int:pk>/why/", calls.task_why, name="task_why"),
    path("tasks/<int:pk>/lease/", calls.task_lease, name="task_lease"),
    path("tasks/<int:pk>/skip/", skipping.task_skip, name="task_skip"),
    path("tasks/<int:pk>/record/", calls.task_record, name="task_record"),
    path("tasks/<int:pk>/draft/", drafts.task_draft, name="task_draft"),
    path("drafts/<int:pk>/take/", drafts.draft_take, name="draft_take"),
    path("drafts/<int:pk>/discard/", drafts.draft_discard, name="draft_discard"),
    path("tasks/<int:pk>/number/", numbers.number_reveal, name="number_reveal"),
    path("records/<int:pk>/undo/", undoing.record_undo, name="record_undo"),
    path("plan/", plan.plan, name="plan"),
    path("plan/day/", plan.plan_day, name="plan_day"),
    path("events/", events.event_list, name="event_list"),
    path("events/<int:pk>/", events.event, name="event"),
    path("customers/", customers.customer_list, name="customer_list"),
    path("customers/new/", registering.customer_new, name="customer_new"),
    path("customers/<int:pk>/visit/", requesting.customer_visit, name="customer_visit"),
    path("customers/<int:pk>/call/", requesting.customer_call, name="customer_call"),
    path("customers/<int:pk>/", customers.customer, name="customer"),
    path("customers/<int:pk>/why-not/", reasons.customer_why_not, name="customer_why_not"),
    path("customers/<int:pk>/number/", numbers.number_correct, name="number_correct"),
]
