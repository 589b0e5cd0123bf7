import { createContext, useContext, useMemo } from 'react';
import { formatNim } from '../ui/nim.ts';

/** The language for numbers and times that the host chose; undefined: the browser's. */
export const Locale = createContext<string | undefined>(undefined);

export interface Format {
  readonly number: (value: number) => string;
  /** With the date unless it is today. */
  readonly moment: (unixMilliseconds: number) => string;
  readonly seconds: (milliseconds: number) => string;
  readonly nim: (luna: bigint) => string;
}

export function useFormat(): Format {
  const locale = useContext(Locale);
  return useMemo(() => {
    const number = new Intl.NumberFormat(locale);
    const time = new Intl.DateTimeFormat(locale, { hour: '2-digit', minute: '2-digit', second: '2-digit' });
    const date = new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'short' });
    const span = (value: number, unit: 'second' | 'minute' | 'hour' | 'day') => new Intl.NumberFormat(locale, { style: 'unit', unit, unitDisplay: 'long', maximumFractionDigits: 0 }).format(value);
    return {
      number: (value) => number.format(value),
      moment: (at) => (new Date(at).toDateString() === new Date().toDateString() ? time : date).format(at),
      seconds: (ms) => (ms < 90_000 ? span(Math.max(0, ms / 1000), 'second') : ms < 5_400_000 ? span(ms / 60_000, 'minute') : ms < 172_800_000 ? span(ms / 3_600_000, 'hour') : span(ms / 86_400_000, 'day')),
      nim: (luna) => formatNim(luna, { locale, short: true }),
    };
  }, [locale]);
}
