/* Draws the charts of a page. A chart is a div with a picture of it, followed by its Vega-Lite
   specification in a script block of type application/json. Vega itself (0.9 MB) is fetched when the
   first chart comes near the window, from this site only. Until then, without this script and on
   paper the picture stands there. "#druck" in the address draws everything at once. */
(() => {
  "use strict";
  const bundle = document.currentScript.dataset.bundle;
  const KH = globalThis.KH, words = KH.words;
  const options = {
    mode: "vega-lite", renderer: "svg", actions: false, defaultStyle: false, ast: true,
    formatLocale: words.zahlen, timeFormatLocale: words.zeiten,
    // Inside the drawing: padding of the div would count as room for a chart as wide as its div.
    padding: 10,
    logLevel: 2,  // errors and warnings: a test wants neither
    tooltip: { theme: "custom", disableDefaultStyle: true },
    config: { background: null },
  };

  let vega;
  const load = () => vega ??= new Promise((done, failed) => {
    const script = document.createElement("script");
    script.src = bundle;
    script.onload = done;
    script.onerror = () => failed(new Error("cannot load " + bundle));
    document.head.append(script);
  });

  // Vega names axes, legends and marks in English. The drawing gets the name of its picture instead,
  // and the table above has the figures one by one.
  const NAMES = ["role", "aria-label", "aria-roledescription"];
  const silence = (svg) => {
    for (const node of svg.querySelectorAll(NAMES.map((name) => `[${name}]`).join()))
      for (const name of NAMES) node.removeAttribute(name);
  };
  const name = (svg, description) => {
    svg.removeAttribute("aria-hidden");
    svg.removeAttribute("aria-roledescription");
    svg.setAttribute("role", "img");
    svg.setAttribute("aria-label", description || "");
    silence(svg);
    // A selection draws parts anew, names included.
    new MutationObserver(() => silence(svg)).observe(
      svg, { subtree: true, childList: true, attributeFilter: NAMES });
  };

  const views = new WeakMap();  // div → { view of Vega, spec }, once drawn
  const draw = async (div, spec) => {
    await load();
    await turn();
    const picture = div.querySelector(".kh-bild"), title = picture?.alt ?? spec.description;
    // Beside the picture, not in its place: paper shows the picture again.
    const live = document.createElement("div");
    live.className = "kh-lebend";
    div.append(live);
    // On a phone the entries of a legend stand below each other; beside each other they are cut off.
    const config = div.clientWidth < 480 ? { ...options.config, legend: { columns: 1 } } : options.config;
    const { view } = await window.vegaEmbed(live, spec, { ...options, config });
    views.set(div, { view, spec });
    view.logLevel(1);  // of here, errors: that nothing is left of a choice is no fault
    await choose(div);
    for (const attribute of NAMES) live.removeAttribute(attribute);
    name(live.querySelector("svg"), title);
    div.classList.replace("kh-wartet", "kh-gezeichnet");
    div.style.minHeight = "";
    follow.observe(div);
    // Wider than the window: reachable for the keyboard.
    if (div.scrollWidth > div.clientWidth) {
      div.tabIndex = 0;
      div.setAttribute("role", "region");
      div.setAttribute("aria-label", title);
    }
  };

  // One chart at a time, and the reader's hand between two of them: all that are near at once would
  // hold up the page for as long as they take together.
  let last = Promise.resolve();
  const turn = () => last = last.then(() => new Promise((done) => setTimeout(done)));

  // What the reader chose (auswahl.js) are parameters of the same name.
  const choose = async (div) => {
    const chosen = div.closest(".kh-figure")?.khAuswahl;
    if (!views.has(div) || !chosen) return;
    const { view, spec } = views.get(div);
    const known = view.getState({ signals: (name) => name in chosen, data: () => false }).signals;
    for (const name of Object.keys(known)) view.signal(name, chosen[name]);
    // A chart with a row for each of them is as high as those that are left.
    for (const [name, step] of Object.entries(spec.usermeta?.stufe ?? {}))
      view.height(chosen[name] ? step * chosen[name].length : spec.height);
    await view.runAsync();
  };

  // Vega follows the window only; a chart must also follow its column (sidebar, late style sheet).
  const widths = new WeakMap();
  const follow = new ResizeObserver((entries) => {
    const changed = entries.filter((e) => widths.get(e.target) !== e.target.clientWidth);
    for (const entry of changed) widths.set(entry.target, entry.target.clientWidth);
    if (changed.length) requestAnimationFrame(() => dispatchEvent(new Event("resize")));
  });

  // Two equal charts share an id, so the div is found by its place, not by its name.
  const waiting = new Map();
  for (const script of document.querySelectorAll('script[type="application/json"][data-for]')) {
    const div = script.previousElementSibling;
    if (!div || !div.classList.contains("kh-chart")) continue;
    const spec = JSON.parse(script.textContent);
    div.classList.add("kh-wartet");
    // As high as the picture at full size, so that nothing below moves when the chart is there.
    const height = Number(div.querySelector(".kh-bild")?.getAttribute("height"));
    div.style.minHeight = (height || (spec.height || 260) + 60) + 2 + "px";  // its border, too
    waiting.set(div, spec);
  }
  const drawing = new WeakMap();  // div → promise of its drawing
  const start = (div) => {
    const spec = waiting.get(div);
    waiting.delete(div);
    if (spec) drawing.set(div, draw(div, spec).catch((error) => {
      // The picture stays.
      div.classList.replace("kh-wartet", "kh-fehler");
      div.querySelector(".kh-lebend")?.remove();
      console.error(error);
    }));
    return drawing.get(div);
  };
  // A figure that shows a part needs its chart at once: the picture shows everything.
  const follows = (figure) => {
    const div = figure.querySelector(":scope > .kh-chart");
    if (views.has(div)) choose(div);
    else if (figure.classList.contains("kh-gefiltert")) start(div);
  };
  KH.each((figure) => {
    if (!figure.querySelector(":scope > .kh-chart")) return;
    figure.addEventListener("kh-auswahl", () => follows(figure));
    follows(figure);
  });
  KH.chart = {
    view: async (figure) => {
      const div = figure.querySelector(":scope > .kh-chart");
      await start(div);
      if (!views.has(div)) throw new Error("no chart to save");
      return views.get(div).view;
    },
  };
  const all = () => [...waiting.keys()].forEach(start);
  addEventListener("beforeprint", () => {
    for (const picture of document.querySelectorAll(".kh-bild")) picture.loading = "eager";
  });
  if (location.hash === "#druck" || !("IntersectionObserver" in window)) return all();
  const watch = new IntersectionObserver((entries) => {
    for (const entry of entries) if (entry.isIntersecting) {
      watch.unobserve(entry.target);
      start(entry.target);
    }
  }, { rootMargin: "600px" });
  for (const div of waiting.keys()) watch.observe(div);
})();
