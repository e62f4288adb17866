/* Before anything is painted: light or dark as chosen before, else as the system says; and the mark
   that scripts run, so that room is kept for what they add. */
(() => {
  "use strict";
  const page = document.documentElement;
  let mode = null;
  // From a file or with storage switched off, asking may be forbidden.
  try { mode = localStorage.getItem("mode"); } catch { /* as the system says */ }
  const dark = matchMedia("(prefers-color-scheme: dark)").matches;
  page.dataset.mode = mode || "auto";
  page.dataset.theme = mode === "light" || mode === "dark" ? mode : dark ? "dark" : "light";
  page.classList.add("kh-skript");
})();
