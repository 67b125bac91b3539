"use strict";
// Clocks that count: each shows how much of its own time is left, as of when the page was made.
(() => {
  const words = document.querySelector("#clock-words")?.dataset;
  if (!words) return;
  const began = Date.now();
  const fill = (text, values) => text.replace(/%\((\w+)\)[ds]/g, (_all, name) => values[name]);
  const said = (seconds) => {
    const whole = Math.floor(Math.abs(seconds) / 60);
    const days = Math.floor(whole / 1440);
    const hours = Math.floor(whole / 60) - (days >= 2 ? days * 24 : 0);
    const pattern = days >= 2 ? words.days : hours ? words.hours : words.minutes;
    return fill(seconds < 0 ? words.late : words.left, { time: fill(pattern, { days, hours, minutes: whole % 60 }) });
  };
  const show = () => {
    for (const clock of document.querySelectorAll("[data-left][data-runs]")) {
      const left = Number(clock.dataset.left) - (Date.now() - began) / 1000;
      const text = [...clock.childNodes].find((node) => node.nodeType === Node.TEXT_NODE && node.data.trim());
      if (text) text.data = said(left);
      if (left < 0) clock.closest(".clock")?.classList.add("clock-late");
    }
  };
  setInterval(show, 15000);
})();
// What can be done about a case, by key: a digit opens a deed with the cursor in its first field, Ctrl+Enter sends it.
(() => {
  const deeds = [...document.querySelectorAll("#deeds details")];
  const FIELDS = ":is(textarea, select, input:not([type=hidden]))";
  const begin = (deed) => (deed.querySelector(`form ${FIELDS}`) || deed.querySelector("form .btn-primary"))?.focus();
  for (const deed of deeds) {
    deed.addEventListener("toggle", () => { if (deed.open && deed.contains(document.activeElement)) begin(deed); });
  }
  document.addEventListener("keydown", (event) => {
    if (event.isComposing || event.altKey || event.metaKey || event.repeat || document.querySelector("dialog[open]")) return;
    if (event.ctrlKey) {
      if (event.key === "Enter") event.target.closest("#deeds form")?.requestSubmit();
      return;
    }
    const deed = deeds[Number(event.key) - 1];
    if (!deed || event.target.matches(`${FIELDS}:not([type=checkbox])`)) return;
    event.preventDefault();
    deed.open = true;
    begin(deed);
  });
})();
