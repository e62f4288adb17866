/* Explains a term where it stands: on hover and on focus the sentence beside its link is shown.
   It can be pointed at, Escape puts it away (WCAG 1.4.13). Without this script the link leads to the
   glossary, and a screen reader reads the sentence either way. */
(() => {
  "use strict";
  const MARGIN = 8, PATIENCE = 250;
  let shown = null, word = null, going;
  const hide = () => {
    clearTimeout(going);
    if (shown) shown.hidden = true;
    shown = word = null;
  };
  // Below the line in which the word ends, inside the window; above where there is no room below.
  const place = () => {
    if (!shown) return;
    const line = [...word.getClientRects()].at(-1), box = shown.getBoundingClientRect();
    const left = Math.min(line.left, document.documentElement.clientWidth - box.width - MARGIN);
    const below = line.bottom + box.height < innerHeight;
    shown.style.left = Math.max(MARGIN, left) + "px";
    shown.style.top = (below ? line.bottom : line.top - box.height) + "px";
  };
  const show = (link) => {
    clearTimeout(going);
    if (link === word) return;
    hide();
    word = link;
    shown = link.nextElementSibling;
    shown.hidden = false;
    place();
  };
  const later = () => { clearTimeout(going); going = setTimeout(hide, PATIENCE); };

  for (const link of document.querySelectorAll(".kh-begriff")) {
    link.addEventListener("pointerenter", (event) => { if (event.pointerType === "mouse") show(link); });
    link.addEventListener("pointerleave", later);
    link.addEventListener("focus", () => show(link));
    link.addEventListener("blur", hide);
    const note = link.nextElementSibling;
    note.addEventListener("pointerenter", () => clearTimeout(going));
    note.addEventListener("pointerleave", later);
  }
  addEventListener("keydown", (event) => { if (event.key === "Escape") hide(); });
  // Focus may scroll the page to the word.
  for (const moved of ["scroll", "resize"]) addEventListener(moved, place, { passive: true });
})();
