"use strict";
// One square code is printed alone: the others of the page stay off the paper.
document.querySelectorAll("[data-print]").forEach((button) => button.addEventListener("click", () => {
  const card = button.closest(".door");
  card.classList.add("printed");
  window.print();
  card.classList.remove("printed");
}));
