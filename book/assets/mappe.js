/* A workbook (Office Open XML, ECMA-376) of one table and what is to be known about it, without a
   library: XML parts in a ZIP container (APPNOTE 6.3) that are stored as they are. No day in it, so
   the same table gives the same bytes. */
(() => {
  "use strict";
  const xml = (text) => text.replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, "")
    .replace(/[&<>"]/g, (c) => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" })[c]);
  const HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n';
  const MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"';
  const OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
  const PACKAGE = "http://schemas.openxmlformats.org/package/2006";
  const TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml";

  const letters = (i) => (i > 25 ? letters(Math.floor(i / 26) - 1) : "") + String.fromCharCode(65 + (i % 26));
  // A word is a word (t="inlineStr"), whatever it begins with: nothing in a cell is a formula.
  const word = (at, text, style = 0) => `<c r="${at}" s="${style}" t="inlineStr"><is><t xml:space="preserve">${xml(text)}</t></is></c>`;
  const sheet = (rows, widths, frozen) => HEAD + `<worksheet ${MAIN}><sheetViews><sheetView workbookViewId="0">`
    + (frozen ? '<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/>' : "") + "</sheetView></sheetViews>"
    + `<cols>${widths.map((w, i) => `<col min="${i + 1}" max="${i + 1}" width="${w}" customWidth="1"/>`).join("")}</cols>`
    + `<sheetData>${rows.map((cells, r) => `<row r="${r + 1}">${cells.map((cell, c) => cell(letters(c) + (r + 1))).join("")}</row>`).join("")}</sheetData></worksheet>`;

  // "25,3 %" is the number 25.3 that shows its sign; "(5,1)" keeps its brackets.
  const format = ({ before, after, plus, places, grouped }) => {
    const literal = (text) => (text ? `"${text.replaceAll('"', "")}"` : "");
    const digits = (grouped ? "#,##0" : "0") + (places ? "." + "0".repeat(places) : "");
    const whole = (sign) => literal(before) + sign + digits + literal(after);
    return plus ? `${whole("+")};${whole("-")}` : whole("");
  };

  const TABLE = new Uint32Array(256).map((_, n) => {
    for (let k = 0; k < 8; k++) n = n & 1 ? 0xedb88320 ^ (n >>> 1) : n >>> 1;
    return n;
  });
  const crc = (bytes) => {
    let sum = ~0;
    for (const byte of bytes) sum = TABLE[(sum ^ byte) & 255] ^ (sum >>> 8);
    return ~sum >>> 0;
  };
  const record = (...fields) => {
    const view = new DataView(new ArrayBuffer(fields.reduce((sum, [size]) => sum + size, 0)));
    let at = 0;
    for (const [size, value] of fields) { view[`setUint${8 * size}`](at, value, true); at += size; }
    return new Uint8Array(view.buffer);
  };
  const zip = (files) => {
    const parts = [], directory = [];
    let at = 0;
    for (const [name, text] of files) {
      const [title, bytes] = [name, text].map((one) => new TextEncoder().encode(one));
      // Version 2.0, UTF-8 names, stored, 1 January 1980.
      const facts = [[2, 20], [2, 0x800], [2, 0], [2, 0], [2, 0x21], [4, crc(bytes)], [4, bytes.length], [4, bytes.length], [2, title.length], [2, 0]];
      parts.push(record([4, 0x04034b50], ...facts), title, bytes);
      directory.push(record([4, 0x02014b50], [2, 20], ...facts, [2, 0], [2, 0], [2, 0], [4, 0], [4, at]), title);
      at += 30 + title.length + bytes.length;
    }
    const size = directory.reduce((sum, one) => sum + one.length, 0);
    const end = record([4, 0x06054b50], [2, 0], [2, 0], [2, files.length], [2, files.length], [4, size], [4, at], [2, 0]);
    return [...parts, ...directory, end];
  };

  // name: of the sheet; read: text → number and how it is written, or null; facts: pairs for a second sheet
  globalThis.KH.mappe = (name, { heads, numeric, rows }, read, second, facts) => {
    const formats = [];
    const style = (n) => {
      const text = format(n);
      if (!formats.includes(text)) formats.push(text);
      return formats.indexOf(text) + 3;
    };
    const cell = (text, i) => (at) => {
      const n = numeric[i] && read(text);
      return n ? `<c r="${at}" s="${style(n)}"><v>${n.value}</v></c>` : word(at, text, numeric[i] ? 2 : 0);
    };
    const widths = heads.map((head, i) => Math.min(48, 3 + Math.max(...[head, ...rows.map((row) => row[i] ?? "")].map((text) => text.length))));
    const first = sheet([heads.map((head) => (at) => word(at, head, 1)), ...rows.map((row) => row.map(cell))], widths, true);
    const about = sheet(facts.map((pair) => pair.map((text, i) => (at) => word(at, text, i ? 0 : 1))), [16, 100], false);
    const xf = (id, more = "") => `<xf numFmtId="${id}" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"${more}`;
    const styles = HEAD + `<styleSheet ${MAIN}>`
      + (formats.length ? `<numFmts count="${formats.length}">${formats.map((text, i) => `<numFmt numFmtId="${164 + i}" formatCode="${xml(text)}"/>`).join("")}</numFmts>` : "")
      + '<fonts count="2"><font><sz val="11"/><name val="Calibri"/></font><font><b/><sz val="11"/><name val="Calibri"/></font></fonts>'
      + '<fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills>'
      + '<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>'
      + '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>'
      + `<cellXfs count="${formats.length + 3}">${xf(0, "/>")}<xf numFmtId="0" fontId="1" fillId="0" borderId="0" xfId="0" applyFont="1"/>`
      + `${xf(0, ' applyAlignment="1"><alignment horizontal="right"/></xf>')}${formats.map((_, i) => xf(164 + i, "/>")).join("")}</cellXfs>`
      + '<cellStyles count="1"><cellStyle name="Standard" xfId="0" builtinId="0"/></cellStyles></styleSheet>';
    const relation = (id, kind, target) => `<Relationship Id="${id}" Type="${OFFICE}/${kind}" Target="${target}"/>`;
    const relations = (...all) => HEAD + `<Relationships xmlns="${PACKAGE}/relationships">${all.join("")}</Relationships>`;
    const part = (path, kind) => `<Override PartName="/xl/${path}" ContentType="${TYPE}.${kind}+xml"/>`;
    const files = [
      ["[Content_Types].xml", HEAD + `<Types xmlns="${PACKAGE}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>`
        + `<Default Extension="xml" ContentType="application/xml"/>${part("workbook.xml", "sheet.main")}${part("worksheets/sheet1.xml", "worksheet")}`
        + `${part("worksheets/sheet2.xml", "worksheet")}${part("styles.xml", "styles")}</Types>`],
      ["_rels/.rels", relations(relation("r1", "officeDocument", "xl/workbook.xml"))],
      ["xl/workbook.xml", HEAD + `<workbook ${MAIN} xmlns:r="${OFFICE}"><sheets><sheet name="${xml(name)}" sheetId="1" r:id="r1"/><sheet name="${xml(second)}" sheetId="2" r:id="r2"/></sheets></workbook>`],
      ["xl/_rels/workbook.xml.rels", relations(relation("r1", "worksheet", "worksheets/sheet1.xml"), relation("r2", "worksheet", "worksheets/sheet2.xml"), relation("r3", "styles", "styles.xml"))],
      ["xl/styles.xml", styles],
      ["xl/worksheets/sheet1.xml", first],
      ["xl/worksheets/sheet2.xml", about],
    ];
    return new Blob(zip(files), { type: `${TYPE}.sheet` });
  };
})();
