import type { ComponentLogger, Logger } from '@libp2p/interface';

const silent: Logger = Object.assign(() => undefined, { error: () => undefined, trace: () => undefined, newScope: () => silent, enabled: false });

/**
 * A logger for libp2p that writes nothing. libp2p's own one costs time with each stream, for which it makes three loggers, and it can be
 * switched on only in Node, by `DEBUG=libp2p*` in the environment: there it stays. A worker has no such switch.
 */
export function silentLogger(environment: Readonly<Record<string, string | undefined>> = globalThis.process?.env ?? {}): ComponentLogger | undefined {
  return environment['DEBUG'] === undefined ? { forComponent: () => silent } : undefined;
}
