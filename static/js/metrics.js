"use strict";
// On a phone the groups of the dictionary begin folded, so that all of them stand on one screen. What a search found is
// open, and so is the group of the metric that the address names. Without scripts everything is open below an index.
(() => {
  const narrow = window.matchMedia("(max-width: 575px)");
  const fold = () => document.querySelectorAll("[data-fold]").forEach((group) => { group.open = !narrow.matches; });
  const unfold = () => {
    const wanted = document.getElementById(decodeURIComponent(window.location.hash.slice(1)));
    const group = wanted?.closest("[data-fold]");
    if (!group) return;
    group.open = true;
    wanted.scrollIntoView();
  };
  fold();
  unfold();
  window.addEventListener("hashchange", unfold);
  document.addEventListener("htmx:afterSettle", (event) => { if (event.target.id === "metric-found") fold(); });
})();
