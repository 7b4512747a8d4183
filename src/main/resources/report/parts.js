// The other parts of the page.

function placesPart(places) {
  part("places", "Where the photos were placed",
    el("p", {}, `${count(places.placed, "photo")} in ${count(places.cells.length + places.otherCells, "S2 cell")}. `,
      (data.status.ok || 0) > places.placed ? `${count(data.status.ok - places.placed, "photo")} could be read, but the run keeps the place to itself. ` : null,
      places.otherCells > 0 ? `Drawn are the fullest ${whole(places.cells.length)}; the others hold ${count(places.inOtherCells, "photo")}.` : null),
    worldMap(places, histogram(places.confidence, "Confidence of the predictions", "confidence", "photos")));
}

function accuracyPart(accuracy) {
  const metrics = accuracy.metrics;
  const row = (name, within, intervals, own) => el("tr", {class: own ? "own" : null}, el("th", {scope: "row"}, name),
    RADII.map((radius, i) => el("td", {class: "number"}, within[i] === null ? "–" : within[i].toFixed(1), intervals && intervals[i]
      ? el("small", {}, intervals[i].map(share => (100 * share).toFixed(1)).join("–")) : null)));
  const shares = score => RADII.map(radius => 100 * score.within_km[radius]);
  const intervals = score => RADII.map(radius => score.within_km_95[radius]);
  part("accuracy", "How far off",
    el("p", {}, `${count(metrics.n, "photo")} with a true place, from `, el("span", {class: "mono"}, accuracy.truth),
      `. Median error ${km(metrics.median_km)}. Intervals hold 95 % of what resampling ${metrics.intervals_by}s gives.`,
      metrics.without_prediction > 0 ? ` ${count(metrics.without_prediction, "photo")} without a prediction count as wrong.` : ""),
    el("div", {class: "charts"}, accuracyChart(metrics, data.published), accuracy.points.length > 0 ? errorChart(accuracy) : null,
      metrics.reliability ? reliabilityChart(metrics.reliability) : null),
    el("div", {class: "scroll", tabindex: "0", role: "region", "aria-label": "Share of photos within each radius"},
      el("table", {}, el("caption", {}, "Share of photos within a distance, %"),
        el("thead", {}, el("tr", {}, el("th", {scope: "col"}, ""), RADII.map(radius => el("th", {scope: "col", class: "number"}, radius + " km")))),
        el("tbody", {}, row("This run", shares(metrics), intervals(metrics), true),
          metrics.perfect_classifier ? row("A perfect classifier over its cells", shares(metrics.perfect_classifier), intervals(metrics.perfect_classifier)) : null,
          data.published.map(system => row(system.system, system.within, null))))),
    el("p", {class: "soft"}, "Published systems were scored on Im2GPS3k, 2,997 photos taken from the ground: figures of other photos than these, to compare orders of magnitude by."));
}

/** A photo in its own pixels, so that boxes fit whatever the size of the picture. */
function photo(example, ...below) {
  const svg = d3.create("svg").attr("viewBox", `0 0 ${Math.max(1, example.width)} ${Math.max(1, example.height)}`).attr("role", "img")
    .attr("aria-label", `Photo ${example.id}` + (example.boxes.length > 0 ? ` with ${count(example.boxes.length, "box", "boxes")}` : "") + (example.thumbnail ? "" : ", without its picture"));
  if (example.thumbnail) {
    svg.append("image").attr("href", example.thumbnail).attr("width", example.width).attr("height", example.height).attr("preserveAspectRatio", "none");
  }
  const boxes = svg.selectAll("rect").data(example.boxes).join("rect").attr("class", "box").attr("x", box => box.xmin).attr("y", box => box.ymin)
    .attr("width", box => Math.max(0, box.xmax - box.xmin)).attr("height", box => Math.max(0, box.ymax - box.ymin));
  boxes.append("title").text(boxText);
  return el("figure", {}, svg.node(), el("figcaption", {}, el("span", {title: example.uri}, example.id), example.unread ? ". " + example.unread : null, ...below));
}

function boxText(box) {
  const attributes = Object.entries(box.attributes).map(([name, value]) => `${name} ${d3.format(".3~r")(value)}`);
  return [box.label, box.score.toFixed(3), ...attributes].filter(text => text).join(", ");
}

const BOXES_IN_WORDS = 3;

function boxesPart(boxes) {
  const single = boxes.things.slice(0, -1);
  part("boxes", boxes.things === "faces" ? "Faces" : "Objects",
    el("p", {}, `${count(boxes.total, single)} in ${count(boxes.photosWith, "photo")}.`),
    el("div", {class: "charts"}, histogram(boxes.scores, `Scores of ${boxes.things}`, "score", boxes.things),
      boxes.attributes.map(each => histogram(each.values, `${each.name}: mean ${d3.format(".3~r")(each.mean)} over ${count(each.faces, "face")}`, each.name, "faces"))),
    boxes.attributes.length > 0 ? el("p", {class: "soft"}, "Attributes are what a network would say of a picture, not what a person is.") : null,
    boxes.labels.length > 0 ? labelTable(boxes.labels, "objects") : null,
    boxes.examples.length > 0 ? el("h3", {}, "Examples") : null,
    el("div", {class: "gallery"}, boxes.examples.map(number => data.examples[number]).map(example => photo(example,
      el("ul", {}, example.boxes.slice(0, BOXES_IN_WORDS).map(box => el("li", {}, boxText(box))),
        example.boxes.length > BOXES_IN_WORDS ? el("li", {}, `and ${whole(example.boxes.length - BOXES_IN_WORDS)} more`) : null)))));
}

function labelsPart(labels) {
  part("labels", "What the photos show",
    el("p", {}, `${count(labels.different, "label")} ${labels.different === 1 ? "is" : "are"} likeliest for some photo.`),
    el("div", {class: "charts"}, histogram(labels.scores, "Score of each photo's likeliest label", "score", "photos")),
    labelTable(labels.labels, "photos"),
    labels.examples.length > 0 ? el("h3", {}, "Examples") : null,
    el("div", {class: "gallery"}, labels.examples.map(number => data.examples[number]).map(example => photo(example,
      el("ul", {}, example.labels.slice(0, 3).map(label => el("li", {}, `${label.label} ${label.score.toFixed(3)}`)))))));
}

function labelTable(labels, things) {
  const most = d3.max(labels, label => label.count) || 1;
  return table("The most frequent labels", ["Label", "", "#" + things[0].toUpperCase() + things.slice(1), "#Mean score"],
    labels.map(label => [label.label, bar(label.count / most), whole(label.count), label.score.toFixed(3)]));
}

function rejectedPart(rejected) {
  const total = d3.sum(rejected, status => status.photos);
  part("rejected", "Rejected photos", total === 0 ? el("p", {}, "None: every photo was read.") : el("p", {}, `${count(total, "photo")}, each of them a row with a reason.`),
    rejected.map(status => el("details", {open: rejected.length <= 3 ? "" : null},
      el("summary", {}, `${status.status}: ${count(status.photos, "photo")}`),
      table(status.photos > status.examples.length ? `Some photos with status ${status.status}` : `Photos with status ${status.status}`, ["Photo", "Reason", "Where"],
        status.examples.map(reason => [reason.id, reason.detail + (reason.width > 0 ? ` (${reason.width} × ${reason.height})` : ""), el("span", {class: "mono"}, reason.uri)])))));
}

function runPart(run) {
  const starts = run.invocations;
  part("run", "What ran",
    plainFacts([
      ["Job", run.job],
      run.model.name ? ["Model", `${run.model.name}, from ${run.model.location}`] : null,
      run.model.sha256 ? ["SHA-256 of the model", el("span", {class: "mono"}, run.model.sha256)] : null,
      ...Object.entries(run.settings).map(([name, value]) => [name, value]),
      ["Photos came as", run.input],
    ]),
    run.starts > starts.length ? el("p", {class: "soft"}, `Started ${whole(run.starts)} times; here are the last ${whole(starts.length)}.`) : null,
    starts.slice().reverse().map(start => startOf(start)));
}

/** Of a start that runs, or was killed. */
function soFar(progress) {
  const left = progress.secondsLeft === null ? "" : `, ${seconds(progress.secondsLeft)} left`;
  const done = progress.fraction === null ? "" : `, ${percent(progress.fraction)} of what there was to do`;
  return `${moment(progress.updated)}: ${count(progress.photos, "photo")}, ${whole(progress.errors)} of them rejected${done}${left}`;
}

function startOf(start) {
  const stages = Object.entries(start.stageSeconds).filter(([, value]) => value > 0).sort((one, other) => other[1] - one[1]);
  const all = d3.sum(stages, stage => stage[1]);
  return el("section", {}, el("h3", {}, `${moment(start.started)}: ${start.state}`),
    plainFacts([
      start.photos > 0 || start.seconds > 0 ? ["Throughput", `${count(start.photos, "photo")} in ${seconds(start.seconds)}: ${d3.format(",.1f")(start.photosPerSecond)} per second, ${d3.format(",.1f")(start.photosPerSecondAndCore)} per second and core`] : null,
      start.progress ? ["When last seen", soFar(start.progress)] : ["Ended", moment(start.ended)],
      ["By", start.user],
      ["On", `${d3.format(".4~g")(start.cores)} cores, ${start.machine}, ${start.java}, Spark ${start.spark}, Planisphere ${start.planisphere}`],
      start.optOut ? ["Opt-out list", `${start.optOut.location}, ${count(start.optOut.ids, "id")}`] : null,
      ["Command", el("span", {class: "mono"}, start.options.join(" "))],
    ]),
    stages.length > 0 ? table("Where the time of all tasks went", ["Stage", "", "#Time", "#Share"],
      stages.map(([name, value]) => [name, bar(value / all), seconds(value), percent(value / all)])) : null);
}
