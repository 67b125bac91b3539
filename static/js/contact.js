"use strict";
// The small deeds beside a call: their form opens below the number, a chip fills it, Escape closes it.
(() => {
  const deed = () => document.querySelector("#deed");
  const close = () => { if (deed()) deed().replaceChildren(); };

  document.addEventListener("click", (event) => {
    const chip = event.target.closest("[data-fill-deed]");
    if (chip) chip.closest("form").elements[chip.dataset.fillDeed].value = chip.dataset.value;
    if (event.target.closest("[data-deed-close]")) close();
  });
  document.addEventListener("keydown", (event) => {
    if (event.isComposing || event.keyCode === 229 || event.key !== "Escape") return;
    if (deed()?.contains(event.target)) close();
  });

  // Why one calls at this hour was said before the number was shown: the record asks for the same words.
  const takeReason = () => {
    const said = document.querySelector("#number [data-said]")?.dataset.said;
    const field = document.querySelector("#call-form [name=reason]");
    if (said && field && !field.value) field.value = said;
  };

  document.addEventListener("htmx:afterSettle", (event) => {
    if (event.target?.id === "deed" || event.detail.target?.id === "deed") {
      deed()?.querySelector("input:not([type=hidden]):not([type=radio]):not([type=checkbox]), textarea")?.focus();
    }
    takeReason();
  });
})();
