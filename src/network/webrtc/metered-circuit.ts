import { circuitRelayTransport } from '@libp2p/circuit-relay-v2';
import type { CircuitRelayTransportComponents } from '@libp2p/circuit-relay-v2';
import type { MultiaddrConnection, PeerId, Stream, Transport, TypedEventTarget } from '@libp2p/interface';
import { changed } from './changed.ts';
import type { RelayMeter } from './relay-meter.ts';
import { RtcError } from '../../engine/rtc-host.ts';

/**
 * The parts of the transport of `@libp2p/circuit-relay-v2` 4.2.13 that are used here and are not in its exported type. Guarded by
 * `webrtc.test.ts`.
 */
export interface CircuitTransport extends Transport {
  readonly reservationStore: TypedEventTarget<{ 'relay:removed': CustomEvent<{ readonly relay: PeerId }> }> & {
    /** Asks the relay for a reservation and renews it from then on. The relay must be connected. */
    addRelay(peer: PeerId, kind: 'configured'): Promise<unknown>;
  };
}

export type CircuitComponents = CircuitRelayTransportComponents;

/** The receiving side of a relayed connection's stream, as `streamToMaConnection` makes it. */
interface Receiving {
  onData?(data: { readonly byteLength: number }): void;
}

/** Limit in bytes for a relay that names none; without a limit libp2p would let any protocol run there. */
const ASSUMED_LIMIT = { bytes: 131_072n };

/**
 * libp2p's transport over relays, with three changes. Its bytes are counted and stop at the cap. Every relayed connection counts as
 * limited, so that only signalling and libp2p's own protocols run there. Only relays that we chose may bring us other browsers: the
 * original accepts any peer that opens a `stop` stream as a relay, and makes a reservation there.
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
        // Errors that a relay causes end here.
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
