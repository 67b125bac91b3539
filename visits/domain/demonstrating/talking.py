"""What customers of the demo company say when they are called."""

import random
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from config.packs.asking import QuestionSpec
from staff.domain.wording import local
from visits.choices import Channel, Outcome
from visits.domain.calling.contacts import Contact
from visits.domain.calling.questioning import WHY
from visits.domain.calling.terms import Terms
from visits.domain.follow_up.wishes import FollowOn

OUTCOMES: Final = (
    (Outcome.REACHED, 68), (Outcome.NO_ANSWER, 17), (Outcome.BUSY, 7), (Outcome.CALL_BACK, 4),
    (Outcome.REFUSED, 2), (Outcome.WRONG_NUMBER, 1), (Outcome.NO_LONGER_CUSTOMER, 1),
)  # fmt: skip
PROBLEMS: Final = (
    ("保养后方向盘抖动", "已安排技师电话确认，约客户回厂检查四轮动平衡"),
    ("空调制冷不好", "建议回厂检测冷媒，费用由本店承担"),
    ("刹车有异响", "已解释新刹车片磨合期，仍有异响请回厂"),
    ("等了两个小时没人告知进度", "已道歉并转达车间，赠送下次免费洗车"),
    ("费用比报价多了三百元", "核对清单后退还差额"),
    ("车内有烟味", "已通报交车人员，约客户到店做内饰清洁"),
)
RETURNS: Final = {  # problems for which the car has to come back, with what is entered where that takes longer
    "保养后方向盘抖动": "前轮平衡杆胶套老化", "空调制冷不好": "空调冷凝器渗漏", "刹车有异响": "前刹车片磨损",
}  # fmt: skip
QUESTIONS: Final = ("延保能否转给下一任车主？", "厂家召回是否包含我这辆车？", "事故件能否按原厂价优惠？")
WHYS: Final = ("等待时间太长", "交车时没有洗车", "费用没有事先说明", "休息区太吵", "问题没有一次修好")
PRAISE: Final = ("客户表示满意，下次还来", "客户夸奖技师细心", "客户说接待很热情", "一切正常", "客户在忙，简短沟通", "")
ADVICE: Final = ("希望周末多开一个预检工位", "建议增加取送车服务", "", "", "")
WHY_BY: Final = {Channel.MOBILE.value: "座机占线", Channel.WECHAT.value: "客户说发微信方便"}
GOOD_SHARE: Final = 0.86


def contact(
    dice: random.Random, terms: Terms, *, began: datetime, channel: str, reached: bool = False
) -> Contact:  # fmt: skip
    """Return how one call went that began at that moment; `reached`: somebody was there for sure."""
    outcome = dice.choices([value for value, _weight in OUTCOMES], [weight for _value, weight in OUTCOMES])[0]
    outcome = Outcome.REACHED if reached else outcome
    talked = dice.randint(50, 170) if outcome == Outcome.REACHED else dice.randint(12, 40)
    return Contact(
        token=UUID(int=dice.getrandbits(128), version=4),
        outcome=outcome.value,
        started_at=began,
        ended_at=began + timedelta(seconds=talked),
        channel=channel or Channel.DESK_PHONE.value,
        channel_reason=WHY_BY.get(channel, ""),
        **_said(dice, outcome, terms, began),
    )


def _said(dice: random.Random, outcome: str, terms: Terms, began: datetime) -> dict[str, Any]:
    match outcome:
        case Outcome.REACHED:
            return _conversation(dice, terms, began)
        case Outcome.CALL_BACK:
            return {
                "call_back_at": began + timedelta(hours=dice.choice((1, 2, 25))),
                "notes": "客户在开车，约好再打",
                "reason": "客户自己定的时间",
            }
        case Outcome.WRONG_NUMBER:
            return {"new_number": f"139{dice.randint(90_000_000, 99_999_999)}", "notes": "家人接听，告知新号码"}
        case Outcome.REFUSED:
            return {"notes": "客户不愿接受回访"}
    return {}


def _conversation(dice: random.Random, terms: Terms, began: datetime) -> dict[str, Any]:
    is_good = dice.random() < GOOD_SHARE
    problem, solution = ("", "") if is_good else dice.choice(PROBLEMS)
    questions = terms.questionnaire.question if terms.questionnaire else ()
    forgets = dice.random() < 0.04
    return {
        "answers": answers(dice, questions, is_good=is_good),
        "phrases": () if forgets else tuple(terms.step.must_mention),
        "problem": problem,
        "rectification": solution,
        "suggestion": dice.choice(ADVICE),
        "notes": dice.choice(PRAISE) if is_good else "",
        "follow": _agreed(dice, problem, began),
    }


def _agreed(dice: random.Random, problem: str, began: datetime) -> FollowOn:
    """Return what follows: a return within the promised days, a later one with its repair, now and then a question."""
    on, chance = local(began).date(), dice.random()
    if problem in RETURNS and chance < 0.9:
        days = dice.randint(1, 5) if chance < 0.6 else dice.randint(8, 20)
        return FollowOn(return_on=on + timedelta(days=days), repair=RETURNS[problem] if days > 5 else "")
    if not problem and chance < 0.02:
        return FollowOn(question=dice.choice(QUESTIONS), question_due=began + timedelta(days=1))
    if problem and chance > 0.95:
        return FollowOn(complaint=True)
    return FollowOn()


def answers(dice: random.Random, questions: Sequence[QuestionSpec], *, is_good: bool) -> dict[str, Any]:
    """Return answers to every question, with the reason where a low one asks for it."""
    told: dict[str, Any] = {}
    for question in questions:
        value = answer(dice, question, is_good=is_good)
        if value is None:
            continue
        told[question.code] = value
        below = question.ask_why_below is not None and question.kind == "score" and value < question.ask_why_below
        if below or value in question.ask_why:
            told[question.code + WHY] = dice.choice(WHYS)
    return told


def answer(dice: random.Random, question: QuestionSpec, *, is_good: bool) -> Any:
    """Return what a customer answers; None where nothing comes to mind."""
    match question.kind:
        case "yesno":
            # Asked of problems, a satisfied customer says no; asked whether all is well, yes.
            return is_good != ("问题" in question.title)
        case "score" if question.max is not None:
            share = dice.uniform(0.93, 1.0) if is_good else dice.uniform(0.4, 0.8)
            return round(float(question.max) * share)
        case "rating" | "choice" if question.options:
            half = len(question.options) // 2
            return dice.choice(question.options[:half] if is_good else question.options[half:])
    return None
