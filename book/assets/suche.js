/* The search in German, over Sphinx's own: umlauts in any spelling, parts of compounds, compounds
   that no page has as one word, and other words for the same. searching.py folds the index alike.
   Runs after searchtools.js and language_data.js and before the index is there. */
(() => {
  "use strict";
  const texts = globalThis.KH_WORTE;
  const SHORTEST = 4;  // a part of a compound

  // "Straße", "Müller", "Mueller" and "Muller" are each one word; as folded() in searching.py.
  const fold = (word) => word.toLowerCase().normalize("NFKC").replaceAll("ß", "ss")
    .replace(/([aou])e/g, "$1").normalize("NFKD").replace(/\p{Mn}/gu, "");
  const German = Stemmer;
  Stemmer = function () {
    const inner = new German();
    this.stemWord = (word) => inner.stemWord(fold(word));
  };
  const stemmer = new Stemmer();
  const spelled = { "ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss" };
  for (const word of [...stopwords]) stopwords.push(word.replace(/[äöüß]/g, (sign) => spelled[sign]));
  const stems = (text) => splitQuery(text.toLowerCase())
    .filter((word) => !stopwords.includes(word) && !/^\d+$/.test(word))
    .map((word) => stemmer.stemWord(word));

  // --- where a stem is found, with a score for each page ------------------------------------------
  const TABLES = [["titleterms", "title", "partialTitle"], ["terms", "term", "partialTerm"]];
  const found = (stem, parts = true) => {
    const scores = new Map();
    const note = (files, score) => {
      for (const file of [].concat(files)) scores.set(file, Math.max(score, scores.get(file) ?? 0));
    };
    for (const [name, whole, part] of TABLES) {
      const table = Search._index[name];
      if (Object.hasOwn(table, stem)) note(table[stem], Scorer[whole]);
      if (parts && stem.length >= SHORTEST)
        for (const [term, files] of Object.entries(table))
          if (term !== stem && term.includes(stem)) note(files, Scorer[part]);
    }
    return scores;
  };
  const both = (one, other) => new Map([...one].filter(([file]) => other.has(file))
    .map(([file, score]) => [file, Math.min(score, other.get(file))]));
  // "Ausländerarbeitslosigkeit": pages that have both parts.
  const compound = (stem) => {
    for (let at = stem.length - SHORTEST; at >= SHORTEST; at--) {
      const left = found(stemmer.stemWord(stem.slice(0, at)), false);
      const right = found(stemmer.stemWord(stem.slice(at)), false);
      const pages = both(left, right);
      if (pages.size) return new Map([...pages.keys()].map((file) => [file, Scorer.partialTerm]));
    }
    return new Map();
  };
  Search.performTermsSearch = (wanted, unwanted) => {
    const { docnames, titles, filenames } = Search._index;
    const hits = [...wanted].map((stem) => {
      const scores = found(stem);
      return scores.size ? scores : compound(stem);
    });
    // Short words ("II", "KI") count where they stand, but need not.
    const must = hits.filter((scores, i) => scores.size || [...wanted][i].length > 2);
    if (!must.length) return [];
    const refused = new Set([...unwanted].flatMap((stem) => [...found(stem, false).keys()]));
    return [...must.reduce(both)].filter(([file]) => !refused.has(file)).map(([file, score]) =>
      [docnames[file], titles[file], "", null, score, filenames[file]]);
  };

  // --- other words for the same -------------------------------------------------------------------
  const groups = JSON.parse(document.getElementById("kh-suchwoerter")?.textContent || "[]");
  const others = (query) => {
    const own = stems(query), made = [];
    for (const names of groups) {
      const known = names.map((name) => stems(name));
      for (const [i, name] of known.entries()) {
        const at = own.findIndex((_, start) =>
          name.length && name.every((stem, j) => own[start + j] === stem));
        if (at < 0) continue;
        for (const [j, other] of known.entries()) if (i !== j)
          made.push([names[j], [...own.slice(0, at), ...other, ...own.slice(at + name.length)]]);
      }
    }
    return made;
  };
  const perform = Search._performSearch;
  Search._performSearch = (query, wanted, unwanted, ...rest) => {
    const results = perform(query, wanted, unwanted, ...rest), seen = new Set(), tried = new Set();
    for (const hit of results) seen.add(hit[0]);
    for (const [name, other] of others(query))
      for (const hit of Search.performTermsSearch(new Set(other), unwanted)) {
        tried.add(name);
        if (seen.has(hit[0])) continue;
        seen.add(hit[0]);
        results.push([...hit.slice(0, 4), hit[4] - Scorer.title, hit[5]]);
      }
    if (tried.size) {
      const told = document.createElement("p");
      told.textContent = texts.auch_gesucht.replace("{worte}", [...tried].join(", "));
      Search.output.before(told);
    }
    return results.sort(_orderResultsByScoreThenName);
  };

  // --- what is shown of a hit ---------------------------------------------------------------------
  // A page of a folder may not be fetched by another one.
  if (location.protocol === "file:") DOCUMENTATION_OPTIONS.SHOW_SEARCH_SUMMARY = false;
  const any = { a: "(?:ae?|ä)", o: "(?:oe?|ö)", u: "(?:ue?|ü)", ss: "(?:ss|ß)" };
  const AROUND = 120;
  Search.makeSearchSummary = (html, wanted) => {
    const page = new DOMParser().parseFromString(html, "text/html");
    for (const node of page.querySelectorAll("script, nav, .kh-kopf, .kh-druckkopf, .headerlink, [hidden]"))
      node.remove();
    const text = page.querySelector("article")?.textContent.replace(/\s+/g, " ").trim();
    if (!text) return null;
    const places = [...wanted].map((stem) =>
      text.search(new RegExp(_escapeRegExp(stem).replace(/ss|[aou]/g, (part) => any[part]), "i")));
    const start = Math.max(0, Math.min(...places.filter((at) => at >= 0), text.length) - AROUND);
    const from = start < text.length - AROUND ? start : 0;
    const told = document.createElement("p");
    told.className = "context";
    told.textContent = (from ? "… " : "") + text.slice(from, from + 2 * AROUND) + " …";
    return told;
  };
})();
