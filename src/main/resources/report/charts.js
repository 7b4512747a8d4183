// Charts. Each is a figure whose label says in words what it shows.
const CHART = {width: 460, height: 220, top: 12, right: 16, bottom: 40, left: 52};

function chart(label, caption) {
  const svg = d3.create("svg").attr("viewBox", `0 0 ${CHART.width} ${CHART.height}`).attr("role", "img").attr("aria-label", label);
  return {svg, figure: el("figure", {}, svg.node(), el("figcaption", {}, caption))};
}

function axes(svg, x, y, xTitle, yTitle, xAxis, yAxis) {
  const bottom = CHART.height - CHART.bottom;
  svg.append("g").attr("class", "axis").attr("transform", `translate(0,${bottom})`).call(xAxis || d3.axisBottom(x).ticks(6));
  svg.append("g").attr("class", "axis").attr("transform", `translate(${CHART.left},0)`).call(yAxis || d3.axisLeft(y).ticks(4));
  svg.append("text").attr("x", (CHART.left + CHART.width - CHART.right) / 2).attr("y", CHART.height - 6).attr("text-anchor", "middle").text(xTitle);
  svg.append("text").attr("x", -(CHART.top + bottom) / 2).attr("y", 13).attr("transform", "rotate(-90)").attr("text-anchor", "middle").text(yTitle);
}

const across = domain => d3.scaleLinear(domain, [CHART.left, CHART.width - CHART.right]);
const upwards = domain => d3.scaleLinear(domain, [CHART.height - CHART.bottom, CHART.top]);

/** Counts in bins of equal width. */
function histogram(bins, caption, xTitle, yTitle) {
  const total = d3.sum(bins.counts);
  const width = (bins.high - bins.low) / bins.counts.length;
  const most = d3.maxIndex(bins.counts);
  const {svg, figure} = chart(total === 0 ? caption + ": none" :
    `${caption}: ${whole(total)} in all, most of them from ${d3.format(".4~r")(bins.low + most * width)} to ${d3.format(".4~r")(bins.low + (most + 1) * width)}`, caption);
  const x = across([bins.low, bins.high]);
  const y = upwards([0, Math.max(1, d3.max(bins.counts))]).nice();
  svg.selectAll("rect").data(bins.counts).join("rect").attr("class", "mark")
    .attr("x", (_, i) => x(bins.low + i * width) + .5).attr("width", Math.max(1, x(bins.low + width) - x(bins.low) - 1))
    .attr("y", n => y(n)).attr("height", n => y(0) - y(n))
    .append("title").text((n, i) => `${d3.format(".4~r")(bins.low + i * width)} to ${d3.format(".4~r")(bins.low + (i + 1) * width)}: ${whole(n)}`);
  axes(svg, x, y, xTitle, yTitle, null, d3.axisLeft(y).tickValues(y.ticks(4).filter(Number.isInteger)).tickFormat(d3.format("~s")));
  return figure;
}

const RADII = ["1", "25", "200", "750", "2500"];

/** Shares within the five radii, with intervals, between those of published systems. */
function accuracyChart(metrics, published) {
  const {svg, figure} = chart("Share of photos within each radius: " + RADII.map(r => `${r} km ${percent(metrics.within_km[r])}`).join(", "),
    "Dots: this run, with 95 % intervals. Strokes: published systems on Im2GPS3k, other photos than these.");
  const x = d3.scalePoint(RADII, [CHART.left, CHART.width - CHART.right]).padding(.5);
  const y = upwards([0, 1]);
  RADII.forEach((radius, i) => {
    svg.append("g").selectAll("line").data(published).join("line").attr("class", "other")
      .attr("x1", x(radius) + 8).attr("x2", x(radius) + 24).attr("y1", s => y(s.within[i] / 100)).attr("y2", s => y(s.within[i] / 100))
      .append("title").text(s => `${s.system}: ${s.within[i]} %`);
    const interval = metrics.within_km_95[radius];
    if (interval) {
      svg.append("line").attr("class", "whisker").attr("x1", x(radius)).attr("x2", x(radius)).attr("y1", y(interval[0])).attr("y2", y(interval[1]));
    }
    svg.append("circle").attr("class", "mark").attr("cx", x(radius)).attr("cy", y(metrics.within_km[radius])).attr("r", 4.5)
      .append("title").text(percent(metrics.within_km[radius]));
  });
  axes(svg, x, y, "km", "share of photos", d3.axisBottom(x), d3.axisLeft(y).ticks(5, "%"));
  return figure;
}

/** Error of single photos, and the median of groups of like confidence, the error in powers of ten. */
function errorChart(accuracy) {
  const groups = (accuracy.metrics.by_confidence || []).filter(group => group.median_km !== null);
  const {svg, figure} = chart("Error against confidence: " + groups.map(g => `confidence ${g.mean.toFixed(2)}, median error ${km(g.median_km)}`).join("; "),
    "Each dot is a photo" + (accuracy.points.length < accuracy.metrics.n ? ` (${whole(accuracy.points.length)} of ${whole(accuracy.metrics.n)})` : "")
      + "; the line joins the median errors of groups of like confidence.");
  const x = across([0, 1]);
  const y = d3.scaleLog([.1, 20038], [CHART.height - CHART.bottom, CHART.top]).clamp(true);
  svg.append("g").selectAll("circle").data(accuracy.points).join("circle").attr("class", "point").attr("r", 2.5)
    .attr("cx", point => x(point[0])).attr("cy", point => y(Math.max(.1, point[1])));
  svg.append("path").attr("class", "trend").attr("d", d3.line(g => x(g.mean), g => y(Math.max(.1, g.median_km)))(groups));
  axes(svg, x, y, "confidence", "error, km", null, d3.axisLeft(y).tickValues([.1, 1, 10, 100, 1000, 10000]).tickFormat(d3.format(",~g")));
  return figure;
}

/** Whether a confidence of 0.7 is right 7 times in 10. */
function reliabilityChart(reliability) {
  const {svg, figure} = chart("Reliability: expected calibration error " + percent(reliability.expected_calibration_error),
    "Share of photos whose true place lies in the cell, by confidence; on the dashed line it would be as claimed. Expected calibration error "
      + percent(reliability.expected_calibration_error) + ".");
  const x = across([0, 1]);
  const y = upwards([0, 1]);
  svg.append("line").attr("class", "even").attr("x1", x(0)).attr("y1", y(0)).attr("x2", x(1)).attr("y2", y(1));
  for (const bin of reliability.bins) {
    if (bin.in_cell_95) {
      svg.append("line").attr("class", "whisker").attr("x1", x(bin.mean_confidence)).attr("x2", x(bin.mean_confidence))
        .attr("y1", y(bin.in_cell_95[0])).attr("y2", y(bin.in_cell_95[1]));
    }
    svg.append("circle").attr("class", "mark").attr("r", 4).attr("cx", x(bin.mean_confidence)).attr("cy", y(bin.in_cell))
      .append("title").text(`${count(bin.n, "photo")}: confidence ${bin.mean_confidence.toFixed(2)}, right ${percent(bin.in_cell)}`);
  }
  axes(svg, x, y, "confidence", "in the cell", null, d3.axisLeft(y).ticks(5, "%"));
  return figure;
}
