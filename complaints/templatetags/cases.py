"""Cases in the words of the screens."""

from django import template
from django.utils.html import format_html
from django.utils.translation import gettext as _

from complaints.domain import revealing
from complaints.domain.ruling import category_words, exemption_words, level_of, pack_of
from complaints.models import Case
from staff.domain.access import may_open
from staff.models import Role
from visits.domain.contact.masking import mask_contact, mask_in_text

register = template.Library()


@register.filter
def level_words(case: Case) -> str:
    """Write the level of a case as its regulation calls it."""
    found = level_of(case.release, case.level)
    return str(found.title or found.code) if found else case.level


@register.filter
def category(case: Case) -> str:
    """Write the category of a case with the one above it."""
    return category_words(case.release, case.category)


@register.filter
def masked_text(text: str) -> str:
    """Write what somebody typed with every mobile number in it masked (DECISIONS 31)."""
    return mask_in_text(text)


@register.simple_tag(takes_context=True)
def contact_of(context, case: Case) -> dict[str, object]:
    """Return how whoever the case is about is reached, masked, and whether this person may ask for it whole."""
    roles = context["request"].user.base_roles
    return {
        "masked": mask_contact(revealing.contact_of(case)),
        "may": may_open("complaints:case_contact", "POST", roles),
    }


@register.filter
def exemption(case: Case) -> str:
    """Write why a case is visited by nobody, as its regulation calls it."""
    return exemption_words(case.release, case.exemption)


@register.filter
def own_fields(case: Case) -> list[tuple[str, str]]:
    """Return the regulation's own fields of a case with their titles."""
    pack = pack_of(case.release)
    titles = {one.code: str(one.title or one.code) for form in (pack.form if pack else ()) for one in form.fields}
    return [(titles.get(code, code), str(value)) for code, value in case.values.items() if value not in (None, "")]


@register.filter
def pool(case: Case) -> str:
    """Write the role in whose pool a case waits."""
    return str(Role.objects.filter(code=case.role).values_list("title", flat=True).first() or case.role)


@register.simple_tag
def clock_words() -> str:
    """Hand the words of clocks to the script that lets them count (static/js/cases.js)."""
    return format_html(
        '<template id="clock-words" data-days="{}" data-hours="{}" data-minutes="{}" data-left="{}" data-late="{}">'
        "</template>",
        _("%(days)d d %(hours)d h"), _("%(hours)d h %(minutes)d min"), _("%(minutes)d min"), _("%(time)s left"),
        _("%(time)s late"),
    )  # fmt: skip
