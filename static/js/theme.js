"use strict";
// Sets the colours before the page is painted: the person's choice on this device, else what the device asks for.
(() => {
  const dark = window.matchMedia("(prefers-color-scheme: dark)");
  const chosen = () => {
    try { return localStorage.getItem("huifang-theme") || "auto"; } catch { return "auto"; }
  };
  const paint = () => {
    const theme = chosen() === "auto" ? (dark.matches ? "dark" : "light") : chosen();
    document.documentElement.dataset.bsTheme = theme;
    document.documentElement.classList.add("js");
  };
  window.huifangTheme = {
    chosen,
    choose(theme) {
      try { localStorage.setItem("huifang-theme", theme); } catch { /* the choice lasts as long as the page */ }
      paint();
    },
  };
  dark.addEventListener("change", paint);
  paint();
})();
