/**
 * The official drawing of a Nimiq address. The parts and their file are those of `@nimiq/iqons`; the choice of parts and colours is the same
 * arithmetic in doubles. It is drawn without a DOM parser, and not from markup that the page would have to trust.
 * @module
 */

const colors = ['#FC8702', '#D94432', '#E9B213', '#1A5493', '#0582CA', '#5961A8', '#21BCA5', '#FA7268', '#88B04B', '#795548'];
const backgrounds = ['#FC8702', '#D94432', '#E9B213', '#1F2348', '#0582CA', '#5F4B8B', '#21BCA5', '#FA7268', '#88B04B', '#795548'];
/** Drawings of each kind of part. */
const PARTS = 21;
const hexagon =
  '<path d="M251.6 17.34l63.53 110.03c5.72 9.9 5.72 22.1 0 32L251.6 269.4c-5.7 9.9-16.27 16-27.7 16H96.83c-11.43 0-22-6.1-27.7-16L5.6 159.37c-5.7-9.9-5.7-22.1 0-32L69.14 17.34c5.72-9.9 16.28-16 27.7-16H223.9c11.43 0 22 6.1 27.7 16z" transform="scale(0.5) translate(0, 16)"/>';
const shadow = '<g opacity=".1" fill="#010101"><path d="M119.21,80a39.46,39.46,0,0,1-67.13,28.13c10.36,2.33,36,3,49.82-14.28,10.39-12.47,8.31-33.23,4.16-43.26A39.35,39.35,0,0,1,119.21,80Z"/></g>';

/** The SVG of an address. @param address in groups of four, upper case: other spellings give other drawings. @param parts the file of `@nimiq/iqons`. */
export function drawIdenticon(address: string, parts: string): string {
  const digits = hashOf(address);
  const { main, background, accent } = colorsOf(Number(digits[0]), Number(digits[2]), Number(digits[11]));
  const part = (kind: string, at: number) => partIn(parts, kind, Number(digits.slice(at, at + 2)));
  const body = [shadow, part('top', 5), part('side', 7), part('face', 3), part('bottom', 9)].join('\n');
  const inside = `<g color="${main}" fill="${accent}">\n<rect fill="${background}" x="0" y="0" width="160" height="160"/>\n<circle cx="80" cy="80" r="40" fill="${main}"/>\n${body}\n</g>`;
  return `<svg viewBox="0 0 160 160" width="160" height="160" xmlns="http://www.w3.org/2000/svg">\n<defs><clipPath id="hexagon">\n${hexagon}\n</clipPath></defs>\n<g clip-path="url(#hexagon)">\n${inside}\n</g></svg>`;
}

/** At least 13 decimal digits. */
function hashOf(text: string): string {
  const value = Array.from(text, (character) => chaos(character.charCodeAt(0) + 3)).reduce((before, next) => before * (1 - before) * next, 0.5);
  const reversed = Array.from(String(value)).toReversed().join('');
  const fill = reversed.charAt(5);
  return reversed.replace('.', fill).slice(4, 21).padEnd(13, fill);
}

/** A hundred steps of the logistic map. */
function chaos(value: number): number {
  let x = 1 / value;
  for (let step = 0; step < 100; step++) x = (1 - x) * x * 3.569956786876;
  return x;
}

/** Three different colours. */
function colorsOf(first: number, background: number, third: number) {
  const main = first === background ? (first + 1) % 10 : first;
  let accent = third;
  while (accent === main || accent === background) accent = (accent + 1) % 10;
  return { main: colors[main]!, background: backgrounds[background]!, accent: colors[accent]! };
}

function partIn(parts: string, kind: string, number: number): string {
  const open = `<symbol id="${kind}_${String((number % PARTS) + 1).padStart(2, '0')}">`;
  const start = parts.indexOf(open) + open.length;
  return parts.slice(start, parts.indexOf('</symbol>', start));
}
