const element = (id) => document.getElementById(id);

// The content of a script element: gzip in base64.
async function unpack(id) {
  const text = element(id).textContent;
  const raw = Uint8Array.fromBase64 ? Uint8Array.fromBase64(text) : Uint8Array.from(atob(text), (c) => c.charCodeAt(0));
  const stream = new Blob([raw]).stream().pipeThrough(new DecompressionStream('gzip'));
  element(id).remove();
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

function say(text, wrong = false) {
  element('state').textContent = text;
  element('state').classList.toggle('wrong', wrong);
}

// The rule of images.Resize, Pillow's nearest neighbour: which of n pixels each of size pixels takes. The position is a sum, as
// there: a product would differ where rounding decides.
function nearest(n, size) {
  const step = n / size, index = [];
  for (let i = 0, position = step * 0.5; i < size; i++, position += step) index.push(Math.min(Math.trunc(position), n - 1));
  return index;
}

// RGB of size x size pixels, bytes in rows.
function resized(source, size) {
  const columns = nearest(source.width, size), rows = nearest(source.height, size);
  const out = new Uint8ClampedArray(3 * size * size);
  let at = 0;
  for (const y of rows) for (const x of columns) for (let colour = 0; colour < 3; colour++) out[at++] = source.data[4 * (y * source.width + x) + colour];
  return out;
}

const mean = [0.485, 0.456, 0.406], deviation = [0.229, 0.224, 0.225]; // ImageNet's, as in package onnx
const scalings = {
  '0..255': (v) => v,
  '0..1': (v) => v / 255,
  '-1..1': (v) => v / 127.5 - 1,
  imagenet: (v, colour) => (v / 255 - mean[colour]) / deviation[colour],
};

// What a network takes of RGB bytes.
function input(network, bytes) {
  const { size, layout } = network, pixels = size * size, scale = scalings[network.values], out = new Float32Array(bytes.length);
  for (let i = 0; i < pixels; i++) {
    for (let colour = 0; colour < 3; colour++) out[layout === 'nchw' ? colour * pixels + i : 3 * i + colour] = scale(bytes[3 * i + colour], colour);
  }
  return new ort.Tensor('float32', out, layout === 'nchw' ? [1, 3, size, size] : [1, size, size, 3]);
}

const sigmoid = (z) => 1 / (1 + Math.exp(-z));

// The probability of the label 1 that an output means.
function probability(network, values) {
  if (network.gives === 'logit') return sigmoid(network.columns === 2 ? values[1] - values[0] : values[0]);
  return values[network.columns - 1];
}

async function ask(network, bytes) {
  const started = performance.now();
  const out = await network.session.run({ [network.input]: input(network, bytes) });
  return { p: probability(network, out[network.output].data), milliseconds: performance.now() - started };
}

// The pixels of a picture's file, upright.
async function decode(file) {
  const bitmap = await createImageBitmap(file, { colorSpaceConversion: 'none', premultiplyAlpha: 'none' });
  const canvas = document.createElement('canvas');
  [canvas.width, canvas.height] = [bitmap.width, bitmap.height];
  const context = canvas.getContext('2d', { willReadFrequently: true });
  context.drawImage(bitmap, 0, 0);
  bitmap.close();
  return context.getImageData(0, 0, canvas.width, canvas.height);
}

let answers = []; // of the picture that is shown, by network
let shown = ''; // its address
let asked = 0; // pictures so far

async function show(file) {
  const turn = ++asked;
  await ready;
  let source;
  try {
    source = await decode(file);
  } catch {
    say(`“${file.name || 'this'}” cannot be read as a picture.`, true);
    return;
  }
  const made = [];
  for (const network of facts.networks) made.push(await ask(network, resized(source, network.size)));
  if (turn !== asked) return; // another picture came meanwhile
  answers = made;
  URL.revokeObjectURL(shown);
  element('picture').src = shown = URL.createObjectURL(file);
  drawSeen(source);
  say('');
  element('answer').hidden = false;
  write();
}

// What the network with the smallest pictures sees.
function drawSeen(source) {
  const size = Math.min(...facts.networks.map((n) => n.size)), bytes = resized(source, size), canvas = element('seen');
  canvas.width = canvas.height = size;
  const pixels = new ImageData(size, size);
  for (let i = 0; i < size * size; i++) pixels.data.set([bytes[3 * i], bytes[3 * i + 1], bytes[3 * i + 2], 255], 4 * i);
  canvas.getContext('2d').putImageData(pixels, 0, 0);
  const sizes = [...new Set(facts.networks.map((n) => n.size))];
  element('seen-size').textContent = `what the network sees: ${size} × ${size}` + (sizes.length > 1 ? ` (others ${sizes.filter((s) => s !== size).join(', ')})` : '');
}

function write() {
  const threshold = Number(element('threshold').value);
  element('threshold-value').textContent = threshold.toFixed(2);
  element('answers').replaceChildren(...answers.map(({ p, milliseconds }, i) => row(facts.networks[i], p, milliseconds, threshold)));
}

function part(tag, name, text = '') {
  const made = document.createElement(tag);
  made.className = name;
  made.textContent = text;
  return made;
}

function row(network, p, milliseconds, threshold) {
  const [zero, one] = facts.classes, item = part('li', p > threshold ? 'is-one' : 'is-zero');
  item.dataset.p = p;
  const line = part('div', 'line'), bar = part('div', 'bar'), filled = part('span', ''), mark = part('i', '');
  line.append(part('span', 'class', p > threshold ? one : zero), part('span', 'time', `${network.name}, ${milliseconds.toFixed(0)} ms`));
  filled.style.width = `${100 * p}%`;
  mark.style.left = `calc(${100 * threshold}% - 1px)`;
  bar.append(filled, mark);
  bar.setAttribute('aria-hidden', 'true');
  item.append(line, bar, part('div', 'probability', `P(${one}) = ${p.toFixed(4)}`));
  return item;
}

let ort;

async function load() {
  const source = URL.createObjectURL(new Blob([await unpack('runtime-script')], { type: 'text/javascript' }));
  ort = await import(source);
  URL.revokeObjectURL(source);
  ort.env.wasm.numThreads = 1; // threads need headers that a file has not got
  ort.env.wasm.wasmBinary = await unpack('runtime-program');
  for (const [i, network] of facts.networks.entries()) {
    network.session = await ort.InferenceSession.create(await unpack(`network-${i}`));
    await ask(network, new Uint8ClampedArray(3 * network.size * network.size)); // the first picture takes longest
  }
  say('Ready.');
}

const ready = load();
ready.catch((error) => say(`The network cannot run here: ${error.message}. Does another browser, or a newer one, open this page?`, true));

for (const id of ['file', 'camera']) {
  element(id).addEventListener('change', ({ target }) => {
    if (target.files[0]) show(target.files[0]);
    target.value = ''; // so that the same picture can be chosen again
  });
}
for (const button of document.querySelectorAll('.sample')) {
  button.addEventListener('click', () => {
    const [head, body] = button.querySelector('img').src.split(',');
    const raw = Uint8Array.from(atob(body), (c) => c.charCodeAt(0));
    show(new File([raw], button.title, { type: head.slice('data:'.length, head.indexOf(';')) }));
  });
}
// A picture may be dropped anywhere: a browser would open it instead of the page.
addEventListener('dragover', (event) => { event.preventDefault(); element('drop').classList.add('over'); });
addEventListener('dragleave', (event) => { if (!event.relatedTarget) element('drop').classList.remove('over'); });
addEventListener('drop', (event) => {
  event.preventDefault();
  element('drop').classList.remove('over');
  if (event.dataTransfer.files[0]) show(event.dataTransfer.files[0]);
});
element('threshold').addEventListener('input', write);
