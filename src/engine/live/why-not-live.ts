import type { ClientStatus, Phase } from '../view.ts';
import type { Cause } from '../reason-codes.ts';
import type { ClockError } from '../peers/network-time.ts';
import type { DialRefusal } from '../peers/dial-refusal.ts';

type Reason = NonNullable<ClientStatus['reason']>;

/** Everything that explains why a client is not live. */
export interface Seen {
  /** The phase of the sync; undefined before there is a sync. */
  readonly phase: Phase | undefined;
  /** What the sync itself says that it waits for. */
  readonly reason: ClientStatus['reason'];
  readonly peers: { readonly connected: number; readonly live: number; readonly least: number; /** 0 while all tabs are frozen. */ readonly wanted: number };
  /** The number of seeds, and the seeds that are never dialled. */
  readonly seeds: { readonly count: number; readonly refused: readonly { readonly address: string; readonly code: DialRefusal }[] };
  /** How the last dials to the known addresses ended, as codes, and how many dials are under way. */
  readonly dials: { readonly failed: readonly string[]; readonly underWay: number };
  /** Dials fail, and none has succeeded since. */
  readonly unreachable: boolean;
  /** The device says that it is offline. */
  readonly offline: boolean;
  /** Milliseconds since the head last moved, if that is too long. */
  readonly standsStill: number | undefined;
  /** Age of the head in milliseconds, if that is too much. */
  readonly tooOld: number | undefined;
  readonly clock: ClockError | undefined;
  /** There has been no consensus for so long that a reason is due. */
  readonly due: boolean;
  /** Blocks or epochs were verified a short time ago. */
  readonly progressing: boolean;
}

/** The parts of the status that the sync does not say itself: a stale head, a wrong clock, and why the client is not established. */
export function whyNotLive(seen: Seen): Partial<Pick<ClientStatus, 'phase' | 'reason'>> {
  const { phase, reason, peers, clock } = seen;
  if (phase === 'failed' || phase === 'stopped') return {};
  if (clock && peers.connected > 0) return { phase: 'waiting', reason: because(`clock-${clock.kind}`, { seconds: Math.round(clock.by / 1000), networks: clock.networks }) };
  const stale = phase === 'established' ? (seen.tooOld ?? seen.standsStill) : phase === 'live-sync' ? seen.standsStill : undefined;
  // A head that moves but is old is old only by the device's clock or by the peers' clocks.
  const by = seen.standsStill === undefined ? { by: 'age' } : {};
  if (stale !== undefined) return { phase: 'stale', reason: reason ?? because('head-stale', { seconds: Math.round(stale / 1000), ...by }) };
  if (phase === 'established') return {};
  const found = peers.connected === 0 ? withoutPeers(seen) : withPeers(seen);
  return found ? { reason: found } : {};
}

function withoutPeers({ phase, reason, peers, seeds, dials, unreachable, offline, due }: Seen): Reason | undefined {
  // The bans were just lifted, so no peer is connected yet. What holds the head back is the doubt, and that reason stays.
  if (reason?.code === 'client-in-doubt' && !offline) return undefined;
  if (offline) return because('offline');
  if (phase === undefined || phase === 'starting') return due ? because('slow-start') : undefined;
  if (peers.wanted === 0) return because('asleep');
  const tried = dials.failed.length + dials.underWay;
  if (tried === 0 && seeds.count === 0) return because('no-seeds');
  if (tried === 0 && seeds.refused.length === seeds.count) {
    const code = mostOften(seeds.refused.map((seed) => refusalCauses[seed.code]));
    return because(code, { seeds: seeds.count, address: seeds.refused.find((seed) => refusalCauses[seed.code] === code)!.address });
  }
  if (unreachable) return because(mostOften(dials.failed.map((code) => dialCauses[code] ?? 'no-peers')) ?? 'no-peers', { dials: dials.failed.length });
  if (!due) return undefined;
  return dials.underWay > 0 ? because('slow-line', { dials: dials.underWay }) : because('no-peers', { dials: dials.failed.length });
}

function withPeers({ phase, reason, peers: { connected, live, least }, progressing, due }: Seen): Reason | undefined {
  if (reason || !due) return undefined;
  if (progressing) return because('catching-up');
  if (connected < least) return because('few-peers', { live: connected, wanted: least });
  return phase === 'live-sync' ? because('no-agreement', { live }) : because('peers-silent', { connected });
}

/** Causes for seeds that are never dialled. */
const refusalCauses = {
  'not-a-socket-address': 'seeds-no-websocket', insecure: 'seeds-insecure', 'secure-needs-name': 'seeds-need-name',
  // These codes occur only for contacts, not for seeds.
  loopback: 'seeds-no-websocket', private: 'seeds-no-websocket',
} as const satisfies Readonly<Record<DialRefusal, Cause>>;

/** Dial results that say more than "no answer". */
const dialCauses: Readonly<Record<string, Cause>> = {
  'wrong-genesis': 'seeds-other-network',
  'wrong-identity': 'seeds-other-identity',
  banned: 'peers-banned',
  'remote-closed': 'peers-refuse', 'closed-at-once': 'peers-refuse', 'discovery-closed': 'peers-refuse', 'discovery-timeout': 'peers-refuse',
};

function because(code: Cause, data: Reason['data'] = {}): Reason {
  return { code, data };
}

function mostOften<T>(values: readonly T[]): T {
  const count = (value: T) => values.filter((other) => other === value).length;
  return values.toSorted((a, b) => count(b) - count(a))[0]!;
}
