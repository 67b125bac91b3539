"use strict";
// Says before the sign-in ends, how long is left, and keeps it on one press; after the end it leads back in.
(() => {
  const bar = () => document.querySelector("#session-bar");
  const left = () => Number(document.querySelector("#bell")?.dataset.left ?? NaN);
  const WARN = 120;
  let until = NaN;
  let over = false;

  const read = () => { if (!Number.isNaN(left())) until = performance.now() + left() * 1000; };

  const show = () => {
    if (!bar() || Number.isNaN(until)) return;
    const seconds = Math.max(0, Math.round((until - performance.now()) / 1000));
    bar().hidden = seconds > WARN && !over;
    bar().dataset.state = over || seconds === 0 ? "over" : document.querySelector("#bell[data-final]") ? "final" : "left";
    bar().querySelectorAll("[data-left], [data-left-final]").forEach((shown) => {
      shown.textContent = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
    });
  };

  document.addEventListener("htmx:afterSettle", (event) => {
    if (event.detail.target?.id === "bell" || event.target?.id === "bell" || event.target?.id === "session-bar") read();
    show();
  });
  // The bell says how long is left; one press asks it anew. An answer shows that somebody has signed in again.
  document.addEventListener("htmx:afterRequest", (event) => {
    const asked = event.detail.requestConfig?.path ?? "";
    if (event.detail.xhr.status === 401) over = true;
    else if (event.detail.successful) over = false;
    if (event.detail.successful && asked.startsWith("/staff/session/")) window.htmx.trigger("#bell", "ask");
    show();
  });
  setInterval(show, 1000);
  read();
  show();
})();
