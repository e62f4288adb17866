/* Draws the charts of a page. A chart is an empty div followed by its Vega-Lite specification in a
   script block of type application/json. Vega itself (0.9 MB) is fetched when the first chart comes
   near the window, from this site only. Without this script the table below each chart remains.
   "#druck" in the address draws everything at once. */
(() => {
  "use strict";
  const bundle = document.currentScript.dataset.bundle;
  const zahlen = { decimal: ",", thousands: ".", grouping: [3], currency: ["", "\u00a0€"] };
  const zeiten = {
    dateTime: "%A, der %e. %B %Y, %X", date: "%d.%m.%Y", time: "%H:%M:%S", periods: ["", ""],
    days: ["Sonntag", "Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag", "Samstag"],
    shortDays: ["So", "Mo", "Di", "Mi", "Do", "Fr", "Sa"],
    months: ["Januar", "Februar", "März", "April", "Mai", "Juni", "Juli", "August", "September",
      "Oktober", "November", "Dezember"],
    shortMonths: ["Jan", "Feb", "Mrz", "Apr", "Mai", "Jun", "Jul", "Aug", "Sep", "Okt", "Nov", "Dez"],
  };
  const options = {
    mode: "vega-lite", renderer: "svg", actions: false, defaultStyle: false, ast: true,
    formatLocale: zahlen, timeFormatLocale: zeiten,
    // Inside the drawing: padding of the div would count as room for a chart as wide as its div.
    padding: 10,
    logLevel: 1,  // errors; warnings are for the workshop
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

  // Vega names axes, legends and marks in English. The drawing gets one German name instead, and the
  // table below has the figures one by one.
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

  const draw = async (div, spec) => {
    await load();
    await window.vegaEmbed(div, spec, options);
    for (const attribute of NAMES) div.removeAttribute(attribute);
    name(div.querySelector("svg"), spec.description);
    div.classList.replace("kh-wartet", "kh-gezeichnet");
    div.style.minHeight = "";
    follow.observe(div);
    // Wider than the window: reachable for the keyboard.
    if (div.scrollWidth > div.clientWidth) {
      div.tabIndex = 0;
      div.setAttribute("role", "region");
      div.setAttribute("aria-label", spec.description || "");
    }
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
    div.style.minHeight = (typeof spec.height === "number" ? spec.height + 60 : 320) + "px";
    waiting.set(div, spec);
  }
  const start = (div) => {
    const spec = waiting.get(div);
    waiting.delete(div);
    if (spec) draw(div, spec).catch((error) => {
      div.classList.replace("kh-wartet", "kh-fehler");
      console.error(error);
    });
  };
  const all = () => [...waiting.keys()].forEach(start);
  addEventListener("beforeprint", all);
  if (location.hash === "#druck" || !("IntersectionObserver" in window)) return all();
  const watch = new IntersectionObserver((entries) => {
    for (const entry of entries) if (entry.isIntersecting) {
      watch.unobserve(entry.target);
      start(entry.target);
    }
  }, { rootMargin: "600px" });
  for (const div of waiting.keys()) watch.observe(div);
})();
