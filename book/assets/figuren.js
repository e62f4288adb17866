/* What the scripts of figures share: the voice, the bar of buttons, and who works when.
   Figures are made ready one after the other while the browser has nothing else to do, so that no
   press and no scroll waits for it; one that the address or a press needs is made ready at once. */
globalThis.KH = (() => {
  "use strict";
  const words = globalThis.KH_WORTE;
  const fill = (text, values) => text.replace(/\{(\w+)\}/g, (_, name) => values[name]);
  const made = (tag, attributes = {}, ...inside) => {
    const node = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
    node.append(...inside);
    return node;
  };
  const button = (text, press, attributes = {}) => {
    const node = made("button", { type: "button", ...attributes }, text);
    node.addEventListener("click", press);
    return node;
  };

  // One place for everything that is said after a press; two equal sentences in a row are both said.
  const voice = made("p", { class: "kh-nur-vorlesen kh-ansage", role: "status" });
  document.querySelector("article, main, body").append(voice);
  const say = (text) => { voice.textContent = voice.textContent === text ? text + "\u00a0" : text; };

  // A part of the bar that is opened by a press; what is in it is made then.
  const drawer = (figure, name, content) => {
    const head = made("summary", {}, name), node = made("details", { class: "kh-fach" }, head);
    const furnish = () => {
      if (node.childElementCount === 1) node.append(made("div", { class: "kh-fach-inhalt" }, ...content()));
    };
    // The press comes at once, the news of it later: the next key may be faster.
    head.addEventListener("click", furnish);
    node.addEventListener("toggle", furnish);
    bar(figure).append(node);
    return node;
  };
  const bar = (figure) => figure.querySelector(":scope > .kh-leiste");
  const title = (figure) => figure.querySelector("caption")?.textContent ?? "";
  const key = (figure) => figure.id.replace(/^f-/, "");

  const makers = [], ready = new WeakSet();
  const prepare = (figure) => {
    if (ready.has(figure)) return;
    ready.add(figure);
    for (const make of makers) make(figure);
  };
  const figures = () => [...document.querySelectorAll(".kh-figure")].filter(bar);
  const whenIdle = window.requestIdleCallback ?? ((work) => setTimeout(() => work({ timeRemaining: () => 0 })));
  addEventListener("DOMContentLoaded", () => {
    const named = new URLSearchParams(location.search), all = figures();
    for (const figure of all) if (named.has(key(figure)) || `#${figure.id}` === location.hash) prepare(figure);
    const go = (deadline) => {
      do prepare(all.shift()); while (all.length && deadline.timeRemaining() > 4);
      if (all.length) whenIdle(go);
      else document.documentElement.classList.add("kh-bereit");
    };
    if (all.length) whenIdle(go, { timeout: 1000 });
    else document.documentElement.classList.add("kh-bereit");
  });
  /* each: what to do with every figure, once. chart: filled in by charts.js. */
  return { words, fill, made, button, say, drawer, bar, title, key, prepare, figures, each: (make) => makers.push(make), chart: null };
})();
