// What is running, told by the server as it happens; and new results as hubs get them.

const live = { waiting: null, progress: [] };

function tellProgress() {
  const box = document.getElementById("live");
  const offer = live.waiting ? make("p", {}, make("button", { type: "button", onclick: loadNew }, "Show new results")) : null;
  box.hidden = !live.progress.length && !offer;
  box.replaceChildren(...live.progress.map(describeRun), ...(offer ? [offer] : []));
}

function describeRun(run) {
  const what = run.phase ? `${run.phase} ${run.title}, run ${run.run}` : run.command;
  const since = make("span", { class: "elapsed", "data-since": run.since, "aria-live": "off" }, tellElapsed(run.since));
  return make(
    "div",
    { class: "run" },
    make("h2", {}, make("span", { class: "pulse", "aria-hidden": "true" }), `Running: ${what}`),
    make("p", { class: "dim" }, make("code", {}, run.command), ` in ${readStamp(run.hub)}, for `, since),
    run.gate ? make("p", {}, `Gate ${run.gate}`) : null,
    run.attempts.length ? make("ol", { class: "rungs" }, run.attempts.map(describeAttempt)) : null,
    run.blockers.length ? make("p", { class: "alert" }, `Blockers: ${run.blockers.join("; ")}`) : null,
    run.log ? make("p", { class: "dim" }, run.log.file) : null,
    run.log ? make("pre", { tabindex: "0", "aria-live": "off", "aria-label": run.log.file }, run.log.lines.join("\n") || "no output yet") : null,
  );
}

function describeAttempt(attempt) {
  const steps = attempt.steps.map((step) => `${step.name} ${step.status} (${step.seconds.toFixed(1)} s)`).join(", ");
  return make("li", { class: attempt.status }, make("p", {}, make("b", {}, attempt.baseline), ` attempt ${attempt.number}, ${attempt.title || attempt.rung}`, make("span", { class: "status" }, attempt.status)), steps ? make("p", { class: "dim" }, steps) : null);
}

function tellElapsed(since) {
  const seconds = Math.max(0, Math.round((Date.now() - Date.parse(since)) / 1000));
  return seconds < 60 ? `${seconds} s` : `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}

/** Load the newest index; what is open stays where it is until somebody asks. */
function loadNew() {
  const file = live.waiting;
  live.waiting = null;
  tellProgress();
  addScript(file, () => { live.waiting = file; tellProgress(); });
}

function updateHead() {
  const { newest, stamps } = parityhub.index;
  document.querySelector("header.answer").className = `answer ${newest.verdict}`;
  document.getElementById("newest-verdict").replaceChildren(...makeVerdict(newest.verdict, newest.pending));
  document.getElementById("newest-pending").replaceChildren(tellPending(newest.pending));
  document.getElementById("newest-reason").replaceChildren(newest.reason);
  document.getElementById("newest-stamp").replaceChildren(make("code", {}, newest.stamp));
  document.getElementById("oldest-stamp").replaceChildren(make("code", {}, stamps[0] ?? "none"));
  document.getElementById("hub-count").replaceChildren(String(stamps.length));
}

const renderView = parityhub.render;
parityhub.render = () => { updateHead(); renderView(); };

let shown = document.querySelector('script[src^="data/index."]').getAttribute("src");
const events = new EventSource("events");
events.addEventListener("progress", ({ data }) => { live.progress = JSON.parse(data); tellProgress(); });
events.addEventListener("site", ({ data }) => {
  const file = JSON.parse(data);
  if (file === shown) return;
  shown = live.waiting = file;
  const ledgerOpen = /^(#\/?)?$/.test(location.hash) && !ledger.chosen.length;
  if (ledgerOpen) loadNew();
  else tellProgress();
});
setInterval(() => {
  for (const node of document.querySelectorAll(".elapsed")) node.textContent = tellElapsed(node.dataset.since);
}, 1000);
