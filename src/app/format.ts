/** Numbers, times and hashes for people; numbers and dates through Intl in the reader's own locale. */

const whole = new Intl.NumberFormat();
const clock = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit', second: '2-digit' });
const moment = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'medium' });
const figure = new Intl.NumberFormat(undefined, { maximumSignificantDigits: 2 });
const units = (['byte', 'kilobyte', 'megabyte', 'gigabyte'] as const).map(
  (unit) => new Intl.NumberFormat(undefined, { style: 'unit', unit, unitDisplay: unit === 'byte' ? 'long' : 'short', maximumFractionDigits: 1, roundingPriority: 'lessPrecision', maximumSignificantDigits: 3 }),
);
const milliseconds = new Intl.NumberFormat(undefined, { style: 'unit', unit: 'millisecond', maximumFractionDigits: 0 });
const fewMilliseconds = new Intl.NumberFormat(undefined, { style: 'unit', unit: 'millisecond', maximumSignificantDigits: 2 });
const seconds = new Intl.NumberFormat(undefined, { style: 'unit', unit: 'second', maximumFractionDigits: 1, minimumFractionDigits: 1 });

export const formatNumber = (value: number): string => whole.format(value);
export const formatFigure = (value: number): string => figure.format(value);
export const formatTime = (unixMilliseconds: number): string => clock.format(unixMilliseconds);
/** With the date where it is not today's. */
export const formatMoment = (unixMilliseconds: number): string => (new Date(unixMilliseconds).toDateString() === new Date().toDateString() ? formatTime : formatDateTime)(unixMilliseconds);
export const formatDateTime = (unixMilliseconds: number): string => moment.format(unixMilliseconds);
export const formatMilliseconds = (value: number): string => milliseconds.format(value);
/** Two digits that say something, however short it took. */
export const formatFewMilliseconds = (value: number): string => fewMilliseconds.format(value);
export const formatSeconds = (ms: number): string => seconds.format(ms / 1000);

/** In the largest unit of which there is one. */
export function formatBytes(count: number): string {
  const step = count < 1000 ? 0 : Math.min(3, Math.floor(Math.log10(count) / 3));
  return (units[step] ?? units[0]!).format(count / 1000 ** step);
}

/** Milliseconds as whole seconds, minutes or hours, rounded up so that a wait is never promised too short. */
export function formatDuration(ms: number): string {
  const left = Math.ceil(ms / 1000);
  const [value, unit] = left < 90 ? [left, 'second'] : left < 5400 ? [Math.ceil(left / 60), 'minute'] : [Math.ceil(left / 3600), 'hour'];
  return new Intl.NumberFormat(undefined, { style: 'unit', unit, unitDisplay: 'short' }).format(value);
}

/** How long something took: milliseconds while they say something. */
export const formatTook = (ms: number): string => (ms < 10_000 ? formatMilliseconds(ms) : formatDuration(ms));

/** The first digits of a hash or the last of a peer id: enough to compare by eye; the whole is in the title. */
export const shortHash = (hash: string): string => hash.slice(0, 8);
export const shortPeer = (id: string): string => id.slice(-8);
