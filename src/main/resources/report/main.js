// The page, from top to bottom.
const photos = d3.sum(Object.values(data.status));
const latest = data.run.invocations[data.run.invocations.length - 1];
document.title = `${data.run.job}: ${data.source} – Planisphere`;
document.getElementById("head").append(
  el("h1", {}, `${data.run.job}: ${count(photos, "photo")}`),
  el("p", {class: "soft"}, "Run in ", el("span", {class: "mono"}, data.source), `, shown as it was on ${moment(data.made)}`),
  facts("figures", [
    ["Labelled", percent(photos > 0 ? (data.status.ok || 0) / photos : 0)],
    ["Rejected", whole(photos - (data.status.ok || 0))],
    data.run.model.name ? ["Model", data.run.model.name] : null,
    latest && latest.photosPerSecond > 0 ? ["Last start", `${d3.format(",.1f")(latest.photosPerSecond)} per second`] : null,
    data.places && data.places.accuracy ? ["Median error", km(data.places.accuracy.metrics.median_km)] : null,
  ]));
if (data.places) {
  placesPart(data.places);
  if (data.places.accuracy) {
    accuracyPart(data.places.accuracy);
  }
}
if (data.boxes) {
  boxesPart(data.boxes);
}
if (data.labels) {
  labelsPart(data.labels);
}
rejectedPart(data.rejected);
runPart(data.run);
if (data.notes.length > 0) {
  part("notes", "What this page leaves out", el("ul", {}, data.notes.map(note => el("li", {}, note))));
}
document.getElementById("contents").append(el("ul", {}, contents.map(([id, title]) => el("li", {}, el("a", {href: "#" + id}, title)))));
document.getElementById("foot").append(
  "Made by Planisphere from the run's own rows. Nothing is fetched when this page opens. Charts: D3 (ISC licence, in the source of this page). Land and borders: Natural Earth, public domain; borders as it draws them.");
