/** Formats numbers, times and hashes for display; numbers and dates use Intl in the reader's own locale. */

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
/** Includes the date unless it is today. */
export const formatMoment = (unixMilliseconds: number): string => (new Date(unixMilliseconds).toDateString() === new Date().toDateString() ? formatTime : formatDateTime)(unixMilliseconds);
export const formatDateTime = (unixMilliseconds: number): string => moment.format(unixMilliseconds);
export const formatMilliseconds = (value: number): string => milliseconds.format(value);
/** Always two significant digits, however short the time. */
export const formatFewMilliseconds = (value: number): string => fewMilliseconds.format(value);
export const formatSeconds = (ms: number): string => seconds.format(ms / 1000);

/** In the largest unit that is not below one. */
export function formatBytes(count: number): string {
  const step = count < 1000 ? 0 : Math.min(3, Math.floor(Math.log10(count) / 3));
  return (units[step] ?? units[0]!).format(count / 1000 ** step);
}

/** A number and its unit, between which no line breaks. */
export const unbroken = (text: string): string => text.replaceAll(' ', '\u00a0');

/** Milliseconds as whole seconds, minutes or hours, rounded up so that a wait is never promised too short. */
export function formatDuration(ms: number): string {
  const left = Math.ceil(ms / 1000);
  const [value, unit] = left < 90 ? [left, 'second'] : left < 5400 ? [Math.ceil(left / 60), 'minute'] : [Math.ceil(left / 3600), 'hour'];
  return new Intl.NumberFormat(undefined, { style: 'unit', unit, unitDisplay: 'short' }).format(value);
}

/** A length of time in words, rounded: "2 hours", "6 days". */
export function formatSpan(ms: number): string {
  const seconds = ms / 1000;
  const [value, unit] = seconds < 90 ? [seconds, 'second'] : seconds < 5400 ? [seconds / 60, 'minute'] : seconds < 172_800 ? [seconds / 3600, 'hour'] : [seconds / 86_400, 'day'];
  return new Intl.NumberFormat(undefined, { style: 'unit', unit, unitDisplay: 'long', maximumFractionDigits: 0 }).format(value);
}

/** How long something took; in milliseconds if that is short enough to be meaningful. */
export const formatTook = (ms: number): string => (ms < 10_000 ? formatMilliseconds(ms) : formatDuration(ms));

/** The first digits of a hash: enough to compare by eye; the title has the whole. */
export const shortHash = (hash: string): string => hash.slice(0, 8);

/** The last digits of a peer's id. On some chains a peer's id is its multiaddress or URL; then host and port of it. */
export const shortPeer = (id: string): string => /^(?:\/[a-z0-9]+\/([^/]+)\/tcp\/(\d+)|https?:\/\/([^/]+))/u.exec(id)?.slice(1).filter(Boolean).join(':') ?? id.slice(-8);
