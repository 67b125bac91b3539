"use strict";
// A return past the promised days needs a recommended repair: say so while it is typed, not after saving.
// A customer who complains: what belongs to it opens below the tick, with the words that were written down already.
(() => {
  const showComplaint = (panel) => {
    const told = panel.querySelector("[data-complaint]");
    const ticked = panel.querySelector("[name=complaint]")?.checked;
    if (!told || told.hidden === !ticked) return;
    told.hidden = !ticked;
    const words = told.querySelector("[name=complaint_text]");
    const problem = document.querySelector("#call-form [name=problem]");
    if (ticked && !words.value) words.value = problem?.value ?? "";
  };
  const show = () => {
    const panel = document.querySelector(".follow[data-limit]");
    if (!panel) return;
    showComplaint(panel);
    const day = panel.querySelector("[name=return_on]").value;
    const limit = panel.dataset.limit;
    const repair = panel.querySelector("[name=repair]").value.trim();
    panel.querySelector("[data-beyond]").hidden = !(day && limit && day > limit && !repair);
  };
  // Who ticks that the customer complains writes the words next.
  document.addEventListener("change", ({ target }) => {
    if (!target.matches?.(".follow [name=complaint]") || !target.checked) return;
    show();
    target.closest(".follow").querySelector("[name=complaint_text]")?.focus();
  });
  for (const kind of ["input", "change"]) document.addEventListener(kind, (event) => { if (event.target.closest?.(".follow")) show(); });
  document.addEventListener("htmx:afterSwap", show);
  show();
})();
