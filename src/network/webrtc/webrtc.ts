import type { Connection, Transport } from '@libp2p/interface';
import type { Clock } from '../../engine/clock.ts';
import type { Random } from '../../engine/random.ts';
import type { CircuitComponents } from './metered-circuit.ts';
import { RelayMeter } from './relay-meter.ts';
import { Relays } from './relays.ts';
import type { RtcHost } from './rtc-host.ts';
import { RtcTransport } from './rtc-transport.ts';

export interface WebRtcOptions {
  readonly clock: Clock;
  readonly random: Random;
  readonly ownId: string;
  readonly relays: readonly string[];
  readonly allowInsecure: boolean;
  readonly host: RtcHost;
  readonly welcomes: (peer: string) => boolean;
  readonly log: (level: 'info' | 'warning', code: string, data: Readonly<Record<string, string | number>>) => void;
  readonly onChange: () => void;
  /** Bytes an hour through relays. */
  readonly relayCap?: number | undefined;
}

/** Everything of a node that is about other browsers. Its code, and libp2p's for relays, is loaded only where there is a relay or such a seed. */
export interface WebRtc {
  /** For libp2p, beside the WebSockets. */
  readonly transports: readonly ((components: CircuitComponents) => Transport)[];
  readonly relays: Pick<Relays, 'addresses' | 'connections' | 'isOwn' | 'isRelay'>;
  readonly relayUse: RelayMeter['use'];
  /** With the node's own start and stop. */
  start(): void;
  stop(): void;
  /** Whether this is no connection with a peer. */
  isRelay(connection: Pick<Connection, 'remoteAddr' | 'direction'>): boolean;
}

export function createWebRtc({ clock, random, ownId, relays: addresses, allowInsecure, host, welcomes, log, onChange, relayCap }: WebRtcOptions): WebRtc {
  const meter = new RelayMeter(clock, relayCap);
  const relays = new Relays({ clock, random, ownId, relays: addresses, allowInsecure, meter, log, onChange });
  return {
    transports: [relays.transport, (components) => new RtcTransport({ clock, host, relays, welcomes, log }, components)],
    relays,
    get relayUse() {
      return meter.use;
    },
    start: () => relays.start(),
    stop: () => relays.stop(),
    isRelay: (connection) => relays.isRelay(connection),
  };
}
