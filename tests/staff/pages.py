"""A page's form as a browser posts it: every input with what it shows."""

from html.parser import HTMLParser


class Inputs(HTMLParser):
    """Collects what the form with the most inputs of a page would post."""

    def __init__(self) -> None:
        super().__init__()
        self.forms: list[dict[str, list[str]]] = [{}]
        self.select = ""
        self.chosen: list[str] = []
        self.first: str | None = None
        self.several = False
        self.area = ""
        self.text = ""

    def put(self, name: str, value: str) -> None:
        self.forms[-1].setdefault(name, []).append(value)

    def handle_starttag(self, tag, attrs):
        told = dict(attrs)
        begin = {"form": self.on_form, "input": self.on_input, "select": self.on_select, "option": self.on_option}
        begin.get(tag, self.on_area if tag == "textarea" else lambda _told: None)(told)

    def on_form(self, _told):
        self.forms.append({})

    def on_input(self, told):
        kind = told.get("type", "text")
        if not told.get("name") or "disabled" in told or kind in ("submit", "button", "file", "image"):
            return
        if kind not in ("checkbox", "radio") or "checked" in told:
            self.put(told["name"], told.get("value", "on" if kind == "checkbox" else "") or "")

    def on_select(self, told):
        self.select, self.chosen, self.first = told.get("name", ""), [], None
        self.several = "multiple" in told

    def on_option(self, told):
        value = told.get("value", "")
        self.first = value if self.first is None else self.first
        if "selected" in told:
            self.chosen.append(value)

    def on_area(self, told):
        self.area, self.text = told.get("name", ""), ""

    def handle_data(self, data):
        if self.area:
            self.text += data

    def handle_endtag(self, tag):
        if tag == "select" and self.select:
            for value in self.chosen or ([] if self.several or self.first is None else [self.first]):
                self.put(self.select, value)
            self.select = ""
        elif tag == "textarea" and self.area:
            self.put(self.area, self.text.removeprefix("\n"))
            self.area = ""


def form_on(page: str) -> dict[str, list[str]]:
    """Return what the largest form of a page would post if nothing were changed."""
    inputs = Inputs()
    inputs.feed(page)
    return max(inputs.forms, key=len)
