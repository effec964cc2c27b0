// The ledger: every hub in strips, then a hundred hubs a page, newest first.

const PAGE_ROWS = 100;
const ledger = { page: 0, phase: "", verdict: "", chosen: [] };

function showLedger(view) {
  const { stamps } = parityhub.index;
  view.append(make("h2", { tabindex: "-1" }, "Ledger"));
  if (stamps.length > 1) view.append(drawStrips());
  const box = make("div");
  const refresh = () => box.replaceChildren(listRows(refresh));
  view.append(makeFilters(refresh), box);
  refresh();
}

/** Draw for each phase a slice a hub. */
function drawStrips() {
  const { phases, stamps } = parityhub.index;
  const strips = phases.map((phase, place) => {
    const codes = stamps.map((_, hub) => codeOf(hub, place)).join("");
    const strip = drawStrip(codes);
    strip.addEventListener("click", (event) => {
      const box = strip.getBoundingClientRect();
      const hub = Math.floor(((event.clientX - box.left) / box.width) * stamps.length);
      location.hash = linkTo("hub", stamps[Math.min(stamps.length - 1, Math.max(0, hub))]);
    });
    strip.setAttribute("role", "img");
    strip.setAttribute("aria-label", `${phase.id} over ${stamps.length} hubs: ${countCodes(codes)}`);
    return make("div", { class: "strip" }, make("b", { title: phase.title }, phase.id), strip);
  });
  const ends = [stamps[0], stamps.at(-1)].map((stamp) => make("span", {}, readStamp(stamp).slice(0, 10)));
  const keys = ["P", "F", "I", "-"].map((code) => make("li", {}, drawStrip(code), " ", WORDS[code]));
  return make(
    "figure",
    { class: "strips" },
    make("figcaption", {}, make("b", {}, "Every hub, oldest first"), make("span", { class: "dim" }, "a slice a hub; a click opens it")),
    strips,
    make("p", { class: "dates" }, ends),
    make("ul", { class: "legend" }, keys),
  );
}

/** Draw verdicts as slices; hubs of one verdict beside each other are one shape. */
function drawStrip(codes) {
  const svg = draw("svg", { viewBox: `0 0 ${codes.length} 12`, preserveAspectRatio: "none" });
  for (const { index, 0: run } of codes.matchAll(/(.)\1*/gs)) {
    svg.append(...drawSlice(run[0], index, run.length));
  }
  return svg;
}

function drawSlice(code, x, width) {
  const bar = (y, height) => draw("rect", { x, y, width, height, class: `v-${"PFI".includes(code) ? code : "none"}` });
  if (code === "P") return [bar(0, 12)];
  if (code === "F") return [bar(0, 5), bar(7, 5)];
  if (code === "I") return [bar(3.5, 5)];
  return code === "-" ? [bar(5.5, 1)] : [bar(2, 1), bar(9, 1)];
}

function countCodes(codes) {
  const counts = Object.keys(WORDS).map((code) => [code, codes.split(code).length - 1]);
  return counts.filter(([, count]) => count).map(([code, count]) => `${count} ${WORDS[code]}`).join(", ");
}

function codeOf(hub, place) {
  const { codes, phases } = parityhub.index;
  return codes[hub * phases.length + place];
}

function makeFilters(refresh) {
  const { phases } = parityhub.index;
  const change = (name) => (event) => { ledger[name] = event.target.value; ledger.page = 0; refresh(); };
  const phase = make("select", { onchange: change("phase") }, makeOption("", "any phase", ledger.phase), phases.map((item) => makeOption(item.id, item.id, ledger.phase)));
  const verdicts = ["P", "F", "I", "-", "~"].map((code) => makeOption(code, WORDS[code], ledger.verdict));
  const verdict = make("select", { onchange: change("verdict") }, makeOption("", "any verdict", ledger.verdict), verdicts);
  return make("div", { class: "filters" }, make("label", {}, "Hubs with ", verdict), make("label", {}, "in ", phase));
}

/** Return the numbers of the hubs that the filters let through, newest first. */
function filterHubs() {
  const { stamps, phases } = parityhub.index;
  const places = phases.flatMap((phase, place) => (ledger.phase && phase.id !== ledger.phase ? [] : [place]));
  const found = stamps.map((_, hub) => hub).reverse();
  if (!ledger.verdict) return found;
  return found.filter((hub) => places.some((place) => codeOf(hub, place) === ledger.verdict));
}

function listRows(refresh) {
  const found = filterHubs();
  const pages = Math.max(1, Math.ceil(found.length / PAGE_ROWS));
  ledger.page = Math.min(ledger.page, pages - 1);
  const shown = found.slice(ledger.page * PAGE_ROWS, (ledger.page + 1) * PAGE_ROWS);
  const heads = [make("span", { class: "hidden" }, "choose"), "hub", makeHead("commit", "wide"), ...parityhub.index.phases.map(makePhaseLink), makeHead("why", "wide")];
  const rows = shown.map((hub) => makeRow(hub, refresh));
  const none = shown.length ? null : make("p", {}, "No hub is like that.");
  return make(
    "div",
    {},
    makeTable("Hubs and their phases", "ledger", heads, rows),
    none,
    pages > 1 ? makePager(pages, found.length, refresh) : null,
    ledger.chosen.length ? makeChoice(refresh) : null,
  );
}

function makePhaseLink(phase) {
  return make("a", { href: linkTo("history", phase.id), title: phase.title }, phase.id);
}

function makeRow(hub, refresh) {
  const { stamps, phases, unreadable } = parityhub.index;
  const stamp = stamps[hub];
  const choose = () => {
    const without = ledger.chosen.filter((other) => other !== stamp);
    ledger.chosen = without.length < ledger.chosen.length ? without : [...ledger.chosen.slice(-1), stamp];
    refresh();
    document.querySelector(`input[value="${CSS.escape(stamp)}"]`)?.focus();
  };
  const box = make("input", { type: "checkbox", value: stamp, "aria-label": `choose ${readStamp(stamp)}`, onchange: choose });
  box.checked = ledger.chosen.includes(stamp);
  const [commit, dirty] = findCommit(hub) ?? [null, null];
  const cells = phases.map((_, place) => make("td", {}, makeCell(codeOf(hub, place))));
  const broken = unreadable.includes(hub) ? make("span", { class: "absent" }, " unreadable") : null;
  return make("tr", {}, make("td", {}, box), make("th", { scope: "row" }, makeHubLink(stamp), broken), make("td", { class: "wide" }, makeCommit(commit, dirty)), cells, makeReason(hub));
}

/** Make the cell that says why a hub does not pass: its page of data is loaded for that. */
function makeReason(hub) {
  const { stamps, phases } = parityhub.index;
  const cell = make("td", { class: "wide why" });
  const codes = phases.map((_, place) => codeOf(hub, place));
  if (!codes.some((code) => "FI!".includes(code))) return cell;
  loadHub(stamps[hub]).then(({ reason }) => cell.append(make("span", { title: reason }, reason)), () => {});
  return cell;
}

function makePager(pages, count, refresh) {
  const turn = (step) => () => { ledger.page += step; refresh(); document.getElementById("view").scrollIntoView(); };
  const first = ledger.page * PAGE_ROWS;
  return make(
    "nav",
    { class: "pager", "aria-label": "Pages of hubs" },
    make("button", { type: "button", disabled: ledger.page === 0, onclick: turn(-1) }, "Newer"),
    make("span", {}, `${first + 1} to ${Math.min(count, first + PAGE_ROWS)} of ${count}`),
    make("button", { type: "button", disabled: ledger.page >= pages - 1, onclick: turn(1) }, "Older"),
  );
}

/** Offer to open what was chosen. */
function makeChoice(refresh) {
  const chosen = [...ledger.chosen].sort((a, b) => parityhub.index.stamps.indexOf(a) - parityhub.index.stamps.indexOf(b));
  const names = chosen.map(readStamp).join(" and ");
  const compare = () => { location.hash = linkTo("hub", ...chosen); };
  const clear = () => { ledger.chosen = []; refresh(); };
  const text = chosen.length < 2 ? `${names}. Choose another to see both side by side.` : names;
  return make(
    "div",
    { class: "choice", role: "status" },
    make("p", {}, text),
    make("button", { type: "button", class: "main", disabled: chosen.length < 2, onclick: compare }, "Side by side"),
    make("button", { type: "button", onclick: clear }, "Clear"),
  );
}
