/** Numbers of seats, in words. */

/**
 * The numbers of seats of one row, as one walks past them; those that run on by one as "4–7".
 * @param {string[]} numbers
 */
export function runs(numbers) {
  /** @type {string[][]} */
  const found = [];
  for (const number of numbers) {
    const run = found.at(-1);
    const step = run ? stepBetween(run[run.length - 1], number) : 0;
    if (run && step && (run.length === 1 || step === stepBetween(run[0], run[1]))) run.push(number);
    else found.push([number]);
  }
  return found.flatMap((run) => {
    if (run.length < 3) return run;
    const [first, last] = [run[0], run[run.length - 1]];
    return [stepBetween(first, run[1]) > 0 ? `${first}–${last}` : `${last}–${first}`];
  });
}

/**
 * 1 if a number follows another, as 13 after 12 and 2-7 after 2-6, -1 the other way around, else 0.
 * @param {string} number
 * @param {string} other
 */
function stepBetween(number, other) {
  const [one, two] = [number, other].map((each) => /^(.*?)(\d{1,9})$/.exec(each));
  if (!one || !two || one[1] !== two[1]) return 0;
  const step = Number(two[2]) - Number(one[2]);
  return Math.abs(step) === 1 ? step : 0;
}

/**
 * The name of a seat from the pattern of its row.
 * @param {string} pattern
 * @param {string} number
 */
export function filled(pattern, number) {
  return pattern.includes("%s") ? pattern.replaceAll("%s", number) : `${pattern} ${number}`;
}
