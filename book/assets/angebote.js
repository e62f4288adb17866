/* Search in the directory of offers (book page "angebote"). The page holds all offers as cards in
   lists by place; daten/angebote.js, loaded before, holds their cells in columns. This script shows
   the form, finds offers and shows copies of their cards. Nothing is fetched, nothing is sent: what
   is searched stands behind "#?" in the address, which a browser keeps to itself. */
(() => {
  "use strict";
  const root = document.getElementById("kh-angebote");
  const index = window.kreisheftAngebote;
  if (!root || !index) return;
  const form = root.querySelector("form");
  const found = root.querySelector(".kh-angebote-treffer");
  const list = found.querySelector("ul.kh-angebotsliste");
  const status = found.querySelector("[role=status]");
  const more = found.querySelector("[data-tut=more]");
  const places = root.querySelector(".kh-angebote-orte");
  const { data, columns, labels } = index;
  const size = data.id.length;
  const PAGE = 20;
  const NAMES = ["wort", "ort", "feld", "gruppe", "sprache", "alter", "free", "childcare", "online",
    "barrier_free", "stale"];
  const FLAGS = ["free", "childcare", "online", "barrier_free"];

  // As vocabulary.fold: ä, ae and a are one letter; "ue" stays behind a vowel or q.
  const SIGNS = { ä: "a", ö: "o", ü: "u", ß: "ss" };
  const fold = (text) => text.normalize("NFC").toLowerCase().replace(/[äöüß]/g, (c) => SIGNS[c])
    .normalize("NFKD").replace(/\p{M}/gu, "")
    .replace(/([ao])e|(^|[^aeiouyq])ue/g, (_, a, b) => (a ? a : b + "u"));
  const words = (text) => fold(text).match(/[\p{L}\p{N}]+/gu) || [];

  // Word → offers that hold it, with a weight: a word of the title counts most.
  const WEIGHT = { name: 8, alternate_name: 8, organization: 3 };
  const SEARCHED = columns.filter((c) => /^(alternate_)?name|^description|^organization$|^city$|^contact_dep|^field$|^category$|^target_groups$|^languages$|^ags$/.test(c));
  let tokens, postings, weights, synonyms;
  const build = () => {
    if (tokens) return;
    const known = new Map();
    const add = (text, i, weight) => {
      for (const word of words(text)) {
        let one = known.get(word);
        if (!one) known.set(word, one = [[], []]);
        const last = one[0].length - 1;
        if (one[0][last] === i) one[1][last] = Math.max(one[1][last], weight);
        else { one[0].push(i); one[1].push(weight); }
      }
    };
    for (let i = 0; i < size; i++)
      for (const column of SEARCHED) {
        const cell = data[column][i];
        if (!cell) continue;
        const weight = WEIGHT[column] || (column.startsWith("name_") ? 8 : 1);
        const named = labels[column];
        add(named ? cell.split("; ").map((v) => named[v] || v).join(" ") : cell, i, weight);
      }
    tokens = [...known.keys()].sort();
    postings = tokens.map((t) => known.get(t)[0]);
    weights = tokens.map((t) => known.get(t)[1]);
    synonyms = new Map();
    for (const group of index.synonyms) {
      const folded = group.map((w) => fold(w));
      for (const word of folded)
        synonyms.set(word, [...(synonyms.get(word) || []), ...folded.filter((w) => w !== word)]);
    }
  };

  const lower = (word) => {
    let low = 0, high = tokens.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (tokens[middle] < word) low = middle + 1; else high = middle;
    }
    return low;
  };
  // Score of every offer for one word: the word itself, words that begin with it, and, from four
  // letters on, words that hold it (Sprachkurs for "kurs"); a synonym counts half.
  const score = (word) => {
    const into = new Float32Array(size);
    const take = (at, factor) => {
      const own = postings[at], weight = weights[at];
      for (let k = 0; k < own.length; k++)
        into[own[k]] = Math.max(into[own[k]], weight[k] * factor);
    };
    const begin = (start, factor) => {
      for (let at = lower(start); at < tokens.length && tokens[at].startsWith(start); at++)
        take(at, tokens[at] === start ? factor : factor * 0.6);
    };
    begin(word, 1);
    if (word.length > 3)
      for (let at = 0; at < tokens.length; at++)
        if (tokens[at].indexOf(word) > 0) take(at, 0.4);
    for (const other of synonyms.get(word) || []) begin(other, 0.5);
    return into;
  };

  const state = () => {
    const given = new FormData(form), now = {};
    for (const name of NAMES) {
      const value = String(given.get(name) || "").trim();
      if (value) now[name] = value;
    }
    return now;
  };
  const holds = (cell, value) => cell === value || `; ${cell}; `.includes(`; ${value}; `);
  const cell = (column, i) => (data[column] ? data[column][i] : "");
  const kreis = root.querySelector(".kh-ort").id.replace("liste-", "");
  const fits = (now, i) => {
    if (!now.stale && data.state[i] === "stale") return false;
    for (const flag of FLAGS) if (now[flag] && cell(flag, i) !== "yes") return false;
    if (now.ort && !holds(data.ags[i], now.ort) && !holds(data.ags[i], kreis)) return false;
    if (now.feld && data.field[i] !== now.feld) return false;
    if (now.gruppe && !holds(data.target_groups[i], now.gruppe)) return false;
    if (now.sprache && !holds(cell("languages", i), now.sprache)) return false;
    const age = now.alter ? Number(now.alter) : NaN;
    if (age < Number(cell("minimum_age", i) || 0)) return false;
    return !(age > Number(cell("maximum_age", i) || 999));
  };
  const search = (now) => {
    build();
    const asked = words(now.wort || "").map(score);
    const hits = [];
    for (let i = 0; i < size; i++) {
      let points = 0, all = true;
      for (const one of asked) { if (!one[i]) { all = false; break; } points += one[i]; }
      if (all && fits(now, i)) hits.push([i, points]);
    }
    // The directory's own order, by title, decides among equals.
    return hits.sort((a, b) => b[1] - a[1] || a[0] - b[0]).map(([i]) => i);
  };

  let hits = [], shown = 0, writing;
  const fill = (text, values) => text.replace(/\{(\w+)\}/g, (_, name) => values[name]);
  const say = () => {
    const n = hits.length, text = form.dataset;
    const told = n === 0 ? text.countNone : n === 1 ? text.countOne
      : shown < n ? text.countFirst : text.countMany;
    const now = fill(told, { n, shown });
    if (status.textContent !== now) status.textContent = now;
    const rest = Math.min(PAGE, n - shown);
    more.hidden = rest <= 0;
    more.textContent = fill(text.more, { n: rest });
    for (const button of found.querySelectorAll(".kh-werkzeuge button")) button.disabled = !n;
  };
  const copy = (i) => {
    const card = document.getElementById("angebot-" + data.id[i]).cloneNode(true);
    card.removeAttribute("id");
    return card;
  };
  const show = (until) => {
    const part = document.createDocumentFragment();
    const first = shown;
    for (; shown < Math.min(until, hits.length); shown++) part.append(copy(hits[shown]));
    list.append(part);
    say();
    return list.children[first];
  };

  const address = (now) => {
    const text = new URLSearchParams(now).toString();
    return text ? "#?" + text : location.pathname + location.search;
  };
  const run = (write) => {
    const now = state(), searching = Object.keys(now).length > 0;
    // Something else in the address (a place to print) goes as soon as somebody searches. A browser
    // takes some milliseconds for it, and refuses many changes at a time.
    if (write) {
      clearTimeout(writing);
      writing = setTimeout(() => history.replaceState(null, "", address(now)), 150);
    }
    places.hidden = searching;
    found.hidden = !searching;
    list.replaceChildren();
    shown = 0;
    hits = searching ? search(now) : [];
    if (searching) show(PAGE);
  };
  const restore = () => {
    const hash = location.hash;
    if (hash && !hash.startsWith("#?")) {  // a link to a place in the lists
      form.reset();
      run(false);
      document.getElementById(hash.slice(1))?.scrollIntoView();
      return;
    }
    const given = new URLSearchParams(hash.slice(2));
    for (const name of NAMES) {
      const field = form.elements.namedItem(name), value = given.get(name) || "";
      if (field.type === "checkbox") field.checked = value === "1";
      else field.value = value;  // a select takes no value that it does not have
      if (field.selectedIndex === -1) field.value = "";
    }
    run(false);
  };

  const all = (i) => Object.fromEntries(columns.map((c) => [c, data[c][i]]).filter(([, v]) => v));
  const quoted = (text) => {
    const safe = /^[=+@-]/.test(text) ? "'" + text : text;  // no cell becomes a formula
    return /[",\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
  };
  const files = {
    csv: () => ["text/csv", "\ufeff" + [columns, ...hits.map((i) => columns.map((c) => data[c][i]))]
      .map((row) => row.map(quoted).join(",") + "\n").join("")],
    json: () => ["application/json", JSON.stringify({ services: hits.map(all) }, null, 1) + "\n"],
  };
  const save = (kind) => {
    const [type, text] = files[kind]();
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([text], { type }));
    link.download = "angebote." + kind;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 1000);
  };

  form.addEventListener("input", () => run(true));
  form.addEventListener("submit", (event) => { event.preventDefault(); run(true); });
  form.addEventListener("reset", () => setTimeout(() => { run(true); form.elements.wort.focus(); }));
  found.addEventListener("click", (event) => {
    const does = event.target.dataset?.tut;
    if (does === "more") {
      const next = show(shown + PAGE);
      if (next) { next.tabIndex = -1; next.focus(); }
    } else if (does === "print") { show(hits.length); print(); } else if (does) save(does);
  });
  addEventListener("beforeprint", () => { if (!found.hidden) show(hits.length); });
  addEventListener("hashchange", restore);
  form.hidden = false;
  if (location.hash) restore();
  // Ready before the first key is pressed, without holding up the page.
  (window.requestIdleCallback || setTimeout)(build);
})();
