// One hub, or two beside each other.

async function showHubs(view, stamps) {
  const chosen = stamps.filter(Boolean).slice(0, 2);
  const title = chosen.length < 2 ? "One hub" : "Two hubs side by side";
  view.append(make("h2", { tabindex: "-1" }, title), makePickers(chosen));
  const box = make("div");
  view.append(box);
  try {
    const hubs = await Promise.all(chosen.map(loadHub));
    const lost = chosen.filter((_, place) => !hubs[place]);
    if (lost.length) box.append(make("p", { class: "absent" }, `No hub ${lost.join(", ")} here.`));
    fillHubs(box, hubs.filter(Boolean));
  } catch (error) {
    box.append(make("p", { class: "absent" }, error.message));
  }
}

function makePickers([first, second]) {
  const { stamps } = parityhub.index;
  const newest = [...stamps].reverse();
  const pick = (label, chosen, none, go) => {
    const options = newest.map((stamp) => makeOption(stamp, readStamp(stamp), chosen));
    const select = make("select", { onchange: (event) => { location.hash = go(event.target.value); } }, none, options);
    return make("label", {}, label, select);
  };
  const nothing = makeOption("", "none", second ?? "");
  return make(
    "div",
    { class: "pickers" },
    pick("Hub", first, null, (stamp) => linkTo("hub", stamp, ...(second ? [second] : []))),
    pick("beside", second, nothing, (stamp) => linkTo("hub", first, ...(stamp ? [stamp] : []))),
  );
}

function fillHubs(box, hubs) {
  if (!hubs.length) return;
  box.append(make("div", { class: "beside" }, hubs.map(makeCard)));
  const ids = new Set(hubs.flatMap((hub) => hub.phases.map((phase) => phase.id)));
  const known = parityhub.index.phases.map((phase) => phase.id).filter((id) => ids.has(id));
  let only = hubs.length > 1;
  const list = make("div");
  const refresh = () => list.replaceChildren(...known.map((id) => makePhase(id, hubs, only)));
  if (hubs.length > 1) {
    const toggle = make("input", { type: "checkbox", checked: true, onchange: (event) => { only = event.target.checked; refresh(); } });
    box.append(make("p", {}, make("label", {}, toggle, " Only what differs")));
  }
  box.append(list);
  refresh();
}

function makeCard(hub) {
  const page = locateFile(hub.stamp, "summary.html");
  const ran = new Set(hub.phases.map((phase) => phase.id));
  const pending = parityhub.index.phases.map((phase) => phase.id).filter((id) => !ran.has(id));
  return make(
    "section",
    { class: hub.verdict, "aria-label": readStamp(hub.stamp) },
    make("h3", {}, makeVerdict(hub.verdict, pending), " ", readStamp(hub.stamp)),
    pending.length ? make("p", { class: "pending" }, tellPending(pending)) : null,
    hub.phases.length === 1 ? null : make("p", {}, hub.reason),
    hub.opened.length ? make("p", { class: "absent" }, `Its newest run left no record: ${hub.opened.join(", ")}.`) : null,
    page && !hub.unreadable ? make("p", {}, make("a", { href: page }, "Its summary")) : null,
  );
}

/** Make what two hubs say of a phase: the verdicts, the answers, the numbers. */
function makePhase(id, hubs, only) {
  const phases = hubs.map((hub) => hub.phases.find((phase) => phase.id === id));
  const title = phases.find(Boolean).title;
  const tables = [compareChecks(id, hubs, phases, only), compareNumbers(id, hubs, only)].filter(Boolean);
  return make(
    "section",
    { class: "compared-phase", "aria-label": id },
    make("h3", {}, make("a", { href: linkTo("history", id) }, id), ` ${title}`),
    make("div", { class: "beside" }, hubs.map((hub, place) => describePhase(hub, phases[place]))),
    tables.length ? tables : make("p", { class: "steady" }, "Answers and numbers do not differ."),
  );
}

function describePhase(hub, phase) {
  if (!phase) return make("div", {}, make("p", { class: "dim" }, `${readStamp(hub.stamp)}: not run`));
  const sides = phase.sides.map((side) => `${side.label} ${side.status}${side.rung ? " on " + side.rung : ""}`);
  const state = phase.state === "done" ? "" : ` (${phase.state})`;
  return make(
    "div",
    { class: phase.verdict },
    make("p", {}, makeBadge(phase.verdict), state, " ", phase.reason),
    make("p", { class: "dim meta" }, makeFileLink(hub.stamp, phase.record, `run ${phase.run}`), ` of ${phase.ended}, `, makeCommit(phase.commit, phase.dirty), `, plan `, make("code", { title: phase.plan }, phase.plan.slice(0, 10)), sides.length ? `. ${sides.join("; ")}.` : "."),
    phase.blockers.length ? make("p", { class: "meta" }, "Blockers: ", phase.blockers.map((path, at) => [at ? ", " : "", makeFileLink(hub.stamp, path, path.split("/").at(-1))])) : null,
  );
}

function compareChecks(id, hubs, phases, only) {
  const names = [...new Set(phases.flatMap((phase) => phase?.checks.map((check) => check.id) ?? []))];
  const rows = names.flatMap((name) => {
    const cells = phases.map((phase) => phase?.checks.find((check) => check.id === name));
    const differs = hubs.length > 1 && cells[0]?.verdict !== cells[1]?.verdict;
    if (only && !differs) return [];
    const head = make("th", { scope: "row" }, cells.find(Boolean).title, " ", make("span", { class: "dim" }, name));
    const shown = cells.map((check) => make("td", {}, check ? [makeBadge(check.verdict), hubs.length === 1 || differs ? [" ", check.reason] : ""] : "not asked"));
    return [make("tr", { class: differs ? "differs" : "" }, head, shown, makeSign(hubs, differs))];
  });
  return rows.length ? makeTable(`Checks of ${id}`, "compared", ["check", ...nameColumns(hubs)], rows) : null;
}

function compareNumbers(id, hubs, only) {
  const cells = new Map();
  hubs.forEach((hub, place) => hub.numbers.forEach(([number, side, value, file, pointer]) => {
    if (parityhub.index.series[number].phase !== id) return;
    const key = JSON.stringify([number, side]);
    if (!cells.has(key)) cells.set(key, []);
    cells.get(key)[place] = { value, source: [file, pointer] };
  }));
  const keys = [...cells.keys()].map((key) => JSON.parse(key));
  const rows = keys.flatMap(([number, side]) => {
    const found = hubs.map((_, place) => cells.get(JSON.stringify([number, side]))[place]);
    const differs = hubs.length > 1 && !isSame(found[0]?.value, found[1]?.value);
    if (only && !differs) return [];
    const { kind, group, name } = parityhub.index.series[number];
    const full = kind === "stats" ? `${group}.${name}` : name;
    const head = make("th", { scope: "row" }, make("a", { href: linkTo("history", id, String(number)) }, full), side ? make("span", { class: "dim" }, ` ${side}`) : "");
    const beside = found.map((cell) => cell?.value);
    const shown = found.map((cell, place) => make("td", { class: "number" }, cell ? makeValue(hubs[place].stamp, cell.value, cell.source, beside) : make("span", { class: "absent" }, "absent")));
    return [make("tr", { class: differs ? "differs" : "" }, head, shown, makeSign(hubs, differs))];
  });
  return rows.length ? makeTable(`Numbers of ${id}`, "compared", ["number", ...nameColumns(hubs, "number")], rows) : null;
}

function nameColumns(hubs, style = null) {
  const names = hubs.map((hub) => makeHead(readStamp(hub.stamp), style));
  return hubs.length > 1 ? [...names, make("span", { class: "hidden" }, "same?")] : names;
}

function makeSign(hubs, differs) {
  return hubs.length > 1 ? make("td", { class: "sign" }, differs ? ["≠", make("span", { class: "word" }, " differs")] : "=") : [];
}
