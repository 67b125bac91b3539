"use strict";
// A return past the promised days needs a recommended repair: say so while it is typed, not after saving.
(() => {
  const show = () => {
    const panel = document.querySelector(".follow[data-limit]");
    if (!panel) return;
    const day = panel.querySelector("[name=return_on]").value;
    const limit = panel.dataset.limit;
    const repair = panel.querySelector("[name=repair]").value.trim();
    panel.querySelector("[data-beyond]").hidden = !(day && limit && day > limit && !repair);
  };
  document.addEventListener("input", (event) => { if (event.target.closest?.(".follow")) show(); });
  document.addEventListener("htmx:afterSwap", show);
  show();
})();
