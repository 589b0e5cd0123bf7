import type { GoodbyeReason } from '../wire/plain-message.ts';

/** The reasons of a Goodbye, by the codes that the client uses. */
const REASONS: Readonly<Record<string, GoodbyeReason>> = {
  shutdown: 'Shutdown',
  protocol: 'Protocol',
  chain: 'Chain',
  'too-many': 'TooMany',
  misbehaviour: 'Misbehaviour',
  timeout: 'Timeout',
  duplicate: 'Duplicate',
  requested: 'Requested',
};

/** The reason to say; a code that is none of the protocol's, such as the fault for which a peer is banned, is misbehaviour. */
export function reasonOf(code: string): GoodbyeReason {
  return Object.hasOwn(REASONS, code) ? REASONS[code]! : 'Misbehaviour';
}

/** Characters of a Goodbye's text that are kept. */
const MAX_TEXT = 64;

/** What a Goodbye means to the client. */
export function reasonCode(reason: GoodbyeReason, text: string | undefined): string {
  if (reason === 'Timeout' && text === 'clock') return 'clock';
  if (reason === 'Protocol' && text === 'version') return 'other-version';
  if (reason === 'Chain') return 'other-network';
  const known = Object.entries(REASONS).find(([, name]) => name === reason)?.[0];
  return known ?? (text === undefined ? 'other' : text.slice(0, MAX_TEXT));
}
