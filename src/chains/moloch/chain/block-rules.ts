/**
 * The rules of a block (Moloch reference, 2.2): alone, after its parent, and of its events. Signatures of validators are in `trusted-header-rules.ts`.
 * @module
 */
import { fromHex } from '../../../base/bytes.ts';
import type { Fault, Item } from '../../../engine/sync/sync-chain.ts';
import { canonicalEventBytes, type MolochEvent } from '../wire/event.ts';
import type { MolochHeader } from '../wire/header.ts';
import { eventsRoot } from './events-root.ts';
import { eventId, ZERO_HASH } from './hash.ts';
import { mmrRoot, type MmrPeaks } from './mmr.ts';
import type { MolochBlock } from './moloch-block.ts';
import type { VerifySignature } from './verify-signature.ts';

/** Milliseconds that an event's time may be ahead of this device's clock (Moloch reference, 2.1). */
export const MAX_EVENT_LEAD = 5 * 60_000;

/** Count and root of the events; a header alone passes. Codes: `events-count`, `events-root`, `genesis-parent`. */
export function checkEvents({ header, events }: MolochBlock): Fault | undefined {
  const { height, eventsCount, eventsRoot: expected } = header;
  if (height === 0 && header.parent !== ZERO_HASH) return { code: 'genesis-parent', weight: 'lie', data: { parent: header.parent } };
  if (!events) return undefined;
  if (events.length !== eventsCount) return { code: 'events-count', weight: 'lie', data: { height, count: events.length, expected: eventsCount } };
  const root = eventsRoot(events.map(eventId));
  return root === expected ? undefined : { code: 'events-root', weight: 'lie', data: { height, root, expected } };
}

/** The block that comes before, as far as it is known. */
export interface ParentOf {
  readonly height: number;
  readonly id: string;
  /** Unix milliseconds. */
  readonly time: number | undefined;
}

/** Height, parent hash and time. Codes: `height-gap`, `other-parent`, `time-before-parent`. */
export function checkParent(parent: ParentOf, { height, parent: hash, block }: Item<MolochBlock>): Fault | undefined {
  if (height !== parent.height + 1) return { code: 'height-gap', weight: 'offence', data: { height, parent: parent.height } };
  if (hash !== parent.id) return { code: 'other-parent', weight: 'offence', data: { height, parent: hash, expected: parent.id } };
  if (parent.time !== undefined && block.header.time < parent.time) return { code: 'time-before-parent', weight: 'lie', data: { height, time: block.header.time, parentTime: parent.time } };
  return undefined;
}

/** The leaf rule (Moloch reference, 4.2): the header has the root over all blocks before it. Codes: `mmr-root`. */
export function checkLeafRule(header: MolochHeader, before: MmrPeaks): Fault | undefined {
  const root = mmrRoot(before);
  if (before.leaves === header.height && root === header.mmrRoot) return undefined;
  return { code: 'mmr-root', weight: 'lie', data: { height: header.height, root: header.mmrRoot, expected: root } };
}

/** The attestation of an event, and every link of its chain, which signs the signature before it. Codes: `bad-attestation`. */
export async function checkAttestation(event: MolochEvent, verify: VerifySignature): Promise<Fault | undefined> {
  const { attester, signature, chain } = event.attestation;
  const checks = [verify(fromHex(attester), canonicalEventBytes(event), signature)];
  for (const [i, link] of chain.entries()) checks.push(verify(fromHex(link.attester), chain[i - 1]?.signature ?? signature, link.signature));
  const wrong = (await Promise.all(checks)).indexOf(false);
  return wrong < 0 ? undefined : { code: 'bad-attestation', weight: 'lie', data: { event: eventId(event), link: wrong } };
}

/** The attestations of all events of a block. Rejects with the signal's reason only. Codes: `bad-attestation`. */
export async function checkAttestations({ header, events }: MolochBlock, verify: VerifySignature, signal: AbortSignal): Promise<Fault | undefined> {
  for (const event of events ?? []) {
    signal.throwIfAborted();
    const fault = await checkAttestation(event, verify);
    if (fault) return { ...fault, data: { ...fault.data, height: header.height } };
  }
  return undefined;
}

/** `now`: this device's clock. Codes: `event-from-future`. */
export function checkEventTimes({ header, events }: MolochBlock, now: number): Fault | undefined {
  const early = events?.find(({ time }) => time > now + MAX_EVENT_LEAD);
  return early ? { code: 'event-from-future', weight: 'offence', data: { height: header.height, time: early.time } } : undefined;
}
