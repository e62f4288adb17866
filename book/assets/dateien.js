/* Files of a figure, made in the browser of what is in the page: CSV, JSON, SVG and PNG of the view
   that is shown, and the whole table as a workbook. Each says where its figures are from, which
   edition they are of and what was chosen. The same view gives the same bytes. docs/views.md says
   what is in them. */
(() => {
  "use strict";
  const KH = globalThis.KH, words = KH.words;
  const SVG = "http://www.w3.org/2000/svg", NBSP = /[\u00a0\u202f]/g;
  const edition = () => document.querySelector(".kh-druckkopf")?.textContent.trim() ?? document.title;

  // "1.234,5 %", "(5,1)", "−3,2" → { value, before, after, places, grouped }; "geheim", "–" and days → null.
  const PLAIN = /^(\()?([+−-]?)(\d{1,3}(?:\.\d{3})+|\d+)(?:,(\d+))?([^\d]*)$/;
  const number = (text) => {
    const found = PLAIN.exec(text.replace(NBSP, " "));
    if (!found) return null;
    const [, before = "", sign, whole, rest = "", after] = found;
    const value = Number(`${whole.replaceAll(".", "")}.${rest || 0}`) * (/[−-]/.test(sign) ? -1 : 1);
    return { value, before, after, plus: sign === "+", places: rest.length, grouped: whole.includes(".") };
  };

  // whole: with what the choice hides.
  const read = (figure, whole = false) => {
    const table = figure.querySelector("table.kh-table"), shown = (node) => whole || !node.hidden;
    const heads = [...table.tHead.rows[0].cells].filter(shown);
    const rows = [...table.tBodies[0].rows].filter(shown).map((row) => [...row.cells].filter(shown).map((c) => c.textContent.trim()));
    return {
      heads: heads.map((head) => head.textContent.trim()),
      // A year is a number, too; all else that names a row is a word.
      numeric: heads.map((head) => head.classList.contains("kh-zahl") || head.dataset.achse === "jahr"),
      rows,
    };
  };
  const about = (figure, whole = false) => {
    const text = (selector) => figure.querySelector(selector)?.textContent.trim() ?? "";
    const web = /^https?:/.test(location.protocol);
    return [
      [words.datei_titel, KH.title(figure)],
      [words.datei_satz, text(".kh-satz")],
      [words.datei_auswahl, (!whole && figure.khAuswahlText) || words.datei_alles],
      [words.datei_quelle, text(".kh-quelle").replace(new RegExp(`^${words.datei_quelle}: `), "")],
      [words.datei_lizenz, words.lizenz],
      [words.datei_ausgabe, edition()],
      // A path on somebody's disk says nothing and is nobody's business.
      [words.datei_adresse, web ? KH.adresse.of(figure) : ""],
    ].filter(([, value]) => value);
  };

  // --- CSV: semicolon, decimal comma, no thousands, UTF-8 with its mark, CRLF ----------------------
  const csv = (figure) => {
    const { heads, numeric, rows } = read(figure);
    // No cell becomes a formula: what a program could take for one is a word behind an apostrophe.
    const word = (text) => {
      const safe = /^([=+@\t\r]|-.)/.test(text) ? `'${text}` : text;
      return /[";\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
    };
    const cell = (text, i) => {
      const n = numeric[i] && number(text);
      return n && !n.before && !n.after ? n.value.toFixed(n.places).replace(".", words.zahlen.decimal) : word(text);
    };
    const line = (cells) => cells.join(";") + "\r\n";
    const body = [heads.map(word), ...rows.map((row) => row.map(cell)), [], ...about(figure).map((pair) => pair.map(word))];
    return new Blob(["\ufeff" + body.map(line).join("")], { type: "text/csv;charset=utf-8" });
  };

  // --- JSON: numbers as numbers, signs and marked numbers as the page writes them ------------------
  const json = (figure) => {
    const { heads, numeric, rows } = read(figure);
    const cell = (text, i) => {
      const n = numeric[i] && number(text);
      return n && !n.before && !n.after ? n.value : text;
    };
    const content = {
      ...Object.fromEntries(about(figure).map(([name, value]) => [KH.adresse.slug(name), value])),
      spalten: heads,
      zeilen: rows.map((row) => row.map(cell)),
    };
    return new Blob([JSON.stringify(content, null, 1) + "\n"], { type: "application/json" });
  };

  // --- SVG: the chart between its title and what a copy must say ------------------------------------
  const FONT = "'Segoe UI', 'Liberation Sans', Arial, sans-serif";
  const pen = document.createElement("canvas").getContext("2d");
  const lines = (text, width, size, weight = "") => {
    pen.font = `${weight} ${size}px ${FONT}`;
    const found = [""];
    for (const piece of text.split(/\s+/)) {
      const longer = `${found.at(-1)} ${piece}`.trim();
      if (found.at(-1) && pen.measureText(longer).width > width) found.push(piece);
      else found[found.length - 1] = longer;
    }
    return found;
  };
  const drawing = async (figure) => {
    const view = await KH.chart.view(figure);
    const chart = new DOMParser().parseFromString(await view.toSVG(), "image/svg+xml").documentElement;
    const [width, height] = ["width", "height"].map((side) => Number(chart.getAttribute(side)));
    const wide = Math.max(width, 320), edge = 12;
    const node = (tag, attributes, ...inside) => {
      const made = document.createElementNS(SVG, tag);
      for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
      made.append(...inside);
      return made;
    };
    let y = edge;
    const svg = node("svg", { lang: words.sprache });
    const said = Object.fromEntries(about(figure));
    const write = (text, size, weight, fill) => {
      for (const line of lines(text, wide - 2 * edge, size, weight)) {
        y += size * 1.35;
        svg.append(node("text", { x: edge, y: y.toFixed(1), "font-family": FONT, "font-size": size, "font-weight": weight, fill }, line));
      }
    };
    svg.append(node("title", {}, KH.title(figure)));
    svg.append(node("desc", {}, about(figure).map((pair) => pair.join(": ")).join("\n")));
    const paper = node("rect", { fill: "#ffffff" });
    svg.append(paper);
    write(KH.title(figure), 16, "bold", "#12222c");
    if (figure.khAuswahlText) write(figure.khAuswahlText, 13, "normal", "#1d2429");
    y += edge;
    // Names in English, of no use inside a picture.
    for (const one of [chart, ...chart.querySelectorAll("*")])
      for (const { name } of [...one.attributes]) if (/^(role|aria-.*)$/.test(name)) one.removeAttribute(name);
    for (const [name, value] of [["x", 0], ["y", y.toFixed(1)], ["width", width], ["height", height]]) chart.setAttribute(name, value);
    svg.append(chart);
    y += height;
    for (const name of [words.datei_quelle, words.datei_ausgabe, words.datei_lizenz])
      if (said[name]) write(`${name}: ${said[name]}`, 11, "normal", "#4a555d");
    y += edge;
    const size = { width: wide, height: Math.ceil(y) };
    for (const [name, value] of Object.entries(size)) { svg.setAttribute(name, value); paper.setAttribute(name, value); }
    svg.setAttribute("viewBox", `0 0 ${size.width} ${size.height}`);
    return { text: new XMLSerializer().serializeToString(svg) + "\n", ...size };
  };
  const svg = async (figure) => new Blob([(await drawing(figure)).text], { type: "image/svg+xml" });

  // --- PNG: the same, twice as fine ----------------------------------------------------------------
  const png = async (figure) => {
    const { text, width, height } = await drawing(figure);
    const image = new Image();
    // As data: the policy of the page knows no other address of a picture made here.
    image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(text)}`;
    await image.decode();
    const canvas = Object.assign(document.createElement("canvas"), { width: 2 * width, height: 2 * height });
    canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
    return new Promise((done) => canvas.toBlob(done, "image/png"));
  };

  const xlsx = (figure) => KH.mappe(words.tabelle, read(figure, true), number, words.angaben, about(figure, true));

  const FILES = { csv, json, svg, png, xlsx };
  const save = async (figure, kind) => {
    const file = await FILES[kind](figure);
    const link = document.createElement("a");
    const part = figure.khAuswahlText && kind !== "xlsx" ? `-${KH.adresse.slug(words.auswahl)}` : "";
    const number = document.querySelector(".kh-druckkopf")?.dataset.ausgabe;
    link.href = URL.createObjectURL(file);
    link.download = `${KH.key(figure)}${part}${number ? `-${number}` : ""}.${kind}`;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
    KH.say(KH.fill(words.gespeichert, { datei: link.download }));
  };
  KH.each((figure) => {
    const table = figure.querySelector("table.kh-table");
    if (table?.tHead?.rows.length !== 1) return;
    KH.drawer(figure, words.dateien, () => {
      const chart = figure.querySelector(":scope > .kh-chart:not(.kh-fest)") && KH.chart;
      const view = ["csv", "json", ...(chart ? ["svg", "png"] : [])];
      const one = (kind) => KH.button(words["datei_" + kind], () => save(figure, kind).catch((error) => {
        KH.say(words.nicht_gespeichert);
        console.error(error);
      }));
      return [
        KH.made("p", {}, words.ansicht_als, " ", ...view.map(one)),
        KH.made("p", {}, words.tabelle_als, " ", one("xlsx")),
        KH.made("p", { class: "kh-tipp" }, words.datei_tipp),
      ];
    });
  });
})();
