// The history of each quantity of a phase, over the hubs that ran it.

const KINDS = { stats: "Statistics", values: "Values", check: "Check", time: "Time" };

function showHistory(view, phase, wanted) {
  const { phases, groups } = parityhub.index;
  const chosen = phase ?? groups[0]?.phase ?? phases[0]?.id;
  view.append(make("h2", { tabindex: "-1" }, "History"));
  const tabs = phases.map(({ id, title }) => make("li", {}, make("a", { href: linkTo("history", id), title, "aria-current": id === chosen ? "page" : null }, id)));
  view.append(make("nav", { "aria-label": "Phases" }, make("ul", { class: "tabs" }, tabs)));
  const title = phases.find(({ id }) => id === chosen)?.title;
  if (title) view.append(make("p", {}, make("b", {}, title)));
  const found = groups.flatMap((group, number) => (group.phase === chosen ? [number] : []));
  if (!found.length) view.append(make("p", {}, `No hub has run ${chosen ?? "anything"} to its end.`));
  const observer = new IntersectionObserver((entries) => {
    for (const { isIntersecting, target } of entries) {
      if (!isIntersecting) continue;
      observer.unobserve(target);
      fillGroup(target, Number(target.dataset.group), wanted);
    }
  }, { rootMargin: "400px" });
  for (const number of found) {
    const section = make("section", { class: "group", "data-group": number, "aria-label": nameGroup(groups[number]) }, make("h3", {}, nameGroup(groups[number])));
    view.append(section);
    if (wanted !== undefined && listNumbers(groups[number]).includes(wanted)) fillGroup(section, number, wanted);
    else observer.observe(section);
  }
}

function nameGroup({ kind, group }) {
  return kind === "stats" || kind === "check" ? `${KINDS[kind]} ${group}` : KINDS[kind];
}

/** Return the numbers of the series of a group. */
function listNumbers({ phase, kind, group }) {
  const same = (series) => series.phase === phase && series.kind === kind && series.group === group;
  return parityhub.index.series.flatMap((series, number) => (same(series) ? [number] : []));
}

async function fillGroup(section, number, wanted) {
  try {
    const group = await loadGroup(number);
    const figures = group.series.map((series) => makeFigure(group, series));
    section.append(make("div", { class: "charts" }, figures));
    const at = group.series.findIndex((series) => series.number === wanted);
    if (at < 0) return;
    figures[at].classList.add("marked");
    figures[at].querySelector("details")?.setAttribute("open", "");
    figures[at].scrollIntoView({ block: "center" });
  } catch (error) {
    section.append(make("p", { class: "absent" }, error.message));
  }
}

/** Make the chart of a series, what it says under the pointer, and where it changed. */
function makeFigure(group, series) {
  const drawn = drawChart(group, series);
  const figure = make("figure", { id: `series-${series.number}` }, make("h4", {}, series.name), makeLegend(series));
  const readout = make("div", { class: "readout" });
  const last = group.hubs.length - 1;
  if (drawn) {
    figure.append(makeSlider(group, series, drawn, readout, last));
  } else {
    readout.replaceChildren(describePlace(group, series, last));
  }
  figure.append(readout, describeChanges(group, series), makeDownload(group, series));
  return figure;
}

function makeLegend(series) {
  if (series.lines.length < 2 && !series.lines[0].label) return "";
  const keys = series.lines.map((line, number) => {
    const swatch = draw("svg", { class: "swatch", viewBox: "0 0 24 12", "aria-hidden": "true" }, draw("path", { class: `line s${number % 3}`, d: "M0 6H24" }));
    return make("li", {}, swatch, " ", line.label || "of both");
  });
  return make("ul", { class: "legend" }, keys);
}

/** Make the plot a slider over hubs: pointer and arrow keys move along it, Enter opens the hub. */
function makeSlider(group, series, drawn, readout, last) {
  let place = last;
  const slider = make("div", { class: "plot", role: "slider", tabindex: "0", "aria-label": `${series.name} over hubs`, "aria-valuemin": "0", "aria-valuemax": String(last), "aria-orientation": "horizontal" }, drawn.svg);
  const move = (to) => {
    place = Math.min(last, Math.max(0, to));
    drawn.point(place);
    readout.replaceChildren(describePlace(group, series, place));
    slider.setAttribute("aria-valuenow", String(place));
    slider.setAttribute("aria-valuetext", tellPlace(group, series, place));
  };
  const steps = { ArrowLeft: -1, ArrowDown: -1, ArrowRight: 1, ArrowUp: 1, PageDown: -10, PageUp: 10, Home: -Infinity, End: Infinity };
  slider.addEventListener("keydown", (event) => {
    if (event.key === "Enter") location.hash = linkTo("hub", parityhub.index.stamps[group.hubs[place]]);
    if (!(event.key in steps)) return;
    event.preventDefault();
    move(place + steps[event.key]);
  });
  slider.addEventListener("pointermove", (event) => {
    const box = drawn.svg.getBoundingClientRect();
    move(drawn.find((event.clientX - box.left) / box.width) || 0);
  });
  move(last);
  return slider;
}

/** Say in words what stands at a hub. */
function tellPlace(group, series, place) {
  const stamp = readStamp(parityhub.index.stamps[group.hubs[place]]);
  const values = series.lines.map((line) => `${line.label} ${formatValue(line.values[place], listBeside(series, place))}`.trim());
  return `${stamp}: ${values.join(", ")}`;
}

function listBeside(series, place) {
  return series.lines.map((line) => line.values[place]);
}

function describePlace(group, series, place) {
  const stamp = parityhub.index.stamps[group.hubs[place]];
  const [commit, dirty] = group.commits.table[group.commits.at[place]];
  const rows = series.lines.flatMap((line) => [
    make("dt", {}, line.label || "value"),
    make("dd", {}, makeValue(stamp, line.values[place], findSource(line, place), listBeside(series, place))),
  ]);
  return make("dl", {}, make("dt", {}, "hub"), make("dd", {}, makeHubLink(stamp), " ", makeCommit(commit, dirty)), rows);
}

function findSource(line, place) {
  return line.sources.table[line.sources.at[place]];
}

/** List where a series changed, the newest change first. */
function describeChanges(group, series) {
  const changes = series.lines
    .flatMap((line) => line.changes.map((place) => ({ line, place })))
    .sort((a, b) => b.place - a.place);
  const ran = group.hubs.length;
  if (!changes.length) return make("p", { class: "steady" }, ran > 1 ? `The same in all ${ran} hubs that ran ${group.phase}.` : "One hub has it so far.");
  const title = `Changed ${changes.length} ${changes.length === 1 ? "time" : "times"} in ${ran} hubs`;
  const details = make("details", {}, make("summary", {}, title));
  // A long table is made when somebody asks for it.
  details.addEventListener("toggle", () => {
    if (details.open && !details.querySelector("table")) details.append(makeChanges(group, series, changes));
  });
  return details;
}

function makeChanges(group, series, changes) {
  const body = make("div");
  const list = (order) => body.replaceChildren(listChanges(group, series, order === "size" ? sortBySize(changes) : changes));
  const orders = [make("option", { value: "time" }, "newest first"), make("option", { value: "size" }, "largest first")];
  const select = make("select", { onchange: (event) => list(event.target.value) }, orders);
  list("time");
  return make("div", {}, make("p", {}, make("label", {}, "Order: ", select)), body);
}

/** Return the place of the last hub before that has a value. */
function findBefore(line, place) {
  let before = place - 1;
  while (line.values[before] === null) before -= 1;
  return before;
}

/** Order changes by how far the value moved; what came to have no number is first. */
function sortBySize(changes) {
  const size = ({ line, place }) => {
    const [old, now] = [findBefore(line, place), place].map((at) => readDrawn(line.values[at]));
    return old === null || now === null ? Infinity : Math.abs(now - old);
  };
  const sized = changes.map((change) => [size(change), change]);
  return sized.sort(([a], [b]) => (a === b ? 0 : b - a)).map(([, change]) => change);
}

function listChanges(group, series, changes) {
  const rows = changes.slice(0, PAGE_ROWS).map(({ line, place }) => {
    const before = findBefore(line, place);
    const [old, now] = [before, place].map((at) => parityhub.index.stamps[group.hubs[at]]);
    const both = [line.values[before], line.values[place]];
    return make(
      "tr",
      {},
      make("th", { scope: "row" }, makeHubLink(now), make("br"), describeMove(group, before, place)),
      make("td", {}, line.label),
      make("td", { class: "number" }, makeValue(old, both[0], findSource(line, before), both)),
      make("td", { class: "number" }, makeValue(now, both[1], findSource(line, place), both)),
    );
  });
  const more = changes.length > PAGE_ROWS ? make("p", { class: "dim" }, `The first ${PAGE_ROWS} of ${changes.length}; the download holds all.`) : null;
  return make("div", {}, makeTable(`Changes of ${series.name}`, "changes", ["at hub, commit", "side", makeHead("before", "number"), makeHead("from then on", "number")], rows), more);
}

/** Say from which commit to which, and whether the plan changed too. */
function describeMove(group, before, place) {
  const { commits, plans } = group;
  const parts = [makeCommit(...commits.table[commits.at[before]]), " → ", makeCommit(...commits.table[commits.at[place]])];
  const known = commits.table[commits.at[place]][0] !== null;
  const same = commits.at[before] === commits.at[place] ? (known ? [makeCommit(...commits.table[commits.at[place]]), " as before"] : ["commit unknown"]) : parts;
  const plan = plans.at[before] === plans.at[place] ? "" : ", another plan";
  return make("span", { class: "dim" }, same, plan);
}

/** Offer the whole series as CSV, made here. */
function makeDownload(group, series) {
  const save = () => {
    const quote = (text) => `"${String(text).replaceAll('"', '""')}"`;
    const heads = ["hub", "commit", ...series.lines.map((line) => line.side || "value")];
    const rows = group.hubs.map((hub, place) => [
      parityhub.index.stamps[hub],
      group.commits.table[group.commits.at[place]][0] ?? "",
      ...series.lines.map((line) => { const value = line.values[place]; return typeof value === "number" ? value : formatValue(value); }),
    ]);
    const text = [heads, ...rows].map((row) => row.map(quote).join(",")).join("\r\n");
    const url = URL.createObjectURL(new Blob([text], { type: "text/csv" }));
    make("a", { href: url, download: `${group.phase}_${group.group}_${series.name}.csv`.replace(/[^\w.-]+/g, "_") }).click();
    setTimeout(() => URL.revokeObjectURL(url), 10000);
  };
  return make("button", { type: "button", "aria-label": `Download ${series.name} as CSV`, onclick: save }, "Download CSV");
}
