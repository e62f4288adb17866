/* The choices of all figures of a page in its address, short enough to be read and sent:

     ?arbeitslosenquote-verlauf=gruppe:frauen,maenner;jahr:2015-2020&…

   One name per figure, its id without "f-"; in it one part per choice. A change is a step that the
   back button takes back: every figure then hears "kh-adresse" and reads again. Other names (a
   word to be marked, einbetten) are kept. From a folder the address changes as well. */
(() => {
  "use strict";
  const KH = globalThis.KH;
  // Letters without marks, so that the address stays readable wherever it is pasted.
  const MARKS = { ä: "ae", ö: "oe", ü: "ue", ß: "ss" };
  const slug = (text) => text.toLowerCase().replace(/[äöüß]/g, (c) => MARKS[c])
    .normalize("NFD").replace(/[\u0300-\u036f]/g, "").replace(/[^a-z0-9]+/g, "-").replace(/^-|-$/g, "");

  const parse = (text) => Object.fromEntries(text.split(";").filter((part) => part.includes(":"))
    .map((part) => [part.slice(0, part.indexOf(":")), part.slice(part.indexOf(":") + 1)]));
  const write = (parts) => Object.keys(parts).sort().map((name) => `${name}:${parts[name]}`).join(";");
  const get = (figure) => parse(new URLSearchParams(location.search).get(KH.key(figure)) ?? "");

  // What may stand in a query as it is stays as it is: a comma is easier to read than %2C.
  const query = (given) => given.map((pair) => pair.map((text) => encodeURIComponent(text)
    .replace(/%(3A|3B|2C)/g, decodeURIComponent)).join("=")).join("&");
  const move = (found, how) => {
    if (found !== location.search.slice(1))
      history[how](null, "", location.pathname + (found && `?${found}`) + location.hash);
  };
  const set = (figure, changes) => {
    const parts = { ...get(figure), ...changes }, given = new Map(new URLSearchParams(location.search));
    for (const name of Object.keys(parts)) if (!parts[name]) delete parts[name];
    given.set(KH.key(figure), write(parts));
    if (!write(parts)) given.delete(KH.key(figure));
    move(query([...given]), "pushState");
  };
  // The whole address of a figure as it is shown now, without what other figures show.
  const of = (figure, more = {}) => {
    const text = write(get(figure)), given = Object.entries({ ...more, ...(text && { [KH.key(figure)]: text }) });
    const place = more.einbetten ? "" : `#${figure.id}`;
    return location.href.replace(/[?#].*/, "") + (given.length ? `?${query(given)}` : "") + place;
  };
  // Sphinx writes the address anew and makes signs of it that nobody can read.
  addEventListener("DOMContentLoaded", () => move(query([...new URLSearchParams(location.search)]), "replaceState"));
  KH.adresse = { slug, get, set, of };
  addEventListener("popstate", () => {
    for (const figure of KH.figures()) figure.dispatchEvent(new Event("kh-adresse"));
  });
})();
