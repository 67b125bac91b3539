"use strict";
// A sheet of paper prints itself at a press; what is folded on the screen is printed whole.
document.querySelectorAll("[data-print]").forEach((button) => button.addEventListener("click", () => window.print()));
window.addEventListener("beforeprint", () => document.querySelectorAll("[data-print-open]").forEach((one) => { one.open = true; }));
