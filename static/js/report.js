"use strict";
// The page of a report: one key hands it in, J and K move from line to line, the time left counts down.
(() => {
  const form = document.querySelector("form[data-report]");
  if (!form) return;
  const lines = [...document.querySelectorAll(".report-line")];
  const typing = (target) => target instanceof Element && target.matches("input, textarea, select, [contenteditable]");
  let at = -1;

  const move = (by) => {
    if (!lines.length) return;
    at = Math.min(Math.max(at + by, 0), lines.length - 1);
    lines[at].tabIndex = -1;
    lines[at].focus();
  };

  document.addEventListener("keydown", (event) => {
    if (event.isComposing || event.keyCode === 229 || document.querySelector("dialog[open]")) return;
    if (event.key === "Enter" && event.ctrlKey) {
      event.preventDefault();
      document.querySelector(".hand-in-button")?.click();
      return;
    }
    // One line of text is no button: Enter in it must not hand in a report that is half explained.
    if (event.key === "Enter" && event.target.matches?.("form[data-report] input")) { event.preventDefault(); return; }
    if (typing(event.target) || event.ctrlKey || event.altKey || event.metaKey) return;
    if (event.key === "j") move(1);
    if (event.key === "k") move(-1);
  });

  const clock = document.querySelector("[data-until]");
  const told = clock?.querySelector("[data-left]");
  if (!clock || !told) return;
  // The server said how long there is; the page only counts on from there, whatever its own clock shows.
  const began = performance.now();
  const first = Number(clock.dataset.left);
  const show = () => {
    const left = Math.floor(first - (performance.now() - began) / 1000);
    if (left < 0) { clock.classList.add("over"); return; }
    if (left >= 86400) return;
    const two = (n) => String(n).padStart(2, "0");
    told.textContent = `${two(Math.floor(left / 3600))}:${two(Math.floor(left / 60) % 60)}:${two(left % 60)}`;
    setTimeout(show, 1000);
  };
  show();
})();
