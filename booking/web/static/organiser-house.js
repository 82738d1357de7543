/** The house of a new event: a number of seats, a grid, which is drawn while one types, or a file. */

import { $, text } from "./page.js";

const SVG = "http://www.w3.org/2000/svg";
/** More seats than these are not drawn: nobody would see them. */
const MOST_DRAWN = 5000;
const STEP = 10;

const form = $("#open");
const kind = /** @type {HTMLSelectElement} */ (form.elements.namedItem("kind"));
const file = $("#open-plan");

for (const type of ["input", "change"]) form.addEventListener(type, show);
form.addEventListener("reset", () => setTimeout(show));
show();

/** The plan as the service takes it. Rejects with what is wrong with a file that is no JSON. */
export async function plannedHouse() {
  if (kind.value === "count") return { count: number("count") };
  if (kind.value === "grid") {
    const aisles = aislesIn();
    return {
      grid: {
        rows: number("rows"),
        seats_per_row: number("seats_per_row"),
        ...(aisles.length && { aisle_after: aisles }),
      },
    };
  }
  return JSON.parse((await file.files?.[0].text()) ?? "");
}

function show() {
  for (const part of /** @type {NodeListOf<HTMLElement>} */ (form.querySelectorAll("[data-kind]"))) {
    part.hidden = part.dataset.kind !== kind.value;
    for (const input of part.querySelectorAll("input")) input.disabled = part.hidden;
  }
  draw();
}

function draw() {
  const [rows, seats] = kind.value === "grid" ? [number("rows"), number("seats_per_row")] : [0, 0];
  const box = $("#open-preview");
  box.hidden = !(rows * seats);
  if (box.hidden) return;
  $("#open-seats").textContent = text("organising.seats_in_all", { count: rows * seats });
  const picture = $("#open-picture");
  picture.replaceChildren();
  if (rows * seats > MOST_DRAWN) return;
  const aisles = new Set(aislesIn());
  const places = /** @type {number[]} */ ([]);
  for (let seat = 1, x = 0; seat <= seats; seat += 1, x += STEP) {
    places.push(x);
    if (aisles.has(seat)) x += STEP;
  }
  const svg = document.createElementNS(SVG, "svg");
  const width = (places.at(-1) ?? 0) + STEP;
  svg.setAttribute("viewBox", `0 0 ${width} ${rows * STEP}`);
  svg.setAttribute("aria-hidden", "true");
  for (let row = 0; row < rows; row += 1) {
    for (const x of places) {
      const circle = document.createElementNS(SVG, "circle");
      circle.setAttribute("cx", String(x + STEP / 2));
      circle.setAttribute("cy", String(row * STEP + STEP / 2));
      circle.setAttribute("r", "4");
      svg.append(circle);
    }
  }
  picture.append(svg);
}

/** @param {string} name */
function number(name) {
  return Math.max(0, Math.floor(Number(/** @type {HTMLInputElement} */ (form.elements.namedItem(name)).value)));
}

function aislesIn() {
  const typed = /** @type {HTMLInputElement} */ (form.elements.namedItem("aisles")).value;
  return typed
    .split(/[\s,;]+/)
    .map(Number)
    .filter(Boolean);
}
