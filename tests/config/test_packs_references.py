"""A mention that leads nowhere is refused; what refers to a missing figure waits with it."""

import pytest

from config.packs.checks import doubtful_fields
from config.packs.waiting import Wait, waiting
from tests.packs import pack, refusal

RULE = '[[visit_rule]]\ncode = "r"\ntrigger = "deal"\n[[visit_rule.step]]\ncode = "s"\ncloses = "7d"\n'
ASKED = '[[questionnaire]]\ncode = "q"\n[[questionnaire.question]]\ncode = "how"\n'
CLAUSE = '[[clause]]\nref = "1"\nenforced_by = "%s"\n'


@pytest.mark.parametrize(
    "reference",
    [
        "visit_rule:r",
        "visit_rule:r/s",
        "visit_rule",
        "questionnaire:q/how",
        "policy",
        "ledger",
        "feature:audit",
        "role:hr",
        "event_kind:deal",
    ],
)
def test_a_reference_to_what_is_there_is_sound(reference):
    assert pack(CLAUSE % reference + RULE + ASKED).clause[0].enforced_by == (reference,)


@pytest.mark.parametrize(
    ("reference", "mend"),
    [
        ("visit_rule:rr", "perhaps r is meant"),
        ("visit_rule:r/x", ""),
        ("visit_rules", "perhaps visit_rule is meant"),
        ("report", ""),
        ("questionnaire:q/hw", "perhaps how is meant"),
        ("feature:audits", "perhaps audit is meant"),
        ("role:nobody", ""),
    ],
)
def test_a_dangling_reference_is_refused_with_its_line(reference, mend):
    error = refusal(CLAUSE % reference + RULE + ASKED)
    assert (error.line, error.path, error.found, error.mend) == (6, "clause[1].enforced_by[1]", reference, mend)


@pytest.mark.parametrize(
    ("text", "path"),
    [
        (RULE.replace("deal", "dael"), "visit_rule[r].trigger[1]"),
        (RULE + 'questionnaire = "css"', "visit_rule[r].step[s].questionnaire"),
        (RULE + 'needs = "diploma"', "visit_rule[r].step[s].needs[1]"),
        (RULE + 'assign = ["advisor", "role:boss@area"]', "visit_rule[r].step[s].assign[2]"),
        (RULE + 'sample = { rate = 1, always = "vip" }', "visit_rule[r].step[s].sample.always[1].value"),
        (RULE + 'when = { field = "answer.why", op = "==", value = 1 }', "visit_rule[r].step[s].when.field"),
        ('[[obligation]]\ncode = "o"\non = "entry:book"\ndeed = "todo"', "obligation[o].on[1]"),
        ('[[penalty]]\ncode = "p"\nclause = "7"', "penalty[p].clause"),
        ('[[penalty]]\ncode = "p"\nof = "report:daily"', "penalty[p].of[1]"),
        ('[[penalty]]\ncode = "p"\nof = "dayly"', "penalty[p].of[1]"),
        ('[[reward]]\ncode = "p"\nmetric = "kpi:css"\ntop = 0.1', "reward[p].metric"),
        ('[[category]]\ncode = "c"\nparent = "d"', "category[c].parent"),
        ('[[role]]\ncode = "pilot"\nlike = "captain"', "role[pilot].like"),
        ('[[form]]\ncode = "f"\nof = "entry:book"', "form[f].of"),
        ('[[report]]\ncode = "d"\nrequires = "resullt"', "report[d].requires[1]"),
        ('[[event_kind]]\ncode = "customer"', "event_kind[customer].code"),
    ],
)
def test_what_leads_nowhere_is_refused(text, path):
    assert refusal(text).path == path


@pytest.mark.parametrize(
    ("text", "path", "line"),
    [
        ('[[clause]]\nref = "1"\n[[clause]]\nref = "1"\n', "clause[1].ref", 7),
        ('[[report]]\ncode = "d"\n[[report]]\ncode = "d"\n', "report[d].code", 7),
        (RULE + '[[visit_rule.step]]\ncode = "s"\ncloses = "1d"\n', "visit_rule[r].step[s].code", 11),
    ],
)
def test_a_code_that_is_taken_is_refused(text, path, line):
    error = refusal(text)
    assert (error.path, error.line) == (path, line)


def test_an_unknown_field_is_the_header_of_an_imported_column():
    found = pack(RULE + 'when = { field = "发动机号", op = "==", value = "A" }')
    assert not list(doubtful_fields(found))


def test_a_field_that_looks_like_a_slip_is_pointed_out_but_sound():
    found = pack(RULE + 'when = { field = "raiting", op = "==", value = "A" }')
    assert [doubt.found for doubt in doubtful_fields(found)] == ["raiting"]


# What waits for a figure


def test_nothing_waits_where_every_figure_is_there():
    assert waiting(pack(RULE)) == {}


def test_a_step_with_a_missing_figure_waits_and_its_neighbour_does_not():
    found = pack(RULE + '[[visit_rule.step]]\ncode = "t"\ncloses = "?"\n')
    assert waiting(found) == {("visit_rule", "r", "t"): Wait(keys=("closes",))}


def test_a_missing_figure_in_the_conditions_of_a_rule_stops_all_its_steps():
    text = '[[visit_rule]]\ncode = "r"\ntrigger = "deal"\nwhen = { field = "css", op = "<", value = "?" }\n'
    found = waiting(pack(text + '[[visit_rule.step]]\ncode = "s"\ncloses = "1d"\n'))
    assert found["visit_rule", "r", ""] == Wait(keys=("when[1].value",))
    assert found["visit_rule", "r", "s"] == Wait(behind=(("visit_rule", "r", ""),))


def test_a_rule_all_of_whose_steps_wait_waits_itself():
    assert ("visit_rule", "r", "") in waiting(pack(RULE.replace("7d", "?")))


@pytest.mark.parametrize(
    ("missing", "waits"),
    [
        (ASKED.replace('"how"', '"how"\nmax = "?"') + RULE + 'questionnaire = "q"', ("visit_rule", "r", "s")),
        (
            '[[segment]]\ncode = "vip"\nwhen = { field = "order_total", op = ">", value = "?" }\n'
            + RULE
            + 'when = { field = "segment", op = "==", value = "vip" }',
            ("visit_rule", "r", "s"),
        ),
        (
            '[[kpi]]\ncode = "k"\nmetric = "nps"\nop = ">"\ntarget = "?"\n'
            '[[reward]]\ncode = "w"\nmetric = "kpi:k"\ntop = 0.1',
            ("reward", "w", ""),
        ),
        (
            '[[report]]\ncode = "d"\ndue = "?"\n[[penalty]]\ncode = "p"\nof = "d"\nviolation = "report_late"',
            ("penalty", "p", ""),
        ),
    ],
)
def test_what_refers_to_a_missing_figure_waits_too(missing, waits):
    assert waiting(pack(missing))[waits].behind


def test_a_missing_figure_in_a_list_keeps_its_neighbours():
    penalty = pack('[[penalty]]\ncode = "p"\ntiers = [10, "?", 50]').penalty[0]
    assert penalty.blanks() == ["tiers"]
    assert [str(tier) for tier in penalty.tiers] == ["10", "?", "50"]


def test_the_neighbours_of_a_missing_figure_are_judged_all_the_same():
    assert refusal('[[penalty]]\ncode = "p"\ntiers = [-10, "?"]').path == "penalty[p].tiers[1]"
