"""The book of complaints: cases, their timeline, work orders and what belongs to them."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("staff", "0007_api_clients"),
        ("visits", "0005_owed_about_cases"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Case",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.CharField(max_length=24, unique=True, verbose_name="number")),
                ("token", models.UUIDField(editable=False, null=True, unique=True)),
                (
                    "type",
                    models.CharField(
                        choices=[
                            ("complaint", "complaint"),
                            ("problem", "problem"),
                            ("suggestion", "suggestion"),
                            ("enquiry", "enquiry"),
                            ("repair", "request for repair"),
                        ],
                        max_length=10,
                        verbose_name="type",
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("registered", "registered"),
                            ("assigned", "assigned"),
                            ("in_progress", "in progress"),
                            ("waiting", "waiting"),
                            ("resolved", "resolved"),
                            ("verifying", "being verified"),
                            ("closed", "closed"),
                            ("merged", "merged"),
                            ("withdrawn", "withdrawn"),
                            ("exempt", "closed without a visit"),
                        ],
                        default="registered",
                        max_length=12,
                        verbose_name="state",
                    ),
                ),
                ("round", models.PositiveSmallIntegerField(default=1, verbose_name="round")),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                ("level", models.CharField(blank=True, max_length=60, verbose_name="level")),
                ("category", models.CharField(blank=True, max_length=60, verbose_name="category")),
                (
                    "severity",
                    models.CharField(
                        blank=True,
                        choices=[("minor", "minor"), ("important", "important"), ("major", "major")],
                        max_length=10,
                        verbose_name="severity",
                    ),
                ),
                (
                    "importance",
                    models.CharField(
                        blank=True,
                        choices=[("low", "low"), ("normal", "normal"), ("high", "high")],
                        max_length=10,
                        verbose_name="importance",
                    ),
                ),
                (
                    "urgency",
                    models.CharField(
                        blank=True,
                        choices=[("low", "low"), ("normal", "normal"), ("high", "high")],
                        max_length=10,
                        verbose_name="urgency",
                    ),
                ),
                (
                    "source",
                    models.CharField(
                        choices=[
                            ("phone", "telephone"),
                            ("hotline", "complaint hotline"),
                            ("letter", "letter"),
                            ("fax", "fax"),
                            ("visit", "personal visit"),
                            ("email", "e-mail"),
                            ("mailbox", "complaint mailbox"),
                            ("online", "web form"),
                            ("wechat", "WeChat"),
                            ("chat", "online service"),
                            ("call", "follow-up visit"),
                            ("colleague", "colleague"),
                            ("cs_centre", "service centre"),
                            ("gov_hotline", "government hotline"),
                            ("api", "other system"),
                            ("other", "other way"),
                        ],
                        max_length=12,
                        verbose_name="source",
                    ),
                ),
                ("reference", models.CharField(blank=True, max_length=80, verbose_name="number at its source")),
                ("name", models.CharField(blank=True, max_length=60, verbose_name="name")),
                ("contact", models.CharField(blank=True, max_length=120, verbose_name="telephone or address")),
                ("role", models.CharField(blank=True, max_length=60, verbose_name="pool")),
                ("summary", models.TextField(verbose_name="what was said")),
                ("demand", models.TextField(blank=True, verbose_name="demand")),
                ("values", models.JSONField(blank=True, default=dict, verbose_name="further fields")),
                ("cause", models.TextField(blank=True, verbose_name="cause")),
                ("process", models.TextField(blank=True, verbose_name="course")),
                ("solution", models.TextField(blank=True, verbose_name="solution")),
                (
                    "measure",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("guidance", "guidance"),
                            ("support", "support"),
                            ("repair", "repair"),
                            ("replacement", "replacement"),
                            ("exchange", "exchange"),
                            ("refund", "refund"),
                            ("compensation", "compensation"),
                            ("apology", "apology and explanation"),
                            ("other", "another measure"),
                        ],
                        max_length=14,
                        verbose_name="measure",
                    ),
                ),
                ("result", models.TextField(blank=True, verbose_name="result")),
                ("remedy", models.TextField(blank=True, verbose_name="remedy")),
                ("opinion", models.TextField(blank=True, verbose_name="the customer's opinion")),
                ("satisfied", models.BooleanField(blank=True, null=True, verbose_name="customer satisfied")),
                ("exemption", models.CharField(blank=True, max_length=60, verbose_name="exemption")),
                ("escalations", models.PositiveSmallIntegerField(default=0, verbose_name="escalations")),
                ("rung", models.PositiveSmallIntegerField(default=0, verbose_name="rung of the escalation")),
                ("opened_at", models.DateTimeField(verbose_name="told at")),
                ("registered_at", models.DateTimeField(verbose_name="registered at")),
                ("changed_at", models.DateTimeField(verbose_name="changed at")),
                ("replied_at", models.DateTimeField(blank=True, null=True, verbose_name="first reply at")),
                (
                    "informed_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="customer told of the result at"),
                ),
                ("resolved_at", models.DateTimeField(blank=True, null=True, verbose_name="resolved at")),
                ("verified_at", models.DateTimeField(blank=True, null=True, verbose_name="verified at")),
                ("closed_at", models.DateTimeField(blank=True, null=True, verbose_name="ended at")),
                ("archived_at", models.DateTimeField(blank=True, null=True, verbose_name="archived at")),
                (
                    "branch",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        to="staff.branch",
                        verbose_name="branch",
                    ),
                ),
                (
                    "coordinator",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="coordinator",
                    ),
                ),
                (
                    "customer",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="cases",
                        to="visits.customer",
                        verbose_name="customer",
                    ),
                ),
                (
                    "department",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        to="staff.department",
                        verbose_name="department",
                    ),
                ),
                (
                    "departments",
                    models.ManyToManyField(
                        blank=True, related_name="cases", to="staff.department", verbose_name="departments involved"
                    ),
                ),
                (
                    "escalated_to",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="escalated to",
                    ),
                ),
                (
                    "event",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="visits.serviceevent",
                        verbose_name="order",
                    ),
                ),
                (
                    "follow_up",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="case",
                        to="visits.followupitem",
                        verbose_name="follow-up",
                    ),
                ),
                (
                    "handler",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="cases",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="handler",
                    ),
                ),
                (
                    "merged_into",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="duplicates",
                        to="complaints.case",
                        verbose_name="merged into",
                    ),
                ),
                (
                    "origin",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="offspring",
                        to="complaints.case",
                        verbose_name="made from",
                    ),
                ),
                (
                    "policy",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="staff.policy",
                        verbose_name="policy",
                    ),
                ),
                (
                    "record",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="cases",
                        to="visits.visitrecord",
                        verbose_name="raised in the visit",
                    ),
                ),
                (
                    "registered_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="registered by",
                    ),
                ),
                (
                    "release",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="staff.release",
                        verbose_name="release",
                    ),
                ),
                (
                    "tracker",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="tracker",
                    ),
                ),
                (
                    "vehicle",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="cases",
                        to="visits.vehicle",
                        verbose_name="vehicle",
                    ),
                ),
            ],
            options={
                "verbose_name": "case",
                "verbose_name_plural": "cases",
                "ordering": ["id"],
            },
        ),
        migrations.CreateModel(
            name="Article",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("title", models.CharField(max_length=120, verbose_name="title")),
                ("problem", models.TextField(verbose_name="problem")),
                ("method", models.TextField(verbose_name="method")),
                ("minutes", models.PositiveIntegerField(verbose_name="minutes")),
                ("category", models.CharField(blank=True, max_length=60, verbose_name="category")),
                ("at", models.DateTimeField(verbose_name="at")),
                ("retired_at", models.DateTimeField(blank=True, null=True, verbose_name="retired at")),
                (
                    "by",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="by",
                    ),
                ),
                (
                    "case",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="articles",
                        to="complaints.case",
                        verbose_name="case",
                    ),
                ),
            ],
            options={
                "verbose_name": "article",
                "verbose_name_plural": "articles",
                "ordering": ["id"],
            },
        ),
        migrations.CreateModel(
            name="IntakeLink",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("token", models.CharField(max_length=64, unique=True, verbose_name="token")),
                ("title", models.CharField(max_length=80, verbose_name="title")),
                ("types", models.JSONField(blank=True, default=list, verbose_name="types")),
                ("made_at", models.DateTimeField(verbose_name="made at")),
                ("ended_at", models.DateTimeField(blank=True, null=True, verbose_name="ended at")),
                (
                    "branch",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        to="staff.branch",
                        verbose_name="branch",
                    ),
                ),
                (
                    "department",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        to="staff.department",
                        verbose_name="department",
                    ),
                ),
                (
                    "made_by",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="made by",
                    ),
                ),
            ],
            options={
                "verbose_name": "link to the public form",
                "verbose_name_plural": "links to the public form",
                "ordering": ["id"],
            },
        ),
        migrations.CreateModel(
            name="PublicLetter",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("title", models.CharField(max_length=120, verbose_name="title")),
                ("text", models.TextField(verbose_name="text")),
                ("written_at", models.DateTimeField(verbose_name="written at")),
                ("published_at", models.DateTimeField(blank=True, null=True, verbose_name="published at")),
                (
                    "branch",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        to="staff.branch",
                        verbose_name="branch",
                    ),
                ),
                (
                    "published_by",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="published by",
                    ),
                ),
                (
                    "written_by",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="written by",
                    ),
                ),
            ],
            options={
                "verbose_name": "public letter",
                "verbose_name_plural": "public letters",
                "ordering": ["id"],
            },
        ),
        migrations.AddField(
            model_name="case",
            name="letter",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="cases",
                to="complaints.publicletter",
                verbose_name="public letter",
            ),
        ),
        migrations.CreateModel(
            name="WorkOrder",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.CharField(max_length=24, unique=True, verbose_name="number")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("contact_sheet", "work contact sheet"),
                            ("repair", "repair"),
                            ("return_exchange", "return or exchange"),
                        ],
                        max_length=16,
                        verbose_name="kind",
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("opened", "opened"),
                            ("checked", "checked"),
                            ("dispatched", "dispatched"),
                            ("arrived", "on site"),
                            ("reported", "reported"),
                            ("done", "done"),
                            ("refused", "not within the service"),
                            ("cancelled", "cancelled"),
                        ],
                        default="opened",
                        max_length=12,
                        verbose_name="state",
                    ),
                ),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                ("partner", models.CharField(blank=True, max_length=80, verbose_name="outside partner")),
                ("instruction", models.TextField(verbose_name="what is to be done")),
                ("due_at", models.DateTimeField(blank=True, null=True, verbose_name="due at")),
                ("urgent", models.BooleanField(default=False, verbose_name="urgent")),
                ("skill", models.CharField(blank=True, max_length=60, verbose_name="skill that it takes")),
                ("area", models.CharField(blank=True, max_length=60, verbose_name="area")),
                ("product", models.CharField(blank=True, max_length=80, verbose_name="product")),
                ("model", models.CharField(blank=True, max_length=80, verbose_name="model")),
                ("purchased_on", models.DateField(blank=True, null=True, verbose_name="bought on")),
                (
                    "warranty_months",
                    models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="months of warranty"),
                ),
                ("in_scope", models.BooleanField(blank=True, null=True, verbose_name="within the service")),
                ("scope_reason", models.CharField(blank=True, max_length=200, verbose_name="why")),
                ("fault_nature", models.CharField(blank=True, max_length=80, verbose_name="nature of the fault")),
                ("cause", models.TextField(blank=True, verbose_name="probable cause")),
                (
                    "mode",
                    models.CharField(
                        blank=True,
                        choices=[("onsite", "on site"), ("mail_in", "sent in")],
                        max_length=8,
                        verbose_name="way",
                    ),
                ),
                ("tracking_no", models.CharField(blank=True, max_length=60, verbose_name="shipping number")),
                ("slot_from", models.DateTimeField(blank=True, null=True, verbose_name="agreed from")),
                ("slot_until", models.DateTimeField(blank=True, null=True, verbose_name="agreed until")),
                ("fault", models.TextField(blank=True, verbose_name="fault found")),
                ("solution", models.TextField(blank=True, verbose_name="solution")),
                ("process", models.TextField(blank=True, verbose_name="what was done")),
                ("materials", models.JSONField(blank=True, default=list, verbose_name="materials")),
                ("minutes", models.PositiveIntegerField(blank=True, null=True, verbose_name="minutes of work")),
                ("result", models.TextField(blank=True, verbose_name="result")),
                (
                    "measure",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("guidance", "guidance"),
                            ("support", "support"),
                            ("repair", "repair"),
                            ("replacement", "replacement"),
                            ("exchange", "exchange"),
                            ("refund", "refund"),
                            ("compensation", "compensation"),
                            ("apology", "apology and explanation"),
                            ("other", "another measure"),
                        ],
                        max_length=14,
                        verbose_name="measure",
                    ),
                ),
                ("approved_at", models.DateTimeField(blank=True, null=True, verbose_name="approved at")),
                ("values", models.JSONField(blank=True, default=dict, verbose_name="further fields")),
                ("tags", models.JSONField(blank=True, default=list, verbose_name="tags")),
                (
                    "verdict",
                    models.CharField(
                        blank=True,
                        choices=[("true", "true"), ("false", "false"), ("partly", "partly true")],
                        max_length=8,
                        verbose_name="what the visit found",
                    ),
                ),
                (
                    "confirmed_how",
                    models.CharField(
                        blank=True,
                        choices=[("signature", "signature"), ("link", "by the link"), ("telephone", "by telephone")],
                        max_length=12,
                        verbose_name="confirmed by",
                    ),
                ),
                ("token", models.CharField(blank=True, editable=False, max_length=64)),
                ("signature", models.CharField(blank=True, max_length=48, verbose_name="signature")),
                ("opened_at", models.DateTimeField(verbose_name="opened at")),
                ("checked_at", models.DateTimeField(blank=True, null=True, verbose_name="checked at")),
                ("dispatched_at", models.DateTimeField(blank=True, null=True, verbose_name="dispatched at")),
                ("accepted_at", models.DateTimeField(blank=True, null=True, verbose_name="accepted at")),
                ("arrived_at", models.DateTimeField(blank=True, null=True, verbose_name="arrived at")),
                ("reported_at", models.DateTimeField(blank=True, null=True, verbose_name="reported at")),
                ("confirmed_at", models.DateTimeField(blank=True, null=True, verbose_name="confirmed at")),
                ("closed_at", models.DateTimeField(blank=True, null=True, verbose_name="ended at")),
                ("reopened", models.PositiveSmallIntegerField(default=0, verbose_name="times reopened")),
                (
                    "approved_by",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="approved by",
                    ),
                ),
                (
                    "assignee",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="work_orders",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="technician",
                    ),
                ),
                (
                    "branch",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        to="staff.branch",
                        verbose_name="branch",
                    ),
                ),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="work_orders",
                        to="complaints.case",
                        verbose_name="case",
                    ),
                ),
                (
                    "checked_by",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="checked by",
                    ),
                ),
                (
                    "department",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="work_orders",
                        to="staff.department",
                        verbose_name="department",
                    ),
                ),
                (
                    "opened_by",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="opened by",
                    ),
                ),
            ],
            options={
                "verbose_name": "work order",
                "verbose_name_plural": "work orders",
                "ordering": ["id"],
            },
        ),
        migrations.CreateModel(
            name="CaseDeed",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField(max_length=20, verbose_name="deed")),
                ("round", models.PositiveSmallIntegerField(default=1, verbose_name="round")),
                ("at", models.DateTimeField(verbose_name="at")),
                ("logged_at", models.DateTimeField(verbose_name="written down at")),
                ("text", models.TextField(blank=True, verbose_name="note")),
                ("facts", models.JSONField(blank=True, default=dict, verbose_name="facts")),
                (
                    "by",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="by",
                    ),
                ),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="deeds",
                        to="complaints.case",
                        verbose_name="case",
                    ),
                ),
                (
                    "department",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="staff.department",
                        verbose_name="department",
                    ),
                ),
                (
                    "record",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="visits.visitrecord",
                        verbose_name="visit",
                    ),
                ),
                (
                    "to",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="to",
                    ),
                ),
                (
                    "work_order",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="deeds",
                        to="complaints.workorder",
                        verbose_name="work order",
                    ),
                ),
            ],
            options={
                "verbose_name": "deed about a case",
                "verbose_name_plural": "deeds about cases",
                "ordering": ["id"],
            },
        ),
        migrations.CreateModel(
            name="Accusation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("text", models.CharField(blank=True, max_length=200, verbose_name="of what")),
                ("attitude", models.BooleanField(default=False, verbose_name="about the attitude")),
                ("harm", models.BooleanField(default=False, verbose_name="it did harm")),
                ("verified", models.BooleanField(blank=True, null=True, verbose_name="verified")),
                ("finding", models.TextField(blank=True, verbose_name="what was found")),
                ("at", models.DateTimeField(verbose_name="entered at")),
                ("verified_at", models.DateTimeField(blank=True, null=True, verbose_name="verified at")),
                (
                    "by",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="entered by",
                    ),
                ),
                (
                    "employee",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="accusations",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="about",
                    ),
                ),
                (
                    "verified_by",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="verified by",
                    ),
                ),
                (
                    "case",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="accusations",
                        to="complaints.case",
                        verbose_name="case",
                    ),
                ),
            ],
            options={
                "verbose_name": "complaint about a person",
                "verbose_name_plural": "complaints about persons",
                "ordering": ["id"],
                "indexes": [models.Index(fields=["verified_at"], name="accusation_by_verdict")],
                "constraints": [
                    models.UniqueConstraint(fields=("case", "employee"), name="accused_once_in_case"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("verified", None), ("verified_at", None)),
                            models.Q(("verified__isnull", False), ("verified_at__isnull", False)),
                            _connector="OR",
                        ),
                        name="accusation_verified_at_a_moment",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Compensation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("coupon", "coupon"),
                            ("cash", "money"),
                            ("discount", "discount"),
                            ("gift", "gift"),
                            ("service", "free service"),
                        ],
                        max_length=10,
                        verbose_name="kind",
                    ),
                ),
                ("amount", models.PositiveIntegerField(verbose_name="value in hundredths")),
                ("text", models.CharField(blank=True, max_length=200, verbose_name="what")),
                ("allowance", models.CharField(blank=True, max_length=60, verbose_name="allowance")),
                (
                    "state",
                    models.CharField(
                        choices=[("proposed", "waits for approval"), ("approved", "approved"), ("refused", "refused")],
                        default="proposed",
                        max_length=10,
                        verbose_name="state",
                    ),
                ),
                ("proposed_at", models.DateTimeField(verbose_name="proposed at")),
                ("decided_at", models.DateTimeField(blank=True, null=True, verbose_name="decided at")),
                ("reason", models.CharField(blank=True, max_length=200, verbose_name="reason")),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="compensations",
                        to="complaints.case",
                        verbose_name="case",
                    ),
                ),
                (
                    "decided_by",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="decided by",
                    ),
                ),
                (
                    "proposed_by",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="proposed by",
                    ),
                ),
            ],
            options={
                "verbose_name": "compensation",
                "verbose_name_plural": "compensations",
                "ordering": ["id"],
                "indexes": [models.Index(fields=["decided_at"], name="compensation_by_decision")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["proposed", "approved", "refused"])),
                        name="compensation_state_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("amount__gt", 0)), name="compensation_is_worth_something"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("decided_at", None), ("state", "proposed")),
                            models.Q(models.Q(("state", "proposed"), _negated=True), ("decided_at__isnull", False)),
                            _connector="OR",
                        ),
                        name="compensation_decided_by_its_state",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Entry",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("form", models.CharField(max_length=80, verbose_name="book")),
                ("values", models.JSONField(default=dict, verbose_name="entries")),
                ("words", models.TextField(blank=True, editable=False)),
                ("at", models.DateTimeField(verbose_name="happened at")),
                ("logged_at", models.DateTimeField(verbose_name="entered at")),
                (
                    "state",
                    models.CharField(
                        choices=[("open", "open"), ("closed", "closed")],
                        default="open",
                        max_length=8,
                        verbose_name="state",
                    ),
                ),
                ("reply", models.TextField(blank=True, verbose_name="reply")),
                ("closed_at", models.DateTimeField(blank=True, null=True, verbose_name="closed at")),
                (
                    "branch",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        to="staff.branch",
                        verbose_name="branch",
                    ),
                ),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="entered by",
                    ),
                ),
                (
                    "case",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="entries",
                        to="complaints.case",
                        verbose_name="case made of it",
                    ),
                ),
                (
                    "closed_by",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="closed by",
                    ),
                ),
                (
                    "customer",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="entries",
                        to="visits.customer",
                        verbose_name="customer",
                    ),
                ),
                (
                    "department",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        to="staff.department",
                        verbose_name="department",
                    ),
                ),
                (
                    "first",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="versions",
                        to="complaints.entry",
                        verbose_name="first version",
                    ),
                ),
                (
                    "policy",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="staff.policy",
                        verbose_name="policy",
                    ),
                ),
                (
                    "release",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="staff.release",
                        verbose_name="release",
                    ),
                ),
                (
                    "replaces",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="replaced_by",
                        to="complaints.entry",
                        verbose_name="instead of",
                    ),
                ),
            ],
            options={
                "verbose_name": "entry of a book",
                "verbose_name_plural": "entries of books",
                "ordering": ["id"],
                "indexes": [models.Index(fields=["policy", "form", "at"], name="entry_of_book")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("closed_at", None), ("state", "open")),
                            models.Q(("closed_at__isnull", False), ("state", "closed")),
                            _connector="OR",
                        ),
                        name="entry_closed_by_its_state",
                    )
                ],
            },
        ),
        migrations.AddIndex(
            model_name="case",
            index=models.Index(fields=["opened_at"], name="case_by_moment"),
        ),
        migrations.AddIndex(
            model_name="case",
            index=models.Index(
                condition=models.Q(("state__in", ("closed", "merged", "withdrawn", "exempt")), _negated=True),
                fields=["state", "opened_at"],
                name="case_open",
            ),
        ),
        migrations.AddIndex(
            model_name="case",
            index=models.Index(fields=["branch", "opened_at"], name="case_of_branch"),
        ),
        migrations.AddIndex(
            model_name="case",
            index=models.Index(fields=["closed_at"], name="case_by_end"),
        ),
        migrations.AddConstraint(
            model_name="case",
            constraint=models.CheckConstraint(
                condition=models.Q(("type__in", ["complaint", "problem", "suggestion", "enquiry", "repair"])),
                name="case_type_is_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="case",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "state__in",
                        [
                            "registered",
                            "assigned",
                            "in_progress",
                            "waiting",
                            "resolved",
                            "verifying",
                            "closed",
                            "merged",
                            "withdrawn",
                            "exempt",
                        ],
                    )
                ),
                name="case_state_is_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="case",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "source__in",
                        [
                            "phone",
                            "hotline",
                            "letter",
                            "fax",
                            "visit",
                            "email",
                            "mailbox",
                            "online",
                            "wechat",
                            "chat",
                            "call",
                            "colleague",
                            "cs_centre",
                            "gov_hotline",
                            "api",
                            "other",
                        ],
                    )
                ),
                name="case_source_is_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="case",
            constraint=models.CheckConstraint(
                condition=models.Q(("summary", ""), _negated=True), name="case_says_what"
            ),
        ),
        migrations.AddConstraint(
            model_name="case",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state__in", ("closed", "merged", "withdrawn", "exempt")), ("closed_at__isnull", False)),
                    models.Q(
                        models.Q(("state__in", ("closed", "merged", "withdrawn", "exempt")), _negated=True),
                        ("closed_at", None),
                    ),
                    _connector="OR",
                ),
                name="case_ended_by_its_state",
            ),
        ),
        migrations.AddConstraint(
            model_name="case",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "merged"), ("merged_into__isnull", False)),
                    models.Q(models.Q(("state", "merged"), _negated=True), ("merged_into", None)),
                    _connector="OR",
                ),
                name="case_merged_by_its_state",
            ),
        ),
        migrations.AddConstraint(
            model_name="case",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "exempt"), _negated=True),
                    models.Q(("exemption", ""), _negated=True),
                    _connector="OR",
                ),
                name="case_exempt_by_a_code",
            ),
        ),
        migrations.AddConstraint(
            model_name="case",
            constraint=models.UniqueConstraint(
                condition=models.Q(("reference", ""), _negated=True),
                fields=("source", "reference"),
                name="case_once_from_its_source",
            ),
        ),
        migrations.AddIndex(
            model_name="workorder",
            index=models.Index(
                condition=models.Q(("state__in", ("done", "refused", "cancelled")), _negated=True),
                fields=["assignee", "due_at"],
                name="work_order_of_technician",
            ),
        ),
        migrations.AddIndex(
            model_name="workorder",
            index=models.Index(fields=["opened_at"], name="work_order_by_moment"),
        ),
        migrations.AddConstraint(
            model_name="workorder",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "state__in",
                        ["opened", "checked", "dispatched", "arrived", "reported", "done", "refused", "cancelled"],
                    )
                ),
                name="work_order_state_is_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="workorder",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ["contact_sheet", "repair", "return_exchange"])),
                name="work_order_kind_is_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="workorder",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state__in", ("done", "refused", "cancelled")), ("closed_at__isnull", False)),
                    models.Q(
                        models.Q(("state__in", ("done", "refused", "cancelled")), _negated=True), ("closed_at", None)
                    ),
                    _connector="OR",
                ),
                name="work_order_ended_by_its_state",
            ),
        ),
        migrations.AddConstraint(
            model_name="workorder",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("slot_from", None), ("slot_until", None)),
                    ("slot_until__gt", models.F("slot_from")),
                    _connector="OR",
                ),
                name="work_order_slot_in_order",
            ),
        ),
        migrations.AddConstraint(
            model_name="workorder",
            constraint=models.UniqueConstraint(
                condition=models.Q(("token", ""), _negated=True), fields=("token",), name="work_order_by_its_token"
            ),
        ),
        migrations.AddIndex(
            model_name="casedeed",
            index=models.Index(fields=["kind", "logged_at"], name="case_deed_by_kind"),
        ),
    ]
