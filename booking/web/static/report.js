/** The report: what came of an event, by section and by day. */

import { authorized, signIn } from "./desk.js";
import { $, element, grouped, page, text } from "./page.js";

const SEATS = /** @type {const} */ (["total", "booked", "checked_in", "blocked", "locked", "available"]);
const CHANGES = /** @type {const} */ (["booked", "cancelled", "checked_in", "checked_out"]);

let report = /** @type {ReportDocument | null} */ (null);
await signIn(async () => {
  report = (await authorized("GET", "../report")).document;
});
if (report) show(report);

/** @param {ReportDocument} report */
function show({ sections, seats, days, locks, complete }) {
  const all = { section: text("report.all"), ...seats };
  // The only section need not have a name that anybody has seen.
  const lines = sections.length > 1 ? [...sections, all] : [all];
  $("#sections").replaceChildren(
    ...lines.map((line) =>
      row(
        line.section,
        SEATS.map((name) => line[name]),
      ),
    ),
  );
  const day = new Intl.DateTimeFormat(page.language, { dateStyle: "medium", timeZone: "UTC" });
  $("#days").replaceChildren(
    ...days.map((line) =>
      row(
        day.format(new Date(line.day)),
        CHANGES.map((name) => line[name]),
      ),
    ),
  );
  const share = locks.share?.toLocaleString(page.language, { style: "percent" });
  $("#share").textContent = share ? text("report.share", { ...locks, share }) : text("report.no_share");
  $("#incomplete").hidden = complete;
}

/**
 * @param {string} name
 * @param {number[]} numbers
 */
function row(name, numbers) {
  const cells = numbers.map((number) => element("td", { className: "number", textContent: grouped(number) }));
  return element("tr", {}, element("th", { scope: "row", textContent: name, dir: "auto" }), ...cells);
}

$("#print").addEventListener("click", () => print());

$("#csv").addEventListener("click", async () => {
  const { document: file } = await authorized("GET", "../report", { headers: { Accept: "text/csv" }, type: "blob" });
  const address = URL.createObjectURL(file);
  element("a", { href: address, download: `${page.event.event}-report.csv` }).click();
  URL.revokeObjectURL(address);
});
