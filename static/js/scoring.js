"use strict";
// The keys of the scorecard: a verdict for the item at hand, then the next one. They rest while somebody types.
(() => {
  const VERDICTS = { 1: "1", 0: "0", "-": "-" };
  const items = () => [...document.querySelectorAll("[data-scorecard] [data-score]")];
  const typing = (target) => target instanceof Element && target.matches("textarea, select, input:not([type=radio])");
  let here = 0;

  const show = (index) => {
    const found = items();
    if (!found.length) return;
    here = Math.max(0, Math.min(found.length - 1, index));
    found.forEach((one, place) => one.classList.toggle("on", place === here));
    found[here].scrollIntoView({ block: "nearest" });
    const points = found[here].querySelector(".score-points input");
    if (points) points.focus(); else found[here].focus({ preventScroll: true });
  };

  const judge = (value) => {
    const radio = items()[here]?.querySelector(`input[type=radio][value="${value}"]`);
    if (!radio) return false;
    radio.checked = true;
    if (here < items().length - 1) show(here + 1); else document.querySelector("[data-scorecard] [name=remark]")?.focus();
    return true;
  };

  document.addEventListener("focusin", (event) => {
    const index = items().indexOf(event.target.closest?.("[data-score]"));
    if (index >= 0) { here = index; items().forEach((one, place) => one.classList.toggle("on", place === here)); }
  });

  document.addEventListener("keydown", (event) => {
    if (event.isComposing || event.keyCode === 229 || event.altKey || event.metaKey) return;
    const form = document.querySelector("[data-scorecard]");
    if (event.key === "Enter" && event.ctrlKey && form) { event.preventDefault(); form.requestSubmit(); return; }
    if (event.ctrlKey || typing(event.target)) {
      if (event.key === "Escape") event.target.blur();
      return;
    }
    const key = event.key.toLowerCase();
    let done = false;
    if (key === "j") { show(here + 1); done = true; }
    else if (key === "k") { show(here - 1); done = true; }
    else if (key in VERDICTS) done = judge(VERDICTS[key]);
    else if (key === "n") { const next = document.querySelector('[data-key="n"]'); if (next) { next.click(); done = true; } }
    else if (key === " " && !event.target.closest?.("a, button, summary, input")) {
      const sound = document.querySelector("audio");
      if (sound) { if (sound.paused) sound.play(); else sound.pause(); done = true; }
    }
    if (done) event.preventDefault();
  });

  if (items().length) show(0);
})();
