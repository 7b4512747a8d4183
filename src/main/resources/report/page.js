"use strict";
// What the page shows. Names of files, labels and reasons are strangers' words: they become text nodes and never markup.
const data = JSON.parse(document.getElementById("data").textContent);

/** An element; children that are no nodes become text, those that are null or undefined are passed over. */
function el(tag, attributes, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes || {})) {
    if (value !== null && value !== undefined) {
      element.setAttribute(name, value);
    }
  }
  for (const child of children.flat()) {
    if (child !== null && child !== undefined) {
      element.append(child);
    }
  }
  return element;
}

const whole = d3.format(",d");
const percent = share => share === null || share === undefined ? "–" : d3.format(".1f")(100 * share) + " %";
const count = (n, one, many) => whole(n) + " " + (n === 1 ? one : many || one + "s");
const km = value => value === null || value === undefined ? "no prediction" : (value < 10 ? d3.format(".1f") : d3.format(",.0f"))(value) + " km";
const seconds = value => value >= 5400 ? d3.format(",.1f")(value / 3600) + " h" : value >= 90 ? d3.format(",.1f")(value / 60) + " min"
  : d3.format(",.2f")(value) + " s";
const place = (latitude, longitude) =>
  Math.abs(latitude).toFixed(3) + "° " + (latitude < 0 ? "S" : "N") + ", " + Math.abs(longitude).toFixed(3) + "° " + (longitude < 0 ? "W" : "E");
const moment = text => text ? text.replace("T", " ").replace(/\.\d+Z$|Z$/, "") + " UTC" : "–";

/** A list of terms and what they are; values may be nodes. */
function facts(kind, pairs) {
  return el("dl", {class: kind}, pairs.filter(pair => pair).map(([term, value]) => el("div", {}, el("dt", {}, term), el("dd", {}, value))));
}

function plainFacts(pairs) {
  return el("dl", {class: "facts"}, pairs.filter(pair => pair).flatMap(([term, value]) => [el("dt", {}, term), el("dd", {}, value)]));
}

const contents = [];

/** A part of the page with a heading, in the list of contents. */
function part(id, title, ...children) {
  contents.push([id, title]);
  const section = el("section", {id, "aria-labelledby": id + "-title"}, el("h2", {id: id + "-title"}, title), ...children);
  document.getElementById("content").append(section);
  return section;
}

/** A table that scrolls by itself where the page is narrow. Cells are text, or nodes; numbers stand to the right. */
function table(caption, headings, rows) {
  const numeric = headings.map(heading => heading.startsWith("#"));
  const cell = (content, column, tag) => el(tag || "td",
    {class: numeric[column] ? "number" : "text", scope: tag ? "col" : null}, content);
  return el("div", {class: "scroll", tabindex: "0", role: "region", "aria-label": caption},
    el("table", {}, el("caption", {}, caption),
      el("thead", {}, el("tr", {}, headings.map((heading, i) => cell(heading.replace(/^#/, ""), i, "th")))),
      el("tbody", {}, rows.map(row => el("tr", {}, row.map((content, i) => cell(content, i)))))));
}

/** A share as a bar; its number stands beside it. */
function bar(share, kind) {
  const fill = el("i", {class: kind});
  fill.style.width = 100 * Math.max(0, Math.min(1, share)) + "%";
  return el("div", {class: "bar", "aria-hidden": "true"}, fill);
}
