// The world map of a locate run and the panel beside it.
const MAP = {width: 960, height: 468};

/** Strength of a cell's colour: by the logarithm, for counts differ by orders of magnitude. */
const strength = (n, most) => .15 + .8 * Math.log1p(n) / Math.log1p(Math.max(1, most));

function worldMap(places, ...below) {
  const projection = d3.geoEqualEarth().fitExtent([[2, 2], [MAP.width - 2, MAP.height - 2]], SPHERE);
  const path = d3.geoPath(projection).digits(4);
  const svg = d3.create("svg").attr("viewBox", `0 0 ${MAP.width} ${MAP.height}`).attr("id", "world").attr("tabindex", 0).attr("role", "application")
    .attr("aria-label", `World map with ${count(places.cells.length, "cell")}, the darker the more photos. Arrow keys pan, plus and minus zoom, 0 shows all; the table of cells below says the same.`);
  const ground = svg.append("g");
  for (const [kind, shape] of [["sea", SPHERE], ["land", LAND], ["borders", BORDERS]]) {
    ground.append("path").attr("class", kind).attr("d", path(shape));
  }
  const partition = ground.append("path").attr("class", "partition").attr("display", "none");
  const most = d3.max(places.cells, cell => cell.photos) || 1;
  const cells = ground.append("g").attr("id", "cells").selectAll("path").data(places.cells).join("path").attr("class", "cell")
    .attr("data-token", cell => cell.token).attr("fill-opacity", cell => strength(cell.photos, most)).attr("d", cell => path(polygonOf(cell.outline)))
    .on("click", (event, cell) => choose(cell));
  cells.append("title").text(cell => `${cell.token}: ${count(cell.photos, "photo")}`);
  const heat = ground.append("g").attr("id", "heat");

  const zoom = d3.zoom().scaleExtent([1, 1000]).translateExtent([[0, 0], [MAP.width, MAP.height]])
    // the page keeps its wheel and its one finger until the map is asked for
    .filter(event => event.type === "wheel" ? event.ctrlKey || event.metaKey || document.activeElement === svg.node()
      : event.touches ? event.touches.length > 1 || d3.zoomTransform(svg.node()).k > 1 : !event.button)
    .on("zoom", event => ground.attr("transform", event.transform));
  svg.call(zoom);
  const move = {
    "+": () => svg.call(zoom.scaleBy, 2), "=": () => svg.call(zoom.scaleBy, 2), "-": () => svg.call(zoom.scaleBy, .5),
    "0": () => svg.call(zoom.transform, d3.zoomIdentity),
    ArrowLeft: () => pan(1, 0), ArrowRight: () => pan(-1, 0), ArrowUp: () => pan(0, 1), ArrowDown: () => pan(0, -1),
  };

  function pan(x, y) {
    const step = 80 / d3.zoomTransform(svg.node()).k;
    svg.call(zoom.translateBy, x * step, y * step);
  }

  svg.on("keydown", event => {
    if (move[event.key] && !event.ctrlKey && !event.metaKey && !event.altKey) {
      event.preventDefault();
      move[event.key]();
    }
  });

  const panel = el("div", {class: "panel", id: "panel", role: "region", "aria-live": "polite", "aria-label": "The chosen cell"},
    el("p", {class: "soft"}, places.cells.length > 0 ? "Choose a cell on the map or in the table to see photos that were placed there." : "No photo has a cell."));

  function choose(cell) {
    cells.classed("chosen", other => other === cell).filter(".chosen").raise();
    heat.selectAll("*").remove();
    ground.classed("dimmed", false);
    panel.replaceChildren(...cellPanel(cell, places.placed, showHeat));
  }

  function showHeat(example) {
    const candidates = example.prediction.cells;
    ground.classed("dimmed", true);
    const top = d3.max(candidates, candidate => candidate.probability) || 1;
    heat.selectAll("path").data(candidates).join("path").attr("class", "heat").attr("d", candidate => path(polygonOf(candidate.outline)))
      .attr("fill-opacity", candidate => .12 + .78 * candidate.probability / top);
  }

  function showPartition(shown) {
    if (shown && !partition.attr("d")) {
      partition.attr("d", path({type: "MultiLineString", coordinates: places.partition.map(ringOf)}));
    }
    partition.attr("display", shown ? null : "none");
  }

  const button = (label, text, key) => {
    const made = el("button", {type: "button", "aria-label": label, title: label}, text);
    made.addEventListener("click", move[key]);
    return made;
  };
  const box = el("input", {type: "checkbox", id: "show-partition"});
  box.addEventListener("change", () => showPartition(box.checked));
  const tools = el("div", {class: "tools"}, button("Zoom in", "+", "+"), button("Zoom out", "−", "-"), button("Show the whole map", "Whole map", "0"),
    places.partition ? el("label", {class: "choice"}, box, `All ${count(places.partition.length, "cell")} of the model`) : null, legend(most));
  return el("div", {class: "atlas"}, el("div", {class: "world"}, svg.node(), tools), panel,
    el("div", {class: "aside"}, places.cells.length > 0 ? cellTable(places, choose) : null, ...below));
}

function legend(most) {
  const steps = [...new Set([1, ...d3.range(1, 4).map(i => Math.round(Math.expm1(Math.log1p(most) * i / 4))), most])].filter(n => n >= 1);
  const svg = d3.create("svg").attr("width", 18 * steps.length).attr("height", 12).attr("aria-hidden", "true");
  svg.selectAll("rect").data(steps).join("rect").attr("class", "cell").attr("x", (_, i) => 18 * i + .5).attr("y", .5).attr("width", 16).attr("height", 11)
    .attr("fill-opacity", n => strength(n, most));
  return el("span", {class: "legend"}, "1", svg.node(), count(most, "photo"));
}

/** What is known of a cell, and its examples. */
function cellPanel(cell, placed, showHeat) {
  const prediction = el("div", {id: "prediction"});
  const strip = el("ul", {class: "strip"}, cell.examples.map(number => {
    const example = data.examples[number];
    const button = el("button", {type: "button", "aria-pressed": "false", title: example.id},
      example.thumbnail ? el("img", {src: example.thumbnail, alt: ""}) : null, example.id);
    button.addEventListener("click", () => {
      strip.querySelectorAll("button").forEach(other => other.setAttribute("aria-pressed", String(other === button)));
      prediction.replaceChildren(...predictionOf(example));
      showHeat(example);
    });
    return el("li", {}, button);
  }));
  return [
    el("h3", {}, "Cell ", el("span", {class: "mono"}, cell.token)),
    plainFacts([["Photos", `${whole(cell.photos)} (${percent(cell.photos / placed)} of those placed)`], ["Mean confidence", cell.confidence.toFixed(3)], ["S2 level", String(cell.level)]]),
    cell.examples.length > 0
      ? el("p", {class: "soft"}, `${cell.examples.length === Number(cell.photos) ? "Its photos" : "Some of its photos"}; choose one for its heat map.`)
      : el("p", {class: "soft"}, "The page holds examples of the fullest cells only, and none of this one."),
    strip, prediction,
  ];
}

/** One photo's prediction. */
function predictionOf(example) {
  const prediction = example.prediction;
  return [
    el("h3", {}, example.id),
    example.thumbnail ? null : example.unread ? el("p", {class: "soft"}, example.unread) : null,
    globe(example),
    plainFacts([
      prediction.latitude !== undefined ? ["Place (small circle)", place(prediction.latitude, prediction.longitude)] : ["Place", "withheld"],
      ["Confidence", prediction.confidence.toFixed(3)],
      prediction.radiusKm !== undefined ? ["Half of the probability within", km(prediction.radiusKm)] : null,
      prediction.trueLatitude !== undefined ? ["True place (large circle)", place(prediction.trueLatitude, prediction.trueLongitude)] : null,
      prediction.errorKm !== undefined ? ["Error", km(prediction.errorKm)] : null,
      ["Photo", el("span", {class: "mono"}, example.uri)],
    ]),
    el("p", {class: "soft"}, "Its likeliest cells:"),
    el("ol", {class: "likely"}, prediction.cells.map(cell => el("li", {}, el("span", {class: "mono"}, cell.token), bar(cell.probability, "hot"), el("span", {}, percent(cell.probability))))),
  ].filter(node => node);
}

const CELLS_AT_FIRST = 12;
const CELLS_MORE = 50;

/** The cells as a table, for keyboards, screen readers and paper. */
function cellTable(places, choose) {
  const body = el("tbody");
  let shown = 0;
  const more = el("button", {type: "button"}, "Show more cells");
  function show(upTo) {
    for (; shown < Math.min(upTo, places.cells.length); shown++) {
      const cell = places.cells[shown];
      const button = el("button", {type: "button", class: "plain mono", "aria-label": "Show cell " + cell.token}, cell.token);
      button.addEventListener("click", () => {
        choose(cell);
        document.getElementById("panel").scrollIntoView({block: "nearest"});
      });
      body.append(el("tr", {}, el("td", {}, button), el("td", {class: "number"}, whole(cell.photos)), el("td", {class: "number"}, percent(cell.photos / places.placed)),
        el("td", {class: "number"}, cell.confidence.toFixed(3))));
    }
    more.hidden = shown >= places.cells.length;
  }
  more.addEventListener("click", () => show(shown + CELLS_MORE));
  show(CELLS_AT_FIRST);
  return el("div", {}, el("div", {class: "scroll"}, el("table", {}, el("caption", {}, "The fullest cells"),
    el("thead", {}, el("tr", {}, el("th", {scope: "col"}, "Cell"), ["Photos", "Share", "Mean confidence"].map(title => el("th", {scope: "col", class: "number"}, title)))), body)), more);
}
