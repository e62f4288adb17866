/* Filters of a figure: which years, groups and places its table and its chart show. What there is to
   choose is read from the table: a head with data-achse says what the cells below are, and where the
   table has data-quer, heads with data-wert are themselves choices. Nothing ticked is everything.
   The chart has a parameter of the same name; charts.js sets it. */
(() => {
  "use strict";
  const KH = globalThis.KH, words = KH.words, slug = KH.adresse.slug;
  //: So many years are ticked one by one; of more the first and the last are chosen.
  const FEW = 4;
  const year = (text) => /\d{4}/.exec(text)?.[0];

  // → [{ name, label, cells: [[key, node]], values: Map key → text }]; node: a row, or a number of a column.
  const axes = (table) => {
    const heads = [...table.tHead.rows[0].cells], rows = [...table.tBodies[0].rows], found = [];
    const add = (name, label, cells) => {
      const named = cells.map(([text, node]) => [name === "jahr" ? year(text) : slug(text), text, node]).filter(([key]) => key);
      const values = new Map(named.map(([key, text]) => [key, text]));
      if (values.size < 2) return;
      const order = name === "jahr" ? [...values].sort() : [...values];
      found.push({ name, label, cells: named.map(([key, , node]) => [key, node]), values: new Map(order) });
    };
    heads.forEach((head, i) => {
      if (!head.dataset.achse) return;
      const own = rows.filter((row) => row.cells.length === heads.length && ![...row.cells].slice(1).every((c) => !c.textContent));
      add(head.dataset.achse, head.textContent, own.map((row) => [row.cells[i].textContent, row]));
    });
    const across = heads.map((head, i) => [head.dataset.wert, i]).filter(([text]) => text !== undefined);
    if (table.dataset.quer) add(table.dataset.quer, words["achse_" + table.dataset.quer], across);
    return found;
  };
  const ranged = (axis) => axis.name === "jahr" && axis.values.size > FEW;

  // "2015-2020", "2015-" (to the newest, in a later edition as well), "frauen,maenner" ↔ keys
  const read = (axis, text) => {
    const keys = new Set(), unknown = [], all = [...axis.values.keys()];
    for (const part of text.split(",").filter(Boolean)) {
      const span = axis.name === "jahr" && /^(\d{4})?-(\d{4})?$/.exec(part);
      const hit = span ? all.filter((k) => (!span[1] || k >= span[1]) && (!span[2] || k <= span[2])) : all.filter((k) => k === part);
      if (!hit.length) unknown.push(part);
      for (const key of hit) keys.add(key);
    }
    return [keys.size && keys.size < all.length ? keys : null, unknown];
  };
  const write = (axis, keys) => {
    if (!keys) return null;
    const all = [...axis.values.keys()], own = all.filter((k) => keys.has(k));
    if (!ranged(axis)) return own.join();
    return (own[0] === all[0] ? "" : own[0]) + "-" + (own.at(-1) === all.at(-1) ? "" : own.at(-1));
  };
  const told = (axis, keys) => {
    const own = [...axis.values].filter(([key]) => keys.has(key)).map(([key, text]) => axis.name === "jahr" ? key : text);
    const text = ranged(axis) && own.length > 1 ? KH.fill(words.spanne, { von: own[0], bis: own.at(-1) }) : own.join(", ");
    return KH.fill(words.gewaehlt, { achse: axis.label, werte: text });
  };

  KH.each((figure) => {
    const table = figure.querySelector("table.kh-table");
    if (!table?.tHead || !table.tBodies[0]) return;
    const all = axes(table);
    if (!all.length) return;
    const rows = [...table.tBodies[0].rows], chosen = new Map();
    const status = KH.made("p", { class: "kh-gewaehlt", hidden: "" });
    const restoring = [];
    //: A map or small multiples: no chart that could follow.
    const fixed = figure.querySelector(":scope > .kh-fest");

    const show = () => {
      const narrow = all.filter((axis) => chosen.get(axis.name)), off = new Set();
      for (const axis of narrow)
        for (const [key, node] of axis.cells) if (!chosen.get(axis.name).has(key)) off.add(node);
      figure.khAuswahl = Object.fromEntries(all.map((axis) => [axis.name, values(axis)]));
      figure.khAuswahlText = narrow.map((axis) => told(axis, chosen.get(axis.name))).join("; ");
      if (narrow.length || figure.classList.contains("kh-gefiltert")) narrowed(off);
      figure.classList.toggle("kh-gefiltert", narrow.length > 0);
      status.hidden = !narrow.length;
      const undo = () => {
        chosen.clear();
        change(words.alles_gezeigt);
        drawer.querySelector("summary").focus();
      };
      const text = KH.fill(words.gezeigt, { auswahl: figure.khAuswahlText }) + (fixed ? ` ${words.bild_ganz}` : "");
      status.replaceChildren(...(narrow.length ? [text, " ", KH.button(words.alles, undo)] : []));
      for (const one of restoring) one();
      figure.dispatchEvent(new Event("kh-auswahl"));
    };
    // What the chart is told: years as such, everything else as the table writes it.
    const values = (axis) => {
      const keys = chosen.get(axis.name);
      return keys ? [...axis.values].filter(([key]) => keys.has(key))
        .map(([key, text]) => axis.name === "jahr" ? key : text) : null;
    };
    const own = new Set(all.flatMap((axis) => axis.cells.map(([, node]) => node)));
    const narrowed = (off) => {
      for (const row of [...table.tHead.rows, ...rows]) {
        row.hidden = off.has(row);
        [...row.cells].forEach((cell, i) => { cell.hidden = off.has(i); });
      }
      // A break stands between two rows that are shown.
      rows.forEach((row, i) => {
          if (own.has(row)) return;
        const seen = (some) => some.some((other) => own.has(other) && !other.hidden);
        row.hidden = !seen(rows.slice(0, i)) || !seen(rows.slice(i + 1));
      });
    };
    const change = (text) => {
      show();
      KH.adresse.set(figure, Object.fromEntries(all.map((axis) => [axis.name, write(axis, chosen.get(axis.name))])));
      const zeilen = rows.filter((row) => !row.hidden).length;
      KH.say(text ?? KH.fill(words.zeilen, { auswahl: figure.khAuswahlText || words.alles_gezeigt, zeilen, alle: rows.length }));
    };
    const choose = (axis, keys) => {
      chosen.set(axis.name, keys.size && keys.size < axis.values.size ? keys : null);
      change();
    };

    const ticks = (axis) => [...axis.values].map(([key, text]) => {
      const box = KH.made("input", { type: "checkbox", value: key });
      box.addEventListener("change", () => {
        const keys = new Set(chosen.get(axis.name));
        box.checked ? keys.add(key) : keys.delete(key);
        choose(axis, keys);
      });
      restoring.push(() => { box.checked = Boolean(chosen.get(axis.name)?.has(key)); });
      return KH.made("label", {}, box, " ", text);
    });
    const span = (axis) => {
      const keys = [...axis.values.keys()];
      const [from, to] = ["von", "bis"].map((name) => {
        const select = KH.made("select", {}, ...keys.map((key) => KH.made("option", { value: key }, key)));
        select.addEventListener("change", () => {
          // The end that was not touched gives way.
          if (from.value > to.value) (select === from ? to : from).value = select.value;
          choose(axis, new Set(keys.filter((key) => key >= from.value && key <= to.value)));
        });
        return select;
      });
      restoring.push(() => {
        const own = keys.filter((key) => chosen.get(axis.name)?.has(key) ?? true);
        [from.value, to.value] = [own[0], own.at(-1)];
      });
      return [KH.made("label", {}, words.von, " ", from), KH.made("label", {}, words.bis, " ", to)];
    };
    const drawer = KH.drawer(figure, words.auswahl, () => {
      const made = all.map((axis) => {
        const inside = ranged(axis) ? span(axis) : ticks(axis);
        const field = KH.made("fieldset", {}, KH.made("legend", {}, axis.label));
        if (inside.length > 12) {
          const list = KH.made("div", { class: "kh-lange-liste", tabindex: "0", role: "group", "aria-label": axis.label }, ...inside);
          field.append(list);
        } else field.append(...inside);
        return field;
      });
      for (const one of restoring) one();
      const hint = all.every(ranged) ? [] : [KH.made("p", { class: "kh-tipp" }, words.nichts_gewaehlt)];
      return [...hint, ...made];
    });
    KH.bar(figure).after(status);

    const restore = () => {
      const parts = KH.adresse.get(figure), lost = [];
      for (const axis of all) {
        const [keys, unknown] = read(axis, parts[axis.name] ?? "");
        chosen.set(axis.name, keys);
        lost.push(...unknown);
      }
      for (const name of Object.keys(parts)) if (name !== "zeigt" && !all.some((axis) => axis.name === name)) lost.push(name);
      figure.querySelector(":scope > .kh-hinweis")?.remove();
      if (lost.length) {
        const text = KH.fill(words.unbekannt, { werte: lost.join(", ") });
        status.after(KH.made("p", { class: "kh-hinweis" }, text));
        KH.say(text);
      }
      show();
    };
    figure.addEventListener("kh-adresse", restore);
    restore();
  });
})();
