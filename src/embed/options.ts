import { validAddress } from '../page/accounts/address-of.ts';
import { fieldsOf } from '../widget/plain-data.ts';
import type { Returned, View, WidgetOptions } from '../widget/protocol.ts';
import { lunaOfNim } from './amount.ts';

const views: ReadonlySet<unknown> = new Set<View>(['balance', 'history', 'pay', 'status']);
/** Characters of a text among the options. */
const MAX_TEXT = 1_024;

/** What the host wants to have shown, checked. */
export interface FrameOptions {
  readonly network: string | undefined;
  readonly view: View;
  readonly address: string | undefined;
  readonly amount: bigint | undefined;
  readonly recipient: string | undefined;
  readonly message: string | undefined;
  readonly theme: 'light' | 'dark' | undefined;
  readonly lang: string | undefined;
  readonly redirect: boolean;
  readonly isolated: boolean;
  /** Unchecked. */
  readonly returned: Returned | undefined;
  /** Options that could not be read, by name. */
  readonly wrong: readonly (keyof WidgetOptions)[];
}

/** Reads the options that a host gave. What cannot be read is left out and named in `wrong`. */
export function readOptions(given: unknown): FrameOptions {
  const fields = fieldsOf(given) ?? {};
  const wrong: (keyof WidgetOptions)[] = [];
  const read = <T>(name: keyof WidgetOptions, parse: (text: string) => T | undefined): T | undefined => {
    const value = fields[name];
    if (value === undefined || value === null || value === '') return undefined;
    const parsed = typeof value === 'string' && value.length <= MAX_TEXT ? parse(value) : undefined;
    if (parsed === undefined) wrong.push(name);
    return parsed;
  };
  const returned = fieldsOf(fields['returned']);
  return {
    network: read('network', (text) => (/^(?:[a-z\d-]{1,64}|\/[\w./-]{1,200})$/u.test(text) && !text.startsWith('//') ? text : undefined)),
    view: read('view', (text) => (views.has(text) ? (text as View) : undefined)) ?? 'balance',
    address: read('address', validAddress),
    amount: read('amount', lunaOfNim),
    recipient: read('recipient', validAddress),
    message: read('message', (text) => (/\p{Surrogate}/u.test(text) ? undefined : text)),
    theme: read('theme', (text) => (text === 'light' || text === 'dark' ? text : undefined)),
    lang: read('lang', localeOf),
    redirect: fields['redirect'] === true,
    isolated: fields['isolated'] === true,
    returned: returned ? (returned as unknown as Returned) : undefined,
    wrong,
  };
}

function localeOf(text: string): string | undefined {
  try {
    return Intl.getCanonicalLocales(text)[0];
  } catch {
    return undefined;
  }
}
