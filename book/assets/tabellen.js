/* Tables: the switch between table and chart of a figure, and sorting by a press on a head.
   Without this script both are there, unsorted. Heads stay heads: the button is inside the th. */
(() => {
  "use strict";
  const KH = globalThis.KH, words = KH.words;

  // --- table, chart, or both ----------------------------------------------------------------------
  const VIEWS = ["tabelle", "diagramm", "beides"];
  KH.each((figure) => {
    if (!figure.querySelector(":scope > .kh-chart")) return;
    const name = KH.fill(words.ansicht, { titel: KH.title(figure) });
    const place = KH.made("div", { class: "kh-ansicht", role: "group", "aria-label": name });
    const choose = (view) => {
      figure.dataset.ansicht = view;
      for (const one of place.children)
        one.setAttribute("aria-pressed", String(one.dataset.zeigt === view));
    };
    for (const view of VIEWS)
      place.append(KH.button(words[view], () => {
        choose(view);
        KH.adresse.set(figure, { zeigt: view === "beides" ? null : view });
        KH.say(words["zeigt_" + view]);
      }, { "data-zeigt": view }));
    KH.bar(figure).append(place);
    const restore = () => {
      const { zeigt } = KH.adresse.get(figure);
      choose(VIEWS.includes(zeigt) ? zeigt : "beides");
    };
    figure.addEventListener("kh-adresse", restore);
    restore();
  });

  // --- sorting ------------------------------------------------------------------------------------
  const letters = new Intl.Collator(words.sprache, { numeric: true });
  const { decimal, thousands } = words.zahlen;
  // "1.234,5 %", "−3,2", "+0,4", "(5,1)" are numbers; "geheim", "–", "x" are none.
  // A day counts as a part of its year: 30.06.2015 stands between 2015 and 2016.
  const number = (text) => {
    const day = /^(\d\d)\.(\d\d)\.(\d{4})/.exec(text);
    if (day) return Number(day[3]) + (Number(day[2]) - 1) / 12 + Number(day[1]) / 400;
    const found = /^[(\s]*([+\-−–]?)\s*(\d[\d.,\s\u00a0\u202f]*)/.exec(text);
    if (!found) return null;
    const digits = found[2].replace(/\s/g, "").replaceAll(thousands, "").replace(decimal, ".");
    const value = parseFloat(digits);
    return Number.isNaN(value) ? null : found[1] && found[1] !== "+" ? -value : value;
  };
  // A day such as 31.12.2024 sorts by year first.
  const word = (text) => text.replace(/^(\d\d)\.(\d\d)\.(\d{4})/, "$3-$2-$1");

  // Rows that only part others (a break in the series) have no place in another order.
  const parts = (row) => [...row.cells].slice(1).every((cell) => !cell.textContent.trim());

  const sortable = (table) => {
    const body = table.tBodies[0], head = table.tHead?.rows;
    if (!body || head?.length !== 1 || body.rows.length < 3) return;
    const heads = [...head[0].cells], first = [...body.rows];
    if (first.some((row) => row.cells.length !== heads.length)) return;

    const ordered = (column, direction, rows) => {
      const numbers = heads[column].classList.contains("kh-zahl");
      const key = (row) => {
        const text = row.cells[column].textContent.trim();
        return numbers ? number(text) : word(text);
      };
      const keys = new Map(rows.map((row) => [row, key(row)]));
      const sign = direction === "descending" ? -1 : 1;
      return [...rows].sort((a, b) => {
        const x = keys.get(a), y = keys.get(b);
        // What has no number stands last whichever way.
        if (x === null || y === null) return (x === null) - (y === null);
        return sign * (numbers ? x - y : letters.compare(x, y));
      });
    };
    const press = (column) => {
      const turn = { ascending: "descending", descending: "none" };
      const direction = turn[heads[column].getAttribute("aria-sort")] ?? "ascending";
      for (const other of heads) other.removeAttribute("aria-sort");
      if (direction === "none") body.append(...first);
      else {
        heads[column].setAttribute("aria-sort", direction);
        const parting = first.filter(parts);
        const rows = first.filter((row) => !parting.includes(row));
        body.append(...ordered(column, direction, rows), ...parting);
      }
      const spalte = heads[column].textContent;
      KH.say(KH.fill(words["sortiert_" + direction], { spalte }));
    };
    heads.forEach((cell, column) => {
      const made = KH.button(cell.textContent, () => press(column), { class: "kh-sortieren", title: words.sortieren });
      cell.replaceChildren(made);
    });
  };
  KH.each((figure) => figure.querySelectorAll("table.kh-table").forEach(sortable));
  addEventListener("DOMContentLoaded", () => {
    for (const table of document.querySelectorAll("table.kh-table"))
      if (!table.closest(".kh-figure")) sortable(table);
  });
})();
