"""In which order answers go out: that of the questionnaire, whatever order a database keeps them in (U-08)."""

from collections.abc import Mapping
from typing import Any

from visits.domain.calling.questioning import WHY
from visits.domain.planning.rulebook import load_rulebook


class Asked:
    """The questions of each step of the regulations in force, in their order."""

    def __init__(self) -> None:
        self._packs = {book.slug: book.pack for book in load_rulebook().books}
        self._known: dict[tuple[str, str, str], dict[str, int]] = {}

    def in_order(self, answers: Mapping[str, Any], policy: str, rule: str, step: str) -> dict[str, Any]:
        """Return the answers as they were asked, each reason behind its answer; what was not asked so comes last."""
        key = (policy, rule, step)
        if key not in self._known:
            self._known[key] = self._order(*key)
        order = self._known[key]
        last = len(order)
        names = sorted(answers, key=lambda name: (order.get(name.removesuffix(WHY), last), name))
        return {name: answers[name] for name in names}

    def _order(self, policy: str, rule: str, step: str) -> dict[str, int]:
        """Return the place of each question; of a step that the regulation lost, by all its questionnaires."""
        pack = self._packs.get(policy)
        if pack is None:
            return {}
        found = pack.rule(rule)
        spec = next((one for one in found.step if one.code == step), None) if found else None
        own = pack.questionnaire_of(spec.questionnaire) if spec and spec.questionnaire else None
        codes = [question.code for asked in ((own,) if own else pack.questionnaire) for question in asked.question]
        return {code: place for place, code in enumerate(dict.fromkeys(codes))}
