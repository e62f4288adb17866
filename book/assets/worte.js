/* Every word that our scripts put on a page. Words in {curly} brackets are filled in.
   Another language replaces this file and nothing else. */
globalThis.KH_WORTE = Object.freeze({
  sprache: "de",
  ansicht: "Ansicht: {titel}",
  tabelle: "Tabelle",
  diagramm: "Diagramm",
  beides: "Beides",
  zeigt_beides: "Tabelle und Diagramm sind sichtbar.",
  zeigt_tabelle: "Nur die Tabelle ist sichtbar.",
  zeigt_diagramm: "Nur das Diagramm ist sichtbar.",
  sortieren: "zum Sortieren drücken",
  sortiert_ascending: "Sortiert nach {spalte}, aufsteigend.",
  sortiert_descending: "Sortiert nach {spalte}, absteigend.",
  sortiert_none: "Wieder in der ursprünglichen Reihenfolge.",
  auch_gesucht: "Auch gesucht: {worte}",
  zahlen: { decimal: ",", thousands: ".", grouping: [3], currency: ["", "\u00a0€"] },
  zeiten: {
    dateTime: "%A, der %e. %B %Y, %X", date: "%d.%m.%Y", time: "%H:%M:%S", periods: ["", ""],
    days: ["Sonntag", "Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag", "Samstag"],
    shortDays: ["So", "Mo", "Di", "Mi", "Do", "Fr", "Sa"],
    months: ["Januar", "Februar", "März", "April", "Mai", "Juni", "Juli", "August", "September",
      "Oktober", "November", "Dezember"],
    shortMonths: ["Jan", "Feb", "Mrz", "Apr", "Mai", "Jun", "Jul", "Aug", "Sep", "Okt", "Nov", "Dez"],
  },
});
