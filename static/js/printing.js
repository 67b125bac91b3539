"use strict";
// A sheet of paper prints itself at a press.
document.querySelectorAll("[data-print]").forEach((button) => button.addEventListener("click", () => window.print()));
