/* A mail about a page or figure names the view that its reader sees: the address with all that was
   chosen on the page. Without this script the mail names page, figure and edition. */
(() => {
  "use strict";
  document.addEventListener("click", (event) => {
    const link = event.target.closest?.(".kh-hinweis-post a");
    if (!link) return;
    link.dataset.anfang ??= link.href;
    link.href = link.dataset.anfang
      + encodeURIComponent("\r\n" + link.dataset.ansicht + location.href);
  });
})();
