"""Who keeps the sections of a pack, by dotted name (`config.wiring`)."""

# Sections of a pack that live in rows of their own; every other section is kept entry by entry with the policy.
POLICY_SECTIONS: dict[str, str] = {"visit_rule": "visits.policy.VISIT_RULES"}

# Sections that declare codes of the whole company, shared by all policies.
COMPANY_CODES: dict[str, str] = {
    "role": "staff.policy.ROLES",
    "event_kind": "visits.policy.EVENT_KINDS",
    "segment": "visits.policy.SEGMENTS",
    "qualification": "staff.policy.QUALIFICATIONS",
}
