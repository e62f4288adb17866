/* Explains a term where it stands: on hover and on focus the sentence beside its link is shown.
   It can be pointed at, Escape puts it away (WCAG 1.4.13). Without this script the link leads to the
   glossary, and a screen reader reads the sentence either way. */
(() => {
  "use strict";
  const MARGIN = 8, PATIENCE = 250;
  let shown = null, going;
  const hide = () => {
    clearTimeout(going);
    if (shown) shown.hidden = true;
    shown = null;
  };
  const show = (link) => {
    const note = link.nextElementSibling;
    clearTimeout(going);
    if (note === shown) return;
    hide();
    note.hidden = false;
    shown = note;
    // Below the line in which the word ends, inside the window; above where there is no room below.
    const word = [...link.getClientRects()].at(-1), box = note.getBoundingClientRect();
    const left = Math.min(word.left, document.documentElement.clientWidth - box.width - MARGIN);
    const below = word.bottom + box.height < innerHeight;
    note.style.left = Math.max(MARGIN, left) + "px";
    note.style.top = (below ? word.bottom : word.top - box.height) + "px";
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
  addEventListener("scroll", hide, { passive: true });
})();
