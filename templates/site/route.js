// Which view is shown: the part of the address behind #.

const VIEWS = [["Ledger", "#/"], ["History", "#/history"], ["Side by side", "#/hub"]];

parityhub.render = () => {
  const [name = "", ...rest] = location.hash.replace(/^#\/?/, "").split("/").map(readPart);
  const view = make("main", { id: "view", tabindex: "-1" });
  const { stamps, phases } = parityhub.index;
  if (name === "history") showHistory(view, rest[0], rest[1] === undefined ? undefined : Number(rest[1]));
  else if (name === "hub") showHubs(view, rest[0] ? rest : stamps.slice(-2));
  else if (name === "find") showFound(view, rest[0] ?? "");
  else showLedger(view);
  document.getElementById("view").replaceWith(view);
  showViews(name, phases);
  // The figure that was asked for is there only now.
  view.querySelector("figure.marked")?.scrollIntoView({ block: "center" });
};

function readPart(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function showViews(name) {
  const items = VIEWS.map(([text, href]) => {
    const current = href === `#/${name}` || (href === "#/" && name === "find");
    return make("li", {}, make("a", { href, "aria-current": current && name !== "find" ? "page" : null }, text));
  });
  document.getElementById("views").replaceChildren(make("ul", {}, items));
  document.getElementById("find").hidden = false;
}

addEventListener("hashchange", () => {
  // What another fragment names is a place of the page.
  if (!location.hash.startsWith("#/") && location.hash) return;
  parityhub.render();
  if (document.activeElement?.id !== "query") {
    document.querySelector("#view > h2")?.focus({ preventScroll: true });
    if (!document.querySelector("figure.marked")) scrollTo(0, 0);
  }
});

document.getElementById("find").addEventListener("submit", (event) => event.preventDefault());
document.getElementById("query").addEventListener("input", (event) => {
  const query = event.target.value.trim();
  location.replace(query ? linkTo("find", query) : "#/");
});
