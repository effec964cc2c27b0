// Search: each word must be found, in any order.

const MOST = 50;

function showFound(view, query) {
  view.append(make("h2", { tabindex: "-1" }, "Found"));
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  if (!words.length) {
    view.append(make("p", {}, "Type a hub's stamp, a phase, a metric, a commit, or a phase with a verdict as C1:FAIL."));
    return;
  }
  const parts = [findPhases(words), findSeries(words), findCommits(words), findHubs(words)];
  const some = parts.filter(({ rows }) => rows.length);
  if (!some.length) view.append(make("p", {}, `Nothing has ${query}.`));
  for (const { title, rows } of some) {
    view.append(make("h3", {}, `${title} (${rows.length})`), make("ul", { class: "results" }, rows.slice(0, MOST).map((row) => row())));
    if (rows.length > MOST) view.append(make("p", { class: "dim" }, `The first ${MOST} of ${rows.length}.`));
  }
}

function hasAll(words, text) {
  const low = text.toLowerCase();
  return words.every((word) => low.includes(word));
}

function findPhases(words) {
  const found = parityhub.index.phases.filter(({ id, title }) => hasAll(words, `${id} ${title}`));
  const rows = found.map(({ id, title }) => () => make("li", {}, make("a", { href: linkTo("history", id) }, id), ` ${title}`));
  return { title: "Phases", rows };
}

function findSeries(words) {
  const rows = parityhub.index.series.flatMap((series, number) => {
    const { phase, kind, group, name, changed, last } = series;
    if (!hasAll(words, `${phase} ${kind} ${group} ${name}`)) return [];
    const text = kind === "stats" ? `${group}.${name}` : name;
    const note = changed ? [`, changed ${changed} ${changed === 1 ? "time" : "times"}, last at `, makeHubLink(parityhub.index.stamps[last])] : ", never changed";
    return [() => make("li", {}, make("a", { href: linkTo("history", phase, String(number)) }, `${phase} ${text}`), note)];
  });
  return { title: "Metrics", rows };
}

function findCommits(words) {
  const { commits, stamps } = parityhub.index;
  const rows = commits.table.flatMap(([commit, dirty], place) => {
    if (!commit || !words.every((word) => commit.startsWith(word))) return [];
    const hubs = commits.at.flatMap((at, hub) => (at === place ? [hub] : []));
    const links = hubs.slice(-5).reverse().map((hub, at) => [at ? ", " : "", makeHubLink(stamps[hub])]);
    return [() => make("li", {}, makeCommit(commit, dirty), `, ${hubs.length} ${hubs.length === 1 ? "hub" : "hubs"}: `, links)];
  });
  return { title: "Commits", rows };
}

/** Find hubs by stamp or by the verdict of a phase, newest first. */
function findHubs(words) {
  const { stamps, phases } = parityhub.index;
  const found = stamps.map((_, hub) => hub).reverse().filter((hub) => {
    const verdicts = phases.map(({ id }, place) => `${id}:${WORDS[codeOf(hub, place)]}`).join(" ");
    const asked = words.some((word) => word.includes(":"));
    return hasAll(words, `${stamps[hub]} ${readStamp(stamps[hub])} ${asked ? verdicts : ""}`);
  });
  const rows = found.map((hub) => () => make("li", {}, makeHubLink(stamps[hub]), " ", phases.map(({ id }, place) => [make("span", { class: "dim" }, id), " ", makeCell(codeOf(hub, place)), " "])));
  return { title: "Hubs", rows };
}
