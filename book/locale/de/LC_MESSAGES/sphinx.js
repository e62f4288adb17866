/* What Sphinx's search says in the browser. Sphinx takes this file instead of its own German one,
   which lacks the sentence with the number of hits.
   Documentation.addTranslations would make a function out of text, which the policy forbids. */
Object.assign(Documentation.TRANSLATIONS, {
  ", in ": ", in ",
  "Hide Search Matches": "Hervorhebung der Treffer ausblenden",
  "Preparing search...": "Suche wird vorbereitet …",
  "Search": "Suche",
  "Search Page": "Suche",
  "Search Results": "Treffer",
  "Search finished, found ${resultCount} page(s) matching the search query.": "Seiten mit Treffern: ${resultCount}",
  "Searching": "Suche läuft",
  "Your search did not match any documents. Please make sure that all words are spelled correctly and that you've selected enough categories.": "Keine Seite gefunden. Bitte prüfen Sie die Schreibweise oder suchen Sie mit einem einzelnen Wort."
});
Documentation.PLURAL_EXPR = (n) => (n === 1 ? 0 : 1);
Documentation.LOCALE = "de";
