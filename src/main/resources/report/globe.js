// Outlines of land and cells, and one photo's prediction on a globe.

/** Pairs of degrees from a row of numbers in steps. */
function pairs(numbers, steps) {
  return d3.range(0, numbers.length, 2).map(i => [numbers[i] / steps, numbers[i + 1] / steps]);
}

const LAND = {type: "MultiPolygon", coordinates: data.outlines.land.map(polygon => polygon.map(ring => pairs(ring, 100)))};
const BORDERS = {type: "MultiLineString", coordinates: data.outlines.borders.map(line => pairs(line, 100))};
const SPHERE = {type: "Sphere"};

/** The four corners of a cell, the first one again at the end; a cell's edges are great circles, as d3-geo draws lines. */
function ringOf(outline) {
  const steps = d3.range(0, 8, 2).map(i => i === 0 ? outline.slice(0, 2) : [outline[0] + outline[i], outline[1] + outline[i + 1]]);
  const corners = steps.map(([longitude, latitude]) => [longitude / 1e5, latitude / 1e5]);
  return [...corners, corners[0]];
}

const polygonOf = outline => ({type: "Polygon", coordinates: [ringOf(outline)]});

/** The globe, turned to the prediction; arrow keys and dragging turn it. */
function globe(example) {
  const size = 300;
  const prediction = example.prediction;
  const projection = d3.geoOrthographic().fitExtent([[6, 6], [size - 6, size - 6]], SPHERE).precision(.3);
  const path = d3.geoPath(projection);
  const svg = d3.create("svg").attr("viewBox", `0 0 ${size} ${size}`).attr("tabindex", 0).attr("role", "application")
    .attr("aria-label", `Where photo ${example.id} may have been taken, on a globe: ${prediction.cells.length} cells, the likeliest with ${percent((prediction.cells[0] || {}).probability)}. Arrow keys turn it.`);
  const cells = prediction.cells.map(cell => ({...cell, shape: polygonOf(cell.outline)}));
  const most = d3.max(cells, cell => cell.probability) || 1;
  const layers = [
    ["sea", SPHERE], ["land", LAND], ["borders", BORDERS], ["graticule", d3.geoGraticule10()],
  ].map(([kind, shape]) => svg.append("path").attr("class", kind).datum(shape));
  const heat = svg.append("g").selectAll("path").data(cells).join("path").attr("class", "heat")
    .attr("fill-opacity", cell => .12 + .78 * cell.probability / most);
  const spots = svg.append("g").selectAll("circle").data(marks(prediction)).join("circle").attr("class", mark => mark.kind).attr("r", mark => mark.r);

  function draw() {
    layers.forEach(layer => layer.attr("d", path));
    heat.attr("d", cell => path(cell.shape));
    const middle = projection.invert([size / 2, size / 2]);
    spots.attr("display", mark => d3.geoDistance(mark.at, middle) > Math.PI / 2 ? "none" : null)
      .attr("cx", mark => projection(mark.at)[0]).attr("cy", mark => projection(mark.at)[1]);
  }

  function turn(east, north) {
    const [lambda, phi] = projection.rotate();
    projection.rotate([lambda - east, Math.max(-90, Math.min(90, phi - north))]);
    draw();
  }

  const start = prediction.longitude !== undefined ? [prediction.longitude, prediction.latitude] : cells.length > 0 ? d3.geoCentroid(cells[0].shape) : [0, 0];
  projection.rotate([-start[0], -start[1]]);
  svg.call(d3.drag().on("drag", event => turn(-event.dx / 2.5, event.dy / 2.5)));
  svg.on("keydown", event => {
    const step = {ArrowLeft: [-10, 0], ArrowRight: [10, 0], ArrowUp: [0, 10], ArrowDown: [0, -10]}[event.key];
    if (step) {
      event.preventDefault();
      turn(...step);
    }
  });
  draw();
  return el("div", {class: "globe"}, svg.node());
}

/** The place that the row gives, and the true one. */
function marks(prediction) {
  const marks = [];
  if (prediction.longitude !== undefined) {
    marks.push({kind: "spot", r: 5, at: [prediction.longitude, prediction.latitude]});
  }
  if (prediction.trueLongitude !== undefined) {
    marks.push({kind: "true", r: 8, at: [prediction.trueLongitude, prediction.trueLatitude]});
  }
  return marks;
}
