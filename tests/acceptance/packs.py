"""Packs for the stories, as somebody outside would write them."""

SEGMENTS = '[[segment]]\ncode = "vip"\ntitle = "贵宾"\n[[segment]]\ncode = "key"\ntitle = "重点"\n'


def pack(*sections: str, slug: str = "mine", since: str = "2026-01-01", head: str = "") -> str:
    """Return a pack; `head`: further lines of its first table."""
    return f'[policy]\nslug = "{slug}"\ntitle = "制度"\neffective_from = {since}\n{head}\n' + "\n".join(sections)


def rule(code: str, *steps: str, trigger: str = '"service_completed"', **keys: str) -> str:
    """Return a rule; each step is given as its lines, parted by semicolons, and called s0, s1, …"""
    own = "".join(f"{key} = {value}\n" for key, value in keys.items())
    made = "".join(
        f'[[visit_rule.step]]\ncode = "s{number}"\n' + "\n".join(lines.split("; ")) + "\n"
        for number, lines in enumerate(steps)
    )
    return f'[[visit_rule]]\ncode = "{code}"\ntrigger = {trigger}\n{own}{made}'


def when(*conditions: tuple[str, str, str]) -> str:
    """Return conditions as TOML."""
    return (
        "[" + ", ".join(f'{{ field = "{name}", op = "{op}", value = {value} }}' for name, op, value in conditions) + "]"
    )
