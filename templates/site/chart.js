// A line chart of one quantity over hubs: what charts.py does for the summary, from paged data.

const PLOT = { width: 380, height: 210, left: 72, right: 14, top: 10, bottom: 46 };
const WIDE = 30;
const FEW = 60;

/** Make an axis that holds all values, logarithmic where they span more than a factor. */
function makeAxis(values, start, end) {
  let [low, high] = [Math.min(...values), Math.max(...values)];
  const log = low > 0 && high / low > WIDE;
  if (log) {
    [low, high] = [Math.floor(Math.log10(low)), Math.ceil(Math.log10(high) + 1e-12)];
    if (low === high) high += 1;
  } else {
    const pad = (high - low) * 0.06 || Math.abs(high) * 0.1 || 1;
    [low, high] = [low - pad, high + pad];
  }
  const place = (value) => start + (((log ? Math.log10(value) : value) - low) / (high - low)) * (end - start);
  return { low, high, log, place };
}

/** List the ticks of an axis: powers of ten, or steps of 1, 2 or 5. */
function listTicks({ low, high, log, place }) {
  if (log) {
    const step = Math.ceil((high - low) / 5) || 1;
    const powers = Array.from({ length: Math.floor((high - low) / step) + 1 }, (_, n) => low + n * step);
    return powers.map((power) => [place(10 ** power), `1e${power}`]);
  }
  const rough = (high - low) / 5;
  const unit = 10 ** Math.floor(Math.log10(rough));
  const width = [1, 2, 5, 10].map((n) => n * unit).find((size) => size >= rough) ?? unit * 10;
  const first = Math.ceil(low / width);
  const ticks = Array.from({ length: Math.max(0, Math.floor(high / width) - first + 1) }, (_, n) => (first + n) * width);
  return ticks.map((value) => [place(value), writeTick(value, width)]);
}

function writeTick(value, width) {
  const size = Math.max(Math.abs(value), width);
  if (size >= 1e5 || size < 1e-3) return value === 0 ? "0" : writeNine(Number(value.toPrecision(4)));
  return value.toFixed(Math.max(0, -Math.floor(Math.log10(width) + 1e-9)));
}

/** Draw the lines of a series; null: no value can be drawn. */
function drawChart(group, series) {
  const columns = series.lines.map((line) => line.values.map(readDrawn));
  const values = columns.flat().filter((value) => value !== null);
  if (!values.length) return null;
  const { width, height, left, right, top, bottom } = PLOT;
  const count = group.hubs.length;
  const x = (place) => (count < 2 ? (left + width - right) / 2 : left + 6 + (place / (count - 1)) * (width - right - left - 12));
  const axis = makeAxis(values, height - bottom, top);
  const svg = draw("svg", { class: "chart", viewBox: `0 0 ${width} ${height}`, "aria-hidden": "true" });
  drawFrame(svg, listTicks(axis));
  drawDates(svg, group, x);
  drawVerdicts(svg, group, x);
  series.lines.forEach((line, number) => drawLine(svg, line, columns[number], x, axis, number % 3));
  const cursor = draw("path", { class: "cursor", d: "" });
  svg.append(cursor);
  const point = (place) => cursor.setAttribute("d", `M${x(place)} ${top}V${height - bottom}`);
  return { svg, point, find: (at) => Math.round(((at * width - left - 6) / (width - right - left - 12)) * (count - 1)) };
}

function drawFrame(svg, ticks) {
  const { width, height, left, right, top, bottom } = PLOT;
  for (const [y, label] of ticks) {
    svg.append(draw("path", { class: "grid", d: `M${left} ${y}H${width - right}` }));
    svg.append(draw("text", { x: left - 6, y: y + 4, "text-anchor": "end" }, label));
  }
  svg.append(draw("path", { class: "axis", d: `M${left} ${top}V${height - bottom}H${width - right}` }));
}

function drawDates(svg, group, x) {
  const { height } = PLOT;
  const last = group.hubs.length - 1;
  const places = last > 2 ? [0, Math.round(last / 2), last] : [...new Set([0, last])];
  places.forEach((place) => {
    const anchor = last === 0 ? "middle" : place === 0 ? "start" : place === last ? "end" : "middle";
    const date = parityhub.index.stamps[group.hubs[place]].slice(0, 10);
    svg.append(draw("text", { x: x(place), y: height - 6, "text-anchor": anchor }, date));
  });
}

/** Draw under the axis the verdict of each run, and a stroke where the commit changed. */
function drawVerdicts(svg, group, x) {
  const y = PLOT.height - PLOT.bottom + 8;
  const half = group.hubs.length > 1 ? (x(1) - x(0)) / 2 : 8;
  for (const { index, 0: run } of group.verdicts.matchAll(/(.)\1*/gs)) {
    const [from, to] = [x(index) - half, x(index + run.length - 1) + half];
    for (const bar of drawSlice(run[0], from, to - from)) {
      bar.setAttribute("y", y + Number(bar.getAttribute("y")) * 0.6);
      bar.setAttribute("height", Number(bar.getAttribute("height")) * 0.6);
      svg.append(bar);
    }
  }
  const moved = group.commits.at.flatMap((commit, place) => (place && commit !== group.commits.at[place - 1] ? [place] : []));
  if (moved.length > FEW) return;
  for (const place of moved) svg.append(draw("path", { class: "rug", d: `M${x(place) - half} ${y - 5}v5` }));
}

function drawLine(svg, line, column, x, axis, style) {
  let pen = "M";
  let path = "";
  const marks = [];
  const few = column.length <= FEW;
  column.forEach((value, place) => {
    if (value !== null) {
      const [at, y] = [x(place).toFixed(1), axis.place(value).toFixed(1)];
      path += `${pen}${at} ${y}`;
      const alone = column[place - 1] == null && column[place + 1] == null;
      if (few || alone) marks.push(draw("circle", { class: `mark s${style}`, cx: at, cy: y, r: few ? 2.4 : 1.5 }));
    }
    pen = value === null ? "M" : "L";
    const shown = line.values[place];
    if (shown !== null && typeof shown === "object" && "s" in shown) marks.push(drawCross(x(place)));
  });
  if (path.includes("L")) svg.append(draw("path", { class: `line s${style}`, d: path }));
  svg.append(...marks);
}

/** Mark where a value is missing or not finite. */
function drawCross(x) {
  const y = PLOT.height - PLOT.bottom - 6;
  return draw("path", { class: "mark none", d: `M${x - 4} ${y - 4}l8 8m0 -8l-8 8` });
}
