"use strict";
// On the page that stands in for one that could not be loaded: try again when asked, and when the network is back.
(() => {
  const again = () => window.location.reload();
  document.querySelector("[data-again]").addEventListener("click", (event) => { event.preventDefault(); again(); });
  window.addEventListener("online", again);
})();
