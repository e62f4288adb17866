/* Passing on a figure: a link to it as it is shown, code that frames it on another page, and the
   page as such a frame: "?einbetten=f-…" shows that figure, its source and the way to the report and
   nothing else. Both addresses are those of this
   edition, which never changes. */
(() => {
  "use strict";
  const KH = globalThis.KH, words = KH.words;
  const escaped = (text) => text.replace(/[&<>"]/g, (c) => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" })[c]);
  const frame = (figure) => {
    const height = Math.min(1200, Math.max(360, Math.ceil((figure.offsetHeight + 120) / 20) * 20));
    const address = escaped(KH.adresse.of(figure, { einbetten: figure.id }));
    return `<iframe src="${address}" title="${escaped(KH.title(figure))}" width="100%" height="${height}" loading="lazy"></iframe>`;
  };
  const copy = async (field) => {
    field.select();
    try {
      await navigator.clipboard.writeText(field.value);
      KH.say(words.kopiert);
    } catch {
      KH.say(words.nicht_kopiert);  // it is selected: a key copies it
    }
  };

  const embedded = new URLSearchParams(location.search).get("einbetten");
  KH.each((figure) => {
    if (embedded || !figure.id) return;
    const drawer = KH.drawer(figure, words.teilen, () => {
      const field = (label, tag, value) => {
        const box = KH.made(tag, { readonly: "", class: "kh-kopie", ...(tag === "textarea" && { rows: "4" }) });
        const fresh = () => { box.value = value(figure); };
        fresh();
        // Whatever is chosen later is in the address that is copied.
        figure.addEventListener("kh-auswahl", fresh);
        drawer.addEventListener("toggle", fresh);
        box.addEventListener("focus", fresh);
        return KH.made("p", {}, KH.made("label", {}, label, " ", box), " ", KH.button(words.kopieren, () => { fresh(); copy(box); },
          { "aria-label": KH.fill(words.kopieren_was, { was: label }) }));
      };
      const web = /^https?:/.test(location.protocol);
      return [
        field(words.link, "input", KH.adresse.of),
        field(words.einbettung, "textarea", frame),
        KH.made("p", { class: "kh-tipp" }, web ? words.einbettung_tipp : words.nur_im_netz),
      ];
    });
  });

  if (!embedded) return;
  addEventListener("DOMContentLoaded", () => {
    const figure = document.getElementById(embedded);
    if (!figure?.matches(".kh-figure")) {
      const text = KH.fill(words.keine_abbildung, { name: embedded });
      document.querySelector("article")?.prepend(KH.made("p", { class: "kh-hinweis" }, text));
      KH.say(text);
      return;
    }
    KH.prepare(figure);
    const edition = document.querySelector(".kh-druckkopf")?.textContent.trim() ?? "";
    // Every other branch of the page goes out of sight and out of the way of a screen reader.
    for (let node = figure; node !== document.body; node = node.parentElement)
      for (const other of node.parentElement.children)
        if (other !== node && !other.matches("script, .kh-ansage")) other.hidden = true;
    const report = KH.made("a", { href: KH.adresse.of(figure), target: "_blank", rel: "noopener" }, words.zum_bericht);
    const line = KH.made("p", { class: "kh-herkunft" }, KH.fill(words.herkunft, { ausgabe: edition }), " ", report);
    figure.after(line);
    figure.before(KH.made("h1", { class: "kh-nur-vorlesen" }, KH.title(figure)));
    // What is chosen in the frame is what the report shows.
    figure.addEventListener("kh-auswahl", () => { report.href = KH.adresse.of(figure); });
    document.documentElement.classList.add("kh-eingebettet");
  });
})();
