import { circuitRelayTransport } from '@libp2p/circuit-relay-v2';
import type { CircuitRelayTransportComponents } from '@libp2p/circuit-relay-v2';
import type { MultiaddrConnection, PeerId, Stream, Transport, TypedEventTarget } from '@libp2p/interface';
import { changed } from './changed.ts';
import type { RelayMeter } from './relay-meter.ts';
import { RtcError } from './rtc-host.ts';

/** What of `@libp2p/circuit-relay-v2` 4.2.13's transport is used here and is not in its exported type. Guarded by `webrtc.test.ts`. */
export interface CircuitTransport extends Transport {
  readonly reservationStore: TypedEventTarget<{ 'relay:removed': CustomEvent<{ readonly relay: PeerId }> }> & {
    /** Asks the relay for a reservation and renews it from then on. The relay must be connected. */
    addRelay(peer: PeerId, kind: 'configured'): Promise<unknown>;
  };
}

export type CircuitComponents = CircuitRelayTransportComponents;

/** A relayed connection's stream side, as `streamToMaConnection` makes it. */
interface Receiving {
  onData?(data: { readonly byteLength: number }): void;
}

/** Bytes over a relay that names no limit; without one libp2p would let any protocol run there. */
const ASSUMED_LIMIT = { bytes: 131_072n };

/**
 * libp2p's transport over relays, with three things about it changed: its bytes are counted and stop at the cap; every relayed connection
 * counts as limited, so that only signalling and what libp2p itself says runs there; and only relays that we chose may bring us anybody. The original
 * takes whoever opens a `stop` stream for a relay, and reserves a place there.
 */
export function meteredCircuit(components: CircuitComponents, meter: RelayMeter, isOurs: (relay: PeerId) => boolean): CircuitTransport {
  const count = (connection: MultiaddrConnection): MultiaddrConnection => {
    const refuse = () => connection.abort(new RtcError('relay-cap'));
    const send = connection.send.bind(connection);
    connection.send = (data) => {
      meter.count(data.byteLength);
      if (meter.spent) queueMicrotask(refuse);
      return send(data);
    };
    const receiving = connection as MultiaddrConnection & Receiving;
    const onData = receiving.onData?.bind(connection);
    receiving.onData = (data) => {
      meter.count(data.byteLength);
      if (meter.spent) queueMicrotask(refuse);
      onData?.(data);
    };
    return connection;
  };
  const upgrader = changed(components.upgrader, {
    upgradeInbound: (connection: MultiaddrConnection, options: object) => components.upgrader.upgradeInbound(count(connection), { limits: ASSUMED_LIMIT, ...defined(options) } as never),
    upgradeOutbound: (connection: MultiaddrConnection, options: object) => components.upgrader.upgradeOutbound(count(connection), { limits: ASSUMED_LIMIT, ...defined(options) } as never),
  });
  const registrar = changed(components.registrar, {
    handle: (protocol: string, handler: (stream: Stream, connection: { readonly remotePeer: PeerId }) => Promise<void>, options: object) => {
      const guarded = async (stream: Stream, connection: { readonly remotePeer: PeerId }): Promise<void> => {
        if (meter.spent || !isOurs(connection.remotePeer)) stream.abort(new RtcError(meter.spent ? 'relay-cap' : 'malformed'));
        // Whatever a relay does wrong ends here.
        else await handler(stream, connection).catch((error: unknown) => stream.abort(error as Error));
      };
      return components.registrar.handle(protocol, guarded as never, options);
    },
  });
  const circuit = circuitRelayTransport()(changed(components, { upgrader, registrar })) as CircuitTransport;
  const dial = circuit.dial.bind(circuit);
  circuit.dial = async (address, options) => {
    if (meter.spent) throw new RtcError('relay-cap');
    return dial(address, options);
  };
  return circuit;
}

function defined(options: object): object {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
}
