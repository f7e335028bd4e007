// The rules of kdlib's packages label, score, hist and curve, for the numbers that a page shows. p are probabilities of "dog", y labels, both in [0, 1], in typed arrays; th is the threshold.
const rules = (() => {
  "use strict";

  const LABEL_THRESHOLD = 0.5; // label.Threshold: what makes a label a dog

  // Formula (13): strictly greater than the threshold is 1 (dog), anything else 0 (cat).
  const classOf = (p, th) => (p > th ? 1 : 0);

  function mean(n, term) {
    let sum = 0;
    for (let i = 0; i < n; i++) sum += term(i);
    return sum / n;
  }

  // Formulas (11) and (12). The threshold is put on the labels, too.
  const accuracy = (p, y, th) => mean(p.length, (i) => (classOf(p[i], th) === classOf(y[i], th) ? 1 : 0));

  // Formula (15); the labels play no part.
  const uncertainty = (p, th) => mean(p.length, (i) => (p[i] - classOf(p[i], th)) * (p[i] - classOf(p[i], th)));

  // Edges i/bins: division rounds correctly, so 3/20 is the float64 that "0.15" is read as.
  const edges = (bins) => Array.from({ length: bins + 1 }, (_, i) => i / bins);

  // The number of the bin [low, high), the last one closed, that holds v. The first guess, v times bins, may be off by one.
  function binOf(v, bins) {
    const i = Math.min(Math.floor(v * bins), bins - 1);
    if (v < i / bins) return i - 1;
    return i + 1 < bins && v >= (i + 1) / bins ? i + 1 : i;
  }

  function counts(p, bins) {
    const found = new Array(bins).fill(0);
    for (const v of p) found[binOf(v, bins)]++;
    return found;
  }

  // Shares of a confusion table. A share of nothing is 0, as in package metrics.
  const share = (part, whole) => (whole === 0 ? 0 : part / whole);
  const shares = ({ tp, fn, fp, tn }) => ({
    precision: share(tp, tp + fp),
    recall: share(tp, tp + fn),
    f1: share(2 * tp, 2 * tp + fp + fn),
    fpr: share(fp, fp + tn),
  });

  // The confusion tables at every threshold that tells one prediction from another, from the highest down:
  // tp[i] dogs and fp[i] cats have a prediction of at least value[i].
  function ranking(p, y) {
    const dogs = p.filter((_, i) => y[i] > LABEL_THRESHOLD).sort(); // typed arrays sort as numbers
    const cats = p.filter((_, i) => !(y[i] > LABEL_THRESHOLD)).sort();
    const r = { dogs: dogs.length, cats: cats.length, value: [], tp: [], fp: [] };
    for (let d = dogs.length, c = cats.length; d + c > 0; ) {
      const value = Math.max(d ? dogs[d - 1] : 0, c ? cats[c - 1] : 0);
      while (d && dogs[d - 1] === value) d--;
      while (c && cats[c - 1] === value) c--;
      r.value.push(value);
      r.tp.push(dogs.length - d);
      r.fp.push(cats.length - c);
    }
    return r;
  }

  // The ROC curve from (0, 0) to (1, 1), and the area under it by trapezia; there is none unless there are dogs and cats.
  function roc({ dogs, cats, tp, fp }) {
    if (!dogs || !cats) return { fpr: [], tpr: [], auc: NaN };
    const fpr = [0, ...fp.map((v) => v / cats)];
    const tpr = [0, ...tp.map((v) => v / dogs)];
    let auc = 0;
    for (let i = 1; i < fpr.length; i++) auc += ((fpr[i] - fpr[i - 1]) * (tpr[i] + tpr[i - 1])) / 2;
    return { fpr, tpr, auc };
  }

  // The precision-recall curve from recall 0, where precision is taken as 1, and average precision, the mean of the
  // precisions weighted with the steps of recall; there is none unless there are dogs and cats.
  function precisionRecall({ dogs, cats, tp, fp }) {
    if (!dogs || !cats) return { recall: [], precision: [], ap: NaN };
    const recall = [0, ...tp.map((v) => v / dogs)];
    const precision = [1, ...tp.map((v, i) => v / (v + fp[i]))];
    let ap = 0;
    for (let i = 1; i < recall.length; i++) ap += (recall[i] - recall[i - 1]) * precision[i];
    return { recall, precision, ap };
  }

  // A threshold that says "dog" of the first i values of a ranking and of no others, with as few digits as that needs. There is none
  // below 0 and none from 1 on: then it is the nearest one.
  function thresholdAt({ value }, i) {
    const least = value[i] ?? 0, above = i ? value[i - 1] : 1;
    for (let unit = 100; unit <= 1e15; unit *= 10) {
      const th = Math.ceil(least * unit) / unit;
      if (th >= least && th < above) return th;
    }
    return Math.min(least, 1 - 2 ** -53);
  }

  // The places of the predictions in bin number i; in a field of the confusion table, tp, fn, fp or tn; or wrong at the threshold. All
  // in the order of p.
  const inOrder = (p, keep) => Array.from(p.keys()).filter(keep).sort((a, b) => p[a] - p[b]);
  const inBin = (p, bins, i) => inOrder(p, (k) => binOf(p[k], bins) === i);
  const labelled = (y, k) => classOf(y[k], LABEL_THRESHOLD);
  const fields = { tp: [1, 1], fn: [1, 0], fp: [0, 1], tn: [0, 0] };
  const inField = (p, y, th, field) => inOrder(p, (k) => labelled(y, k) === fields[field][0] && classOf(p[k], th) === fields[field][1]);
  const wrong = (p, y, th) => inOrder(p, (k) => labelled(y, k) !== classOf(p[k], th));

  // How predictions and truth meet at a threshold: a label above 0.5 is a dog, a prediction above the threshold says dog.
  function above({ dogs, cats, value, tp, fp }, th) {
    let low = 0, high = value.length; // values descend
    while (low < high) {
      const middle = (low + high) >> 1;
      if (value[middle] > th) low = middle + 1;
      else high = middle;
    }
    const d = low ? tp[low - 1] : 0, c = low ? fp[low - 1] : 0;
    return { tp: d, fn: dogs - d, fp: c, tn: cats - c };
  }

  // What a prediction costs, as metrics.Costs: c.falsePositive is the cost of a cat called dog, c.falseNegative that of a dog called
  // cat, c.dogs the share of dogs where the model will be used, 0: as here. NaN if that share is asked of pictures of one class.
  function cost({ tp, fn, fp, tn }, c) {
    const falsePositive = c.falsePositive * fp, falseNegative = c.falseNegative * fn;
    if (c.dogs === 0) return (falsePositive + falseNegative) / (tp + fn + fp + tn);
    return ((1 - c.dogs) * falsePositive) / (fp + tn) + (c.dogs * falseNegative) / (fn + tp);
  }

  // Half of the width of its interval of 95 %, normal, with as many pictures of each class as there are.
  function costError({ tp, fn, fp, tn }, c) {
    const cats = fp + tn, dogs = fn + tp, share = c.dogs || dogs / (cats + dogs);
    const part = (weight, wrong, n) => (n ? (weight * weight * (wrong / n) * (1 - wrong / n)) / n : 0);
    return 1.96 * Math.sqrt(part((1 - share) * c.falsePositive, fp, cats) + part(share * c.falseNegative, fn, dogs));
  }

  // The threshold of the least cost, as metrics.Costs.BestThreshold: of several the nearest to the paper's.
  function leastCost(r, c) {
    const all = [LABEL_THRESHOLD, 0, 1];
    for (let i = r.value.length - 1; i > 0; i--) all.push((r.value[i] + r.value[i - 1]) / 2);
    let best = { threshold: NaN, cost: Infinity };
    for (const threshold of all) {
      const found = cost(above(r, threshold), c), nearer = Math.abs(threshold - LABEL_THRESHOLD) < Math.abs(best.threshold - LABEL_THRESHOLD);
      if (found < best.cost || (found === best.cost && nearer)) best = { threshold, cost: found };
    }
    return best;
  }

  // Of predictions above low and up to high nothing is said: the share of all that are said, and how many of these are right.
  function answered(r, low, high) {
    const cats = above(r, low), dogs = above(r, high), given = dogs.tp + dogs.fp + cats.tn + cats.fn;
    return { coverage: share(given, r.dogs + r.cats), accuracy: (dogs.tp + cats.tn) / given };
  }

  return {
    above, cost, costError, leastCost, answered, classOf, accuracy, uncertainty, edges, binOf, counts, shares, ranking, roc, precisionRecall, thresholdAt, inBin, inField, wrong,
  };
})();
