import type { Connection, Transport } from '@libp2p/interface';
import type { Clock } from '../../base/clock.ts';
import type { LogCode } from '../../base/log-codes.ts';
import type { Random } from '../../base/random.ts';
import { candidateHosts } from './candidate-hosts.ts';
import type { CircuitComponents } from './metered-circuit.ts';
import { RelayMeter } from './relay-meter.ts';
import { Relays } from './relays.ts';
import type { RtcHost } from '../../engine/rtc-host.ts';
import { RtcTransport } from './rtc-transport.ts';

export interface WebRtcOptions {
  readonly clock: Clock;
  readonly random: Random;
  readonly ownId: string;
  readonly relays: readonly string[];
  readonly seeds: readonly string[];
  readonly allowInsecure: boolean;
  readonly host: RtcHost;
  readonly welcomes: (peer: string) => boolean;
  readonly log: (level: 'info' | 'warning', code: LogCode, data: Readonly<Record<string, string | number>>) => void;
  readonly onChange: () => void;
  /** Bytes per hour that may go through relays. */
  readonly relayCap?: number | undefined;
}

/**
 * The parts of a node that concern other browsers. This code, and libp2p's code for relays, is loaded only if a relay or such a seed is
 * configured.
 */
export interface WebRtc {
  /** Transports for libp2p, besides WebSockets. */
  readonly transports: readonly ((components: CircuitComponents) => Transport)[];
  readonly relays: Pick<Relays, 'addresses' | 'connections' | 'isOwn' | 'isRelay'>;
  readonly relayUse: RelayMeter['use'];
  /** Called with the node's own start and stop. */
  start(): void;
  stop(): void;
  /** Whether this is not a connection with a peer. */
  isRelay(connection: Pick<Connection, 'remoteAddr' | 'direction'>): boolean;
}

export function createWebRtc({ clock, random, ownId, relays: addresses, seeds, allowInsecure, host, welcomes, log, onChange, relayCap }: WebRtcOptions): WebRtc {
  const meter = new RelayMeter(clock, relayCap);
  const relays = new Relays({ clock, random, ownId, relays: addresses, allowInsecure, meter, log, onChange });
  return {
    transports: [relays.transport, (components) => new RtcTransport({ clock, host, relays, candidateHosts: candidateHosts([...seeds, ...addresses]), welcomes, log }, components)],
    relays,
    get relayUse() {
      return meter.use;
    },
    start: () => relays.start(),
    stop: () => relays.stop(),
    isRelay: (connection) => relays.isRelay(connection),
  };
}
