// The page: controls, figures and numbers. It is run once for each page with
//   root   the page's element
//   data   what package live wrote: name, classes, sets, models, widths, start, arrays
//   uPlot  the chart library
//   rules  the computations, rules.js
"use strict";

const MOST_BARS = 160; // more are drawn as outlines, as in package chart
const GROUP = 0.84; // part of a bin that its bars fill, as in package chart
const BAR = 0.92; // part of its place that a bar fills
const FINE = 800; // steps of a curve's axes that can be told apart
const FONT = '12px "Liberation Sans", Arial, Helvetica, sans-serif';

// ---- data

function decode(text) {
  const [type, base64] = text.split(":");
  const binary = atob(base64);
  const bytes = new Uint8Array(binary.length);
  for (let i = 0; i < bytes.length; i++) bytes[i] = binary.charCodeAt(i);
  return new { Uint8: Uint8Array, Uint16: Uint16Array, Float32: Float32Array, Float64: Float64Array }[type](bytes.buffer);
}

const arrays = data.arrays.map(decode);
const state = { ...data.start };

// The colours of the page around it, light or dark, and of the models on it.
let colours;
function readColours() {
  const style = getComputedStyle(root), get = (name) => style.getPropertyValue(`--kw-${name}`).trim();
  const [r, g, b] = background(root);
  colours = { dark: 0.299 * r + 0.587 * g + 0.114 * b < 128, ink: get("ink"), line: get("note"), pale: get("soft") };
  root.classList.toggle("kw-dark", colours.dark);
}

// What lies behind an element; nothing is white.
function background(element) {
  for (let e = element; e; e = e.parentElement) {
    const [r, g, b, opaque = 1] = getComputedStyle(e).backgroundColor.match(/[\d.]+/g).map(Number);
    if (opaque > 0) return [r, g, b];
  }
  return [255, 255, 255];
}

const colourOf = (m) => (colours.dark ? m.dark : m.color);

const setIndex = (set = state.set) => data.sets.findIndex((s) => s.name === set);
const shown = () => data.models.filter((m) => state.models.includes(m.name));
const bins = () => data.widths.find((w) => w.width === state.binWidth).bins;
const predictions = (m, set) => arrays[m.p[setIndex(set)]];
const labelsIndex = (m, set) => (state.labels === "lesson" && m.lesson ? m.lesson[setIndex(set)] : data.sets[setIndex(set)].labels);
const labels = (m, set) => arrays[labelsIndex(m, set)];

// What does not depend on the threshold is computed once.
const kept = new Map();
function once(key, make) {
  if (!kept.has(key)) kept.set(key, make());
  return kept.get(key);
}

const frequencies = (m) =>
  once(`bins ${m.name} ${state.set} ${bins()}`, () => {
    const p = predictions(m);
    return rules.counts(p, bins()).map((count) => ({ count, share: count / p.length }));
  });

const ranking = (m, set = state.set) =>
  once(`ranking ${m.name} ${set} ${labelsIndex(m, set)}`, () => rules.ranking(predictions(m, set), labels(m, set)));

const curves = (m) =>
  once(`curves ${m.name} ${state.set} ${labelsIndex(m)}`, () => {
    const r = ranking(m);
    const roc = rules.roc(r), pr = rules.precisionRecall(r);
    return { auc: roc.auc, ap: pr.ap, roc: thin(roc.fpr, roc.tpr), pr: thin(pr.recall, pr.precision) };
  });

// A curve's points that can be seen, with x made to grow strictly, as the chart library wants it; and the places they had.
function thin(x, y) {
  const xs = [], ys = [], places = [], least = 1e-9;
  const keep = (i) => {
    xs.push(Math.max(x[i], xs.length ? xs[xs.length - 1] + least : 0));
    ys.push(y[i]);
    places.push(i);
  };
  let last = -1;
  for (let i = 0; i < x.length; i++) {
    const near = last >= 0 && Math.abs(x[i] - x[last]) < 1 / FINE && Math.abs(y[i] - y[last]) < 1 / FINE;
    if (near && i < x.length - 1) continue;
    if (last >= 0 && i - last > 1 && !near) keep(i - 1); // a step begins where the last point before it lies
    keep(i);
    last = i;
  }
  return [xs, ys, places];
}

const scores = (m) => {
  const p = predictions(m), y = labels(m), th = state.threshold;
  const table = rules.above(ranking(m), th);
  return { ...table, accuracy: rules.accuracy(p, y, th), uncertainty: rules.uncertainty(p, th), ...rules.shares(table), ...curves(m) };
};

// ---- elements

const [zero, one] = data.classes;
const takesKeys = new Set(["input", "select", "button"]);
const make = (tag, attributes = {}, ...content) => {
  const e = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) e.setAttribute(name, value);
  if (takesKeys.has(tag)) e.setAttribute("data-lm-suppress-shortcuts", "true"); // else JupyterLab takes the arrow keys
  e.append(...content);
  return e;
};
const option = (value, text) => make("option", { value }, text);
const labelled = (text, ...controls) => make("label", {}, make("span", {}, text), ...controls);
const swatch = (m) => make("span", { class: "kw-swatch", style: `--kw-light:${m.color};--kw-dark:${m.dark}`, "aria-hidden": "true" });

const el = {
  slider: make("input", { type: "range", min: 0, max: 0.99, step: 0.01, "data-kw": "threshold", "aria-label": "threshold" }),
  number: make("input", { type: "number", min: 0, max: 0.999, step: 0.001, "aria-label": "threshold as a number" }),
  width: make("select", { "data-kw": "width" }, ...data.widths.map((w) => option(w.width, String(w.width)))),
  set: make("select", { "data-kw": "set" }, ...data.sets.map((s) => option(s.name, `${s.name} (${arrays[s.labels].length})`))),
  labels: make("select", { "data-kw": "labels" }, option("hand", "ground truth"), option("lesson", "teacher")),
  log: make("input", { type: "checkbox", "data-kw": "log" }),
  models: data.models.map((m) => make("input", { type: "checkbox", value: m.name, "data-kw": "model" })),
  histogram: make("div", { class: "kw-figure kw-wide" }),
  roc: make("div", { class: "kw-figure" }),
  pr: make("div", { class: "kw-figure" }),
  caption: make("caption", { "aria-live": "polite" }),
  scores: make("tbody", { "data-kw": "scores" }),
  note: make("p", { class: "kw-note" }),
  bins: make("details", {}, make("summary", {}, "Relative frequencies as numbers")),
  frequencies: make("table", { class: "kw-table", "data-kw": "frequencies" }),
  costs: make("details", { "data-kw": "cost-part" }, make("summary", {}, "What mistakes cost, and answers withheld")),
  costFigure: make("div", { class: "kw-figure kw-wide" }),
  costTable: make("table", { class: "kw-table", "data-kw": "costs" }),
  costNote: make("p", { class: "kw-note" }),
  chosen: make("section", { class: "kw-chosen", "data-kw": "chosen" }),
  reset: make("button", { type: "button" }, "Reset"),
};

// The inputs of costs and of what is withheld, by their place in the state: text, largest value, step.
const COSTS = {
  falsePositive: [`a ${zero} called ${one} costs`, "", "any"], falseNegative: [`a ${one} called ${zero} costs`, "", "any"],
  dogs: [`share of ${one} in use (0: as here)`, 0.999, 0.001], low: ["no answer from", 1, 0.01], high: ["to", 1, 0.01],
};
for (const [name, [text, max, step]] of Object.entries(COSTS))
  el[name] = make("input", { type: "number", min: 0, max, step, "data-kw": name, "aria-label": text });

const COLUMNS = [
  ["tp", `said ${one}`, `${one}, true positives`], ["fn", `said ${zero}`, `${one}, false negatives`],
  ["fp", `said ${one}`, `${zero}, false positives`], ["tn", `said ${zero}`, `${zero}, true negatives`],
  ["accuracy", "accuracy", "(12): share of right predictions"], ["uncertainty", "unc (15)", "(15): degree of uncertainty; uses no labels"],
  ["precision", "precision", "TP/(TP+FP)"], ["recall", "recall", "TP/(TP+FN)"], ["f1", "F1", "harmonic mean of precision and recall"],
  ["fpr", "FPR", "false positive rate FP/(FP+TN)"], ["auc", "AUC", "area under the ROC curve, for all thresholds"],
  ["ap", "AP", "average precision, for all thresholds"],
];

function head() {
  const group = (span, text) => make("th", { colspan: span, scope: "colgroup" }, text);
  return make("thead", {},
    make("tr", {}, make("th"), group(2, `pictures of ${one}`), group(2, `pictures of ${zero}`), group(6, "at the threshold"), group(2, "all thresholds")),
    make("tr", {}, make("th", { scope: "col" }, "model"), ...COLUMNS.map(([, text, title]) => make("th", { scope: "col", title }, text))));
}

// A table that scrolls sideways where it is too wide, says so, and can be reached by the keyboard.
function scrolling(table, name) {
  const hint = make("p", { class: "kw-hint", "aria-hidden": "true" }, "Scroll sideways for all columns →");
  const window = make("div", { class: "kw-scroll", role: "region", "aria-label": name, tabindex: 0, "data-lm-suppress-shortcuts": "true" }, table);
  const look = () => {
    hint.hidden = window.scrollWidth <= window.clientWidth + 1;
    window.classList.toggle("kw-more", window.scrollLeft + window.clientWidth < window.scrollWidth - 1);
  };
  window.addEventListener("scroll", look);
  const sizes = new ResizeObserver(look);
  sizes.observe(window);
  sizes.observe(table);
  return [hint, window];
}

function build() {
  const models = make("fieldset", {}, make("legend", {}, "models"),
    ...data.models.map((m, i) => make("label", {}, el.models[i], swatch(m), m.name)));
  el.bins.append(...scrolling(el.frequencies, "relative frequencies"));
  el.costs.append(make("div", { class: "kw-controls" }, ...Object.entries(COSTS).map(([name, [text]]) => labelled(text, el[name]))),
    el.costFigure, ...scrolling(el.costTable, "expected costs"), el.costNote);
  root.querySelector(".kw-still").remove();
  root.append(
    make("div", { class: "kw-controls" },
      labelled("threshold", el.slider, el.number),
      labelled("bin width", el.width), labelled("log axis", el.log), labelled("set", el.set), labelled("labels", el.labels), el.reset),
    models, el.histogram, make("div", { class: "kw-pair" }, el.roc, el.pr),
    ...scrolling(make("table", { class: "kw-table" }, el.caption, head(), el.scores), "scores"), el.note, el.chosen, el.bins, el.costs);
}

// ---- figures

const line = (m) => ({ label: m.name, stroke: colourOf(m), width: 2, points: { show: false } });
const dashed = () => ({ stroke: colours.line, width: 1, dash: [5, 5], points: { show: false } });
const tenths = Array.from({ length: 11 }, (_, i) => i / 10);
const fifths = tenths.filter((_, i) => i % 2 === 0);

function axis(label, more) {
  return {
    label, labelFont: FONT, labelSize: 22, labelGap: 2, font: FONT, stroke: colours.ink, gap: 4,
    grid: { stroke: colours.pale, width: 1 }, ticks: { stroke: colours.line, width: 1, size: 5 }, border: { show: true, stroke: colours.line, width: 1 }, ...more,
  };
}

function options(width, height, title, x, y, scaleY, series) {
  return {
    width, height, title, series: [{}, ...series], axes: [x, y], padding: [8, 14, 0, 0],
    scales: { x: { time: false, range: [0, 1] }, y: scaleY }, legend: { show: false }, cursor: { show: false },
  };
}

// A figure keeps its plot while only numbers change: show(key, ...) with another key draws it anew.
function figure(element) {
  let plot = null, was = null;
  return {
    show(key, make, update) {
      if (key !== was) {
        plot?.destroy();
        plot = make(element);
        was = key;
      } else update(plot);
    },
  };
}

function histogramData(models) {
  const n = bins(), outlines = n * models.length > MOST_BARS, edges = rules.edges(n);
  const shares = models.map((m) => frequencies(m).map((f) => f.share));
  const all = shares.flat().filter((v) => v > 0);
  if (!all.length) all.push(1); // no model is shown
  const base = state.log ? 10 ** Math.floor(Math.log10(Math.min(...all))) : 0;
  const visible = (v) => (state.log && v === 0 ? (outlines ? base : null) : v);
  const tables = shares.map((s, k) => {
    const y = s.map(visible);
    if (outlines) return [edges, [...y, y[n - 1]]];
    return [s.map((_, i) => (i + 0.5 + GROUP * ((k + 0.5) / models.length - 0.5)) / n), y];
  });
  return { n, outlines, base, top: Math.max(...all), data: joined(tables) };
}

// A logarithmic axis has numbers and lines at powers of ten only.
const power = (v) => (Math.abs(Math.log10(v) - Math.round(Math.log10(v))) < 1e-9 ? Number(v.toPrecision(1)) : null);
const decades = () => ({
  values: (_, splits) => splits.map((v) => power(v) ?? ""),
  grid: { stroke: colours.pale, width: 1, filter: (_, splits) => splits.map(power) },
});

// An empty figure has a table too.
const joined = (tables) => uPlot.join(tables.length ? tables : [[[0, 1], [null, null]]]);

function histogramPlot(models, element) {
  const h = histogramData(models);
  const paths = h.outlines ? uPlot.paths.stepped({ align: 1 }) : uPlot.paths.bars({ size: [(GROUP * BAR) / Math.max(models.length, 1), Infinity, 1] });
  const series = models.map((m) => ({
    ...line(m), width: h.outlines ? 1.5 : 0, fill: h.outlines ? undefined : colourOf(m), paths, fillTo: () => h.base,
  }));
  const scale = state.log ? { distr: 3, range: [h.base, 1] } : { range: [0, 1.05 * h.top] };
  const y = axis("relative frequency", { size: 50, ...(state.log ? decades() : {}) });
  const x = axis(`prediction p (probability of “${one}”)`, { splits: tenths, values: (_, s) => s.map((v) => v.toFixed(1)), grid: { show: false }, size: 28 });
  const opts = options(element.clientWidth, 280, `Predictions on the ${state.set} set, bins of ${state.binWidth}`, x, y, scale, models.length ? series : [{}]);
  opts.hooks = { draw: [drawThreshold] };
  element.replaceChildren();
  return clickable(new uPlot(opts, h.data, element), (u, x, y) => {
    const i = Math.max(0, Math.min(h.n - 1, Math.floor(u.posToVal(x, "x") * h.n)));
    const place = Math.floor(((u.posToVal(x, "x") * h.n - i - 0.5) / GROUP + 0.5) * models.length); // among the bars of the bin
    const away = (m) => Math.abs(u.valToPos(Math.max(frequencies(m)[i].share, h.base), "y") - y);
    const m = h.outlines ? nearest(models, away) : models[Math.max(0, Math.min(models.length - 1, place))];
    if (m) choose({ kind: "bin", model: m.name, bin: i });
  });
}

// A plot that tells where it is clicked, in pixels.
function clickable(plot, tell) {
  plot.over.style.cursor = "pointer";
  plot.over.addEventListener("click", (event) => {
    const at = plot.over.getBoundingClientRect();
    tell(plot, event.clientX - at.left, event.clientY - at.top);
  });
  return plot;
}

const nearest = (all, distance) => all.reduce((a, b) => (a !== null && distance(a) <= distance(b) ? a : b), null);

// The threshold as a vertical line with its value.
function drawThreshold(u) {
  const x = u.valToPos(state.threshold, "x", true), { top, height, left, width } = u.bbox, c = u.ctx;
  c.save();
  c.strokeStyle = c.fillStyle = colours.ink;
  c.lineWidth = 1.5 * devicePixelRatio;
  c.setLineDash([6 * devicePixelRatio, 4 * devicePixelRatio]);
  c.beginPath();
  c.moveTo(x, top);
  c.lineTo(x, top + height);
  c.stroke();
  c.font = `${12 * devicePixelRatio}px Arial, Helvetica, sans-serif`;
  const right = x < left + width / 2;
  c.textAlign = right ? "left" : "right";
  c.textBaseline = "top";
  c.fillText(`threshold ${state.threshold}`, x + (right ? 6 : -6) * devicePixelRatio, top + 2 * devicePixelRatio);
  c.restore();
}

// Curves with a mark each; reference are the two ends of the dashed line.
function curveData(models, curve, mark, reference) {
  const table = ([x, y]) => (x.length ? [x, y] : [[0], [null]]);
  const marks = models.map((m) => mark(scores(m)).map((v) => [v]));
  return joined([[[0, 1], reference], ...models.map((m) => table(curves(m)[curve])), ...marks]);
}

// The precision-recall curve begins where nothing is said to be a dog, with precision 1.
const onPrecisionRecall = (s) => (s.tp + s.fp === 0 ? [0, 1] : [s.recall, s.precision]);

// A click on a curve sets the threshold of the nearest point, and chooses what its model gets wrong there.
function chooseOn(models, curve, u, x, y) {
  const points = models.flatMap((m) => {
    const [xs, ys, places] = curves(m)[curve];
    return places.map((i, k) => ({ m, i, away: Math.hypot(u.valToPos(xs[k], "x") - x, u.valToPos(ys[k], "y") - y) }));
  });
  const point = nearest(points, (p) => p.away);
  if (!point) return;
  change({ threshold: rules.thresholdAt(ranking(point.m), point.i) });
  showState();
  choose({ kind: "wrong", model: point.m.name });
}

function curvePlot(models, element, title, x, y, table, curve) {
  const mark = (m) => ({
    label: m.name, stroke: colourOf(m), width: 0, paths: () => null,
    points: { show: true, size: 11, width: 2, fill: colourOf(m), stroke: colours.dark ? "#000000" : "#ffffff" },
  });
  const numbers = { splits: fifths, values: (_, s) => s.map((v) => v.toFixed(1)) };
  const opts = options(element.clientWidth, 330, title, axis(x, { ...numbers, size: 28 }), axis(y, { ...numbers, size: 36 }),
    { range: [0, 1.02] }, [dashed(), ...models.map(line), ...models.map(mark)]);
  element.replaceChildren();
  return clickable(new uPlot(opts, table, element), (u, x, y) => chooseOn(models, curve, u, x, y));
}

const figures = { histogram: figure(el.histogram), roc: figure(el.roc), pr: figure(el.pr), cost: figure(el.costFigure) };

function drawFigures(models) {
  const names = [colours.dark, ...models.map((m) => m.name)].join();
  figures.histogram.show([names, state.set, state.binWidth, state.log, el.histogram.clientWidth].join(";"),
    (e) => histogramPlot(models, e), (u) => u.redraw(false));
  const y = models.length ? labels(models[0]) : [];
  const same = models.every((m) => labelsIndex(m) === labelsIndex(models[0]));
  const prevalence = same ? y.filter((v) => v > 0.5).length / y.length : null; // what a model that knows nothing reaches
  const key = [names, state.set, state.labels, el.roc.clientWidth].join(";");
  const roc = curveData(models, "roc", (s) => [s.fpr, s.recall], [0, 1]);
  figures.roc.show(key, (e) => curvePlot(models, e, "ROC", "false positive rate", "true positive rate (recall)", roc, "roc"), (u) => u.setData(roc));
  const pr = curveData(models, "pr", onPrecisionRecall, [prevalence, prevalence]);
  figures.pr.show(key, (e) => curvePlot(models, e, "Precision and recall", "recall", "precision", pr, "pr"), (u) => u.setData(pr));
}

// ---- numbers

const rounded = (v, digits) => (Number.isNaN(v) ? "–" : v.toFixed(digits));
const fixed = (v) => (Number.isInteger(v) && v > 1 ? String(v) : rounded(v, 5));
const counted = ["tp", "fn", "fp", "tn"];

// A number of pictures that can be clicked.
const count = (n, what, text = String(n)) => (n ? make("button", { type: "button", class: "kw-count", title: `${what}: show the pictures` }, text) : text);

function drawScores(models) {
  const all = models.map((m) => [m, scores(m)]);
  el.scores.replaceChildren(...all.map(([m, s]) =>
    make("tr", { "data-model": m.name }, make("th", { scope: "row" }, swatch(m), m.name),
      ...COLUMNS.map(([name, , title]) => make("td", { "data-score": name }, counted.includes(name) ? count(s[name], `${m.name}: ${title}`) : fixed(s[name]))))));
  const n = arrays[data.sets[setIndex()].labels].length;
  el.caption.textContent = `${state.set} set, ${n} pictures, ${state.labels === "hand" ? "ground-truth labels" : "labels of each model’s teacher"}, threshold ${state.threshold}`;
  el.note.textContent = remark(models, all.map(([, s]) => s), n);
}

// What a reader may stumble over in the numbers that are shown.
function remark(models, all, n) {
  const said = [];
  if (state.labels === "lesson") {
    const byHand = models.filter((m) => !m.lesson).map((m) => m.name);
    if (byHand.length) said.push(`Taught with hand labels and measured on them: ${byHand.join(", ")}.`);
  }
  if (all.some((s) => Math.abs(s.accuracy - (s.tp + s.tn) / n) > 1e-12))
    said.push(`Accuracy follows (11), which puts the threshold on the labels too; in the counts a label is “${one}” above 0.5.`);
  if (state.set === "test") said.push("Choose a threshold on validation; on test only look how good it is.");
  return said.join(" ");
}

function drawFrequencies(models) {
  if (!el.bins.open) return;
  const edges = rules.edges(bins());
  const columns = models.map(frequencies);
  const cell = (f, m, i) => make("td", { "data-model": m.name, "data-count": f.count, "data-bin": i }, count(f.count, `${m.name}: ${f.count}`, f.share.toFixed(5)));
  el.frequencies.replaceChildren(
    make("thead", {}, make("tr", {}, make("th", { scope: "col" }, "predictions"), ...models.map((m) => make("th", { scope: "col" }, swatch(m), m.name)))),
    make("tbody", {}, ...edges.slice(0, -1).map((low, i) =>
      make("tr", {}, make("th", { scope: "row" }, `[${low}, ${edges[i + 1]}${i === bins() - 1 ? "]" : ")"}`), ...columns.map((c, k) => cell(c[i], models[k], i))))));
}

// ---- what mistakes cost

const HUNDREDTHS = Array.from({ length: 101 }, (_, i) => i / 100);

// The set on which a threshold is chosen: validation, where the page has it.
const chooseSet = () => (data.sets.some((s) => s.name === "validation") ? "validation" : state.set);

const costsOf = (m) =>
  once(`costs ${m.name} ${state.set} ${state.labels} ${state.falsePositive} ${state.falseNegative} ${state.dogs}`, () => {
    const r = ranking(m), best = rules.leastCost(ranking(m, chooseSet()), state);
    return { best, there: rules.above(r, best.threshold), curve: HUNDREDTHS.map((th) => rules.cost(rules.above(r, th), state)) };
  });

function costPlot(models, table, element) {
  const all = table.slice(1).flat().filter((v) => v !== null);
  const x = axis("threshold", { splits: tenths, values: (_, s) => s.map((v) => v.toFixed(1)), size: 28 });
  const opts = options(element.clientWidth, 240, `Expected cost of a prediction on the ${state.set} set`, x, axis("cost", { size: 50 }),
    { range: [0, 1.05 * Math.max(...all, 1e-9)] }, models.map(line));
  opts.hooks = { draw: [drawThreshold] };
  element.replaceChildren();
  return new uPlot(opts, table, element);
}

// A number with half of the width of its interval.
const priced = (counts) => `${rounded(rules.cost(counts, state), 5)} ± ${rounded(rules.costError(counts, state), 5)}`;

function costRow(m) {
  const { best, there } = costsOf(m), r = ranking(m), kept = rules.answered(r, state.low, state.high);
  const set = make("button", { type: "button", class: "kw-count", title: "take this threshold", "data-threshold": best.threshold }, rounded(best.threshold, 4));
  const cells = { cost: priced(rules.above(r, state.threshold)), best: Number.isNaN(best.threshold) || best.threshold === 1 ? rounded(best.threshold, 4) : set,
    least: best.cost === Infinity ? "–" : best.cost.toFixed(5), there: priced(there), coverage: kept.coverage.toFixed(5), answered: rounded(kept.accuracy, 5) };
  return make("tr", { "data-model": m.name }, make("th", { scope: "row" }, swatch(m), m.name),
    ...Object.entries(cells).map(([name, cell]) => make("td", { "data-cost": name }, cell)));
}

function drawCosts(models) {
  if (!el.costs.open) return;
  const on = chooseSet(), titles = [`at ${state.threshold}, ± of 95 %`, `cheapest on ${on}`, `cost on ${on}`, `cost there on ${state.set}, ± of 95 %`, "answered", "of these right"];
  const table = joined(models.map((m) => [HUNDREDTHS, costsOf(m).curve.map((v) => (Number.isNaN(v) ? null : v))]));
  const key = [colours.dark, ...models.map((m) => m.name), state.set, state.labels, state.falsePositive, state.falseNegative, state.dogs, el.costFigure.clientWidth].join(";");
  figures.cost.show(key, (e) => costPlot(models, table, e), (u) => u.redraw(false));
  el.costTable.replaceChildren(
    make("thead", {}, make("tr", {}, make("th", { scope: "col" }, "model"), ...titles.map((text) => make("th", { scope: "col" }, text)))),
    make("tbody", {}, ...models.map(costRow)));
  el.costNote.textContent = `The cheapest threshold is chosen on ${on}; what it costs elsewhere is the honest number. Intervals by bootstrap: kd score ` +
    `--cost-fp ${state.falsePositive} --cost-fn ${state.falseNegative}${state.dogs ? ` --prior ${state.dogs}` : ""} --validation MODEL/validation.csv MODEL/test.csv`;
}

// ---- pictures behind a number

const FIRST = 48, MORE = 96; // pictures that are drawn at once, and when one scrolls near their end
let chosen = null; // { kind: "bin", model, bin }, { kind: "field", model, field } or { kind: "wrong", model }
let chosenKey = ""; // of what is shown

// The names of a set's pictures; most have a class and a number.
const names = () =>
  once(`names ${state.set}`, () => {
    const set = data.sets[setIndex()], y = arrays[set.labels];
    if (!set.names.start) return set.names.text.split("\n");
    return Array.from(arrays[set.names.numbers], (number, i) => set.names.start[rules.classOf(y[i], 0.5)] + number);
  });

function choose(what) {
  chosen = what;
  drawChosen(shown());
  el.chosen.scrollIntoView({ block: "nearest", behavior: "smooth" });
}

// Which pictures are chosen, in words and as their places in the set.
function choice(m) {
  const p = predictions(m), y = labels(m), th = state.threshold, at = `at the threshold ${th}`;
  if (chosen.kind === "wrong") return [`${m.name} is wrong ${at}`, rules.wrong(p, y, th)];
  if (chosen.kind === "field") return [`${m.name}: ${COLUMNS.find(([name]) => name === chosen.field)[2]} ${at}`, rules.inField(p, y, th, chosen.field)];
  const n = bins(), edges = rules.edges(n), i = chosen.bin;
  return [`${m.name} in [${edges[i]}, ${edges[i + 1]}${i === n - 1 ? "]" : ")"}`, rules.inBin(p, n, i)];
}

function drawChosen(models) {
  if (chosen?.kind === "bin" && chosen.bin >= bins()) chosen = null;
  const key = chosen && JSON.stringify([chosen, models.map((m) => m.name), { ...state, log: 0 }]);
  if (key === chosenKey) return;
  chosenKey = key;
  if (!chosen) {
    el.chosen.replaceChildren(make("p", { class: "kw-note" }, "Click a bar, a curve or a count, and see its pictures."));
    return;
  }
  const [title, places] = choice(data.models.find((m) => m.name === chosen.model));
  const close = make("button", { type: "button" }, "Close");
  close.addEventListener("click", () => choose(null));
  const window = make("div", { class: "kw-pictures", tabindex: 0, role: "region", "aria-label": "pictures" });
  const heading = make("h4", { "aria-live": "polite" }, `${title}: ${places.length} ${places.length === 1 ? "picture" : "pictures"}`);
  const thumbnails = data.sets[setIndex()].thumbnails;
  const note = thumbnails ? [] : [make("p", { class: "kw-note" }, "This file has no pictures: kd report --pictures puts them in.")];
  el.chosen.replaceChildren(make("div", { class: "kw-heading" }, heading, close), ...note, window);
  more(window, places, (i) => pictureOf(i, models, thumbnails));
}

// Draws pictures as they are scrolled into view.
function more(window, places, draw) {
  let drawn = 0;
  const add = (n) => {
    window.append(...places.slice(drawn, drawn + n).map(draw));
    drawn = Math.min(drawn + n, places.length);
  };
  add(FIRST);
  window.addEventListener("scroll", () => {
    if (window.scrollTop + 2 * window.clientHeight > window.scrollHeight) add(MORE);
  });
}

function pictureOf(i, models, thumbnails) {
  const label = rules.classOf(arrays[data.sets[setIndex()].labels][i], 0.5), name = names()[i];
  const says = models.map((m) => {
    const p = predictions(m)[i], mark = rules.classOf(p, state.threshold) === label ? "" : " ✗";
    return make("span", {}, swatch(m), `${m.name} ${p.toFixed(3)}${mark}`);
  });
  const image = thumbnails ? [make("img", { alt: name, decoding: "async", "src": `data:image/jpeg;base64,${thumbnails.head}${thumbnails.rest[i]}` })] : [];
  return make("figure", { "data-id": name }, ...image, make("figcaption", {}, make("b", {}, name), make("span", {}, `label: ${data.classes[label]}`), ...says));
}

// ---- together

let waiting = false;
function draw() {
  waiting = false;
  if (!root.clientWidth) return; // hidden; the observer below calls again
  readColours();
  const models = shown();
  drawFigures(models);
  drawScores(models);
  drawFrequencies(models);
  drawCosts(models);
  drawChosen(models);
  describe(models);
}

function redraw() {
  if (waiting) return;
  waiting = true;
  requestAnimationFrame(draw); // many moves, one picture
}

function describe(models) {
  const names = models.map((m) => m.name).join(", ") || "no model";
  const name = (figure, text) => {
    const canvas = figure.querySelector("canvas");
    canvas.setAttribute("role", "img");
    canvas.setAttribute("aria-label", text);
  };
  if (el.costs.open) name(el.costFigure, `Expected cost of ${names} at every threshold; the numbers at the threshold are in the table below`);
  name(el.histogram, `Histogram of the predictions of ${names} on the ${state.set} set; the numbers are in the table at the end`);
  name(el.roc, `ROC curves of ${names}; the marks' coordinates are FPR and recall in the table below`);
  name(el.pr, `Precision-recall curves of ${names}; the marks' coordinates are recall and precision in the table below`);
}

// ---- the address

const ADDRESS_AFTER = 300; // ms without a move: browsers bear few changes of an address in a second

// What differs from the start, as in "#threshold=0.35&models=teacher,soft".
function fragment() {
  const parts = Object.entries(state).filter(([key, value]) => String(value) !== String(data.start[key]));
  return parts.map(([key, value]) => `${key}=${[value].flat().map(encodeURIComponent).join()}`).join("&");
}

// A fragment's state. What the page does not have is as at the start.
function stateOf(text) {
  const has = {
    threshold: (v) => [Number(v), v !== "" && Number(v) >= 0 && Number(v) < 1],
    binWidth: (v) => [Number(v), data.widths.some((w) => w.width === Number(v))],
    models: (v) => [data.models.map((m) => m.name).filter((name) => v.split(",").includes(name)), true],
    set: (v) => [v, data.sets.some((s) => s.name === v)],
    labels: (v) => [v, ["hand", "lesson"].includes(v)],
    log: (v) => [v === "true", true],
    ...Object.fromEntries(Object.keys(COSTS).map((name) => [name, (v) => [Number(v), v !== "" && Number(v) >= 0 && Number(v) < Infinity]])),
  };
  const told = { ...data.start };
  for (const [key, written] of new URLSearchParams(text)) {
    const [value, known] = has[key]?.(written) ?? [null, false];
    if (known) told[key] = value;
  }
  return { ...told, ...(sensible(told) ? {} : costsAtStart()) };
}

// Costs that can be asked for: one of them above 0, a share below 1, a band from low to high.
const sensible = (s) => s.falsePositive + s.falseNegative > 0 && s.dogs < 1 && s.low <= s.high && s.high <= 1;
const costsAtStart = () => Object.fromEntries(Object.keys(COSTS).map((name) => [name, data.start[name]]));

let writing = 0;
function writeAddress() {
  if (!data.address) return;
  clearTimeout(writing);
  writing = setTimeout(() => history.replaceState(null, "", `#${fragment()}`), ADDRESS_AFTER);
}

function readAddress() {
  if (!data.address) return;
  Object.assign(state, stateOf(location.hash.slice(1)));
  showState();
  redraw();
}

// Controls show the state.
function showState() {
  el.slider.value = el.number.value = state.threshold;
  el.width.value = state.binWidth;
  el.set.value = state.set;
  el.labels.value = state.labels;
  el.log.checked = state.log;
  for (const name of Object.keys(COSTS)) el[name].value = state[name];
  for (const box of el.models) box.checked = state.models.includes(box.value);
}

const page = { name: data.name, root, moved: 0, choice: () => ({ ...state }) };

function change(part) {
  Object.assign(state, part);
  page.moved = Date.now();
  redraw();
  writeAddress();
}

function listen() {
  el.slider.addEventListener("input", () => {
    change({ threshold: Number(el.slider.value) });
    el.number.value = el.slider.value;
  });
  el.number.addEventListener("input", () => {
    if (el.number.value === "" || !el.number.validity.valid) return;
    change({ threshold: Number(el.number.value) });
    el.slider.value = el.number.value;
  });
  el.number.addEventListener("change", () => (el.number.value = state.threshold));
  el.width.addEventListener("change", () => {
    if (chosen?.kind === "bin") chosen = null; // another bin has that number now
    change({ binWidth: Number(el.width.value) });
  });
  el.set.addEventListener("change", () => change({ set: el.set.value }));
  el.labels.addEventListener("change", () => change({ labels: el.labels.value }));
  el.log.addEventListener("change", () => change({ log: el.log.checked }));
  for (const box of el.models)
    box.addEventListener("change", () => change({ models: el.models.filter((b) => b.checked).map((b) => b.value) }));
  for (const name of Object.keys(COSTS))
    el[name].addEventListener("change", () => {
      const asked = { [name]: Number(el[name].value) };
      const known = el[name].value !== "" && el[name].validity.valid && sensible({ ...state, ...asked });
      if (known) change(asked);
      else el[name].value = state[name];
    });
  el.costTable.addEventListener("click", ({ target }) => {
    const cell = target.closest("button");
    if (!cell) return;
    change({ threshold: Number(cell.dataset.threshold) });
    showState();
  });
  el.costs.addEventListener("toggle", redraw);
  el.bins.addEventListener("toggle", redraw);
  el.scores.addEventListener("click", ({ target }) => {
    const cell = target.closest("button")?.closest("td");
    if (cell) choose({ kind: "field", model: cell.parentElement.dataset.model, field: cell.dataset.score });
  });
  el.frequencies.addEventListener("click", ({ target }) => {
    const cell = target.closest("button")?.closest("td");
    if (cell) choose({ kind: "bin", model: cell.dataset.model, bin: Number(cell.dataset.bin) });
  });
  el.reset.addEventListener("click", () => {
    change(data.start);
    showState();
  });
}

// A later cell asks: the page of that name in its notebook answers, of several the one that was moved last.
globalThis.kdlibWhatIf ??= {
  pages: [],
  answer(name, here) {
    const notebook = here?.closest(".jp-Notebook");
    const named = this.pages.filter((p) => p.name === name);
    const near = named.filter((p) => notebook && notebook.contains(p.root));
    const best = (near.length ? near : named).reduce((a, b) => (a && a.moved > b.moved ? a : b), null);
    return best && JSON.stringify(best.choice());
  },
};
globalThis.kdlibWhatIf.pages.push(page);

build();
showState();
listen();
readAddress();
addEventListener("hashchange", readAddress);
new ResizeObserver(redraw).observe(root);
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", redraw);
new MutationObserver(redraw).observe(document.body, { attributeFilter: ["data-jp-theme-light", "data-jp-theme-name"] });
