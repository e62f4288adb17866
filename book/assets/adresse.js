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

  const search = (changes) => {
    const given = new Map(new URLSearchParams(location.search));
    for (const [name, text] of Object.entries(changes)) text ? given.set(name, text) : given.delete(name);
    // What may stand in a query as it is stays as it is: a comma is easier to read than %2C.
    const plain = (text) => encodeURIComponent(text).replace(/%(3A|3B|2C)/g, decodeURIComponent);
    return [...given].map(([name, text]) => `${plain(name)}=${plain(text)}`).join("&");
  };
  const set = (figure, changes) => {
    const parts = { ...get(figure), ...changes };
    for (const name of Object.keys(parts)) if (!parts[name]) delete parts[name];
    const found = search({ [KH.key(figure)]: write(parts) });
    if (found === location.search.slice(1)) return;
    history.pushState(null, "", location.pathname + (found && `?${found}`) + location.hash);
  };
  // The whole address of a figure as it is shown now, without what other figures show.
  const of = (figure, more = {}) => {
    const text = write(get(figure)), given = { ...more, ...(text && { [KH.key(figure)]: text }) };
    const pairs = Object.entries(given).map(([name, value]) => `${name}=${encodeURIComponent(value)
      .replace(/%(3A|3B|2C)/g, decodeURIComponent)}`).join("&");
    return location.href.replace(/[?#].*/, "") + (pairs && `?${pairs}`) + (more.einbetten ? "" : `#${figure.id}`);
  };
  KH.adresse = { slug, get, set, of };
  addEventListener("popstate", () => {
    for (const figure of KH.figures()) figure.dispatchEvent(new Event("kh-adresse"));
  });
})();
