// Data come as scripts, not by fetch: so the site opens from disk too.

const waiting = new Map();
const held = new Map();

/** Called by each data file with the digest in its own name, and what it holds. */
parityhub.take = (digest, data) => {
  if (digest === "index") {
    parityhub.index = data;
    parityhub.render?.();
    return;
  }
  held.set(digest, data);
  waiting.get(digest)?.forEach((go) => go(data));
  waiting.delete(digest);
};

/** Load a data file once, and return what it holds. */
function loadData(file) {
  const digest = file.split(".").at(-2);
  if (held.has(digest)) return Promise.resolve(held.get(digest));
  return new Promise((resolve, reject) => {
    const first = !waiting.has(digest);
    waiting.set(digest, [...(waiting.get(digest) ?? []), resolve]);
    if (first) addScript(file, () => { waiting.delete(digest); reject(new Error(`${file} is missing`)); });
  });
}

function addScript(file, fail) {
  const script = make("script", { src: file });
  script.addEventListener("error", fail);
  script.addEventListener("load", () => script.remove());
  document.head.append(script);
}

/** Return a hub by its stamp, with its numbers; null: there is none of that stamp. */
async function loadHub(stamp) {
  const number = parityhub.index.stamps.indexOf(stamp);
  if (number < 0) return null;
  const page = Math.floor(number / parityhub.index.page);
  const { hubs } = await loadData(parityhub.index.pages[page]);
  return hubs[number % parityhub.index.page];
}

function loadGroup(number) {
  return loadData(parityhub.index.groups[number].file);
}

/** Return the hub's commit: that of its newest run. */
function findCommit(number) {
  const { commits } = parityhub.index;
  return commits.table[commits.at[number]];
}
