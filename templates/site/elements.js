// Elements are made, never parsed: text of a record stays text.

const SVG = "http://www.w3.org/2000/svg";
const WORDS = { P: "PASS", F: "FAIL", I: "INCONCLUSIVE", "-": "not run", "~": "no record yet", "!": "unreadable" };
const SIGNS = { P: "✓", F: "✕", I: "?", "-": "·", "~": "…", "!": "!" };
const LETTERS = { PASS: "P", FAIL: "F", INCONCLUSIVE: "I" };

/** Make an element; null children are left out, lists are spread. */
function make(tag, attributes = {}, ...children) {
  return fill(document.createElement(tag), attributes, children);
}

function draw(tag, attributes = {}, ...children) {
  return fill(document.createElementNS(SVG, tag), attributes, children);
}

function fill(element, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined));
  return element;
}

function makeBadge(verdict) {
  const sign = make("span", { "aria-hidden": "true" }, SIGNS[LETTERS[verdict]] ?? "·");
  return make("span", { class: `badge ${verdict}` }, sign, ` ${verdict}`);
}

/** Make what is said of a hub as a whole: a PASS is one so far where phases have not run. */
function makeVerdict(verdict, pending) {
  const sofar = pending.length && verdict === "PASS" ? make("span", { class: "so-far" }, " so far") : "";
  return [makeBadge(verdict), sofar];
}

function tellPending(pending) {
  return pending.length ? `The verdict does not speak of what has not run in it: ${pending.join(", ")}.` : "";
}

/** Make the cell of a ledger: a sign, and a word that narrow screens leave to readers aloud. */
function makeCell(code) {
  const style = { "-": "none", "~": "x", "!": "x" }[code] ?? code;
  return make(
    "span",
    { class: `cell ${style}` },
    make("span", { "aria-hidden": "true" }, SIGNS[code]),
    make("span", { class: "word" }, WORDS[code]),
  );
}

function quotePath(path) {
  return path.split("/").map(encodeURIComponent).join("/");
}

/** Return where a file of a hub lies, or null where hubs do not lie beside the site. */
function locateFile(stamp, file, pointer = "") {
  const { base, folder } = parityhub.index;
  if (base === null) return null;
  const fragment = pointer ? "#" + encodeURIComponent(pointer) : "";
  return `${base}${quotePath(`${stamp}/${folder}/${file}`)}${fragment}`;
}

/** Make a value that leads to its source. */
function makeValue(stamp, value, source, beside = []) {
  const text = formatValue(value, beside);
  const none = value === null || (typeof value === "object" && "s" in value);
  const [file, pointer] = source ?? ["", ""];
  if (!file) return make("span", { class: none ? "absent" : "n" }, text);
  const title = pointer ? `${file}#${pointer}` : file;
  const href = locateFile(stamp, file, pointer);
  return make(href ? "a" : "span", { class: none ? "absent" : "n", href, title }, text);
}

function makeFileLink(stamp, file, text) {
  const href = locateFile(stamp, file);
  return href ? make("a", { href }, text) : make("span", { title: file }, text);
}

function makeCommit(commit, dirty) {
  if (!commit) return make("span", { class: "dim" }, "commit unknown");
  const note = dirty ? " with changes" : "";
  return make("span", {}, make("code", { title: commit }, commit.slice(0, 10)), note);
}

function makeHubLink(stamp, text = readStamp(stamp)) {
  return make("a", { href: linkTo("hub", stamp), title: stamp }, text);
}

function makeHead(content, style = null) {
  return make("th", { scope: "col", class: style }, content);
}

/** Make a table in a box of its own, which a keyboard reaches and which scrolls alone. */
function makeTable(label, style, heads, rows) {
  const head = make("tr", {}, heads.map((head) => (head.tagName === "TH" ? head : makeHead(head))));
  const table = make("table", { class: style }, make("thead", {}, head), make("tbody", {}, rows));
  return make("div", { class: "table", role: "region", "aria-label": label, tabindex: "0" }, table);
}

function makeOption(value, text, chosen) {
  return make("option", { value, selected: value === chosen }, text);
}

function linkTo(...parts) {
  return "#/" + parts.map(encodeURIComponent).join("/");
}
