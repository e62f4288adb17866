/* Tables: sorting by a press on a head, and the switch between table and chart of a figure.
   Without this script both are there, unsorted. Heads stay heads: the button is inside the th. */
(() => {
  "use strict";
  const words = globalThis.KH_WORTE;
  const filled = (text, values) => text.replace(/\{(\w+)\}/g, (_, name) => values[name]);

  // One place for everything that is said after a press; two equal sentences in a row are both said.
  const voice = document.createElement("p");
  voice.className = "kh-nur-vorlesen kh-ansage";
  voice.setAttribute("role", "status");
  document.querySelector("article, main, body").append(voice);
  const say = (text) => { voice.textContent = voice.textContent === text ? text + "\u00a0" : text; };

  const button = (text, press) => {
    const made = document.createElement("button");
    made.type = "button";
    made.textContent = text;
    made.addEventListener("click", press);
    return made;
  };

  // --- table, chart, or both ----------------------------------------------------------------------
  for (const figure of document.querySelectorAll(".kh-figure")) {
    const place = figure.querySelector(":scope > .kh-ansicht");
    if (!place || !figure.querySelector(":scope > .kh-chart")) continue;
    const caption = figure.querySelector("caption");
    place.setAttribute("role", "group");
    place.setAttribute("aria-label", filled(words.ansicht, { titel: caption.textContent }));
    const choose = (view) => {
      figure.dataset.ansicht = view;
      for (const one of place.children)
        one.setAttribute("aria-pressed", String(one.dataset.zeigt === view));
    };
    for (const view of ["tabelle", "diagramm", "beides"]) {
      const made = button(words[view], () => { choose(view); say(words["zeigt_" + view]); });
      made.dataset.zeigt = view;
      place.append(made);
    }
    choose("beides");
  }

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

  const sortable = (table) => {
    const body = table.tBodies[0], head = table.tHead?.rows;
    if (!body || head?.length !== 1 || body.rows.length < 3) return;
    const heads = [...head[0].cells], first = [...body.rows];
    if (first.some((row) => row.cells.length !== heads.length)) return;
    // Rows that only part others (a break in the series) have no place in another order.
    const parting = new Set(first.filter((row) =>
      [...row.cells].slice(1).every((cell) => !cell.textContent.trim())));
    const rows = first.filter((row) => !parting.has(row));

    const ordered = (column, direction) => {
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
        body.append(...ordered(column, direction), ...parting);
      }
      const spalte = heads[column].textContent;
      say(filled(words["sortiert_" + direction], { spalte }));
    };
    heads.forEach((cell, column) => {
      const made = button(cell.textContent, () => press(column));
      made.className = "kh-sortieren";
      made.title = words.sortieren;
      cell.replaceChildren(made);
    });
  };
  for (const table of document.querySelectorAll("table.kh-table")) sortable(table);
})();
