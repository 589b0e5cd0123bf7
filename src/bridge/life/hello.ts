import type { ErrorData } from '../../base/coded-error.ts';
import type { HostKind } from '../contract.ts';
import type { WireError } from '../errors.ts';
import { HelloError } from '../errors.ts';
import { fieldsOf, isPort } from '../ports/port.ts';

/** The version of all messages between page and hub. Any change of a message's shape raises it. */
export const PROTOCOL = 5;

/** The first message on every port. The two ports in it are transferred. */
export interface Hello {
  readonly kind: 'hello';
  readonly protocol: number;
  readonly build: string;
  /** A UUID that the page made; it holds the lock of this name. */
  readonly tab: string;
  /** `NetworkParameters`, checked in the hub. */
  readonly network: unknown;
  /** Settings that differ from the defaults, checked in the hub. */
  readonly settings: unknown;
  /** For calls (`bridge/calls`). */
  readonly calls: MessagePort;
  /** For events (`event-outlet.ts`). */
  readonly events: MessagePort;
}

/** The hub's answer. */
export type HelloAnswer =
  | {
      readonly kind: 'welcome';
      /** The name of the Web Lock that the hub holds while it lives. */
      readonly lock: string;
      readonly host: HostKind;
      /** False when another tab came first with other settings, which are then in force. */
      readonly settingsInForce: boolean;
    }
  | { readonly kind: 'refused'; readonly error: WireError };

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/**
 * Reads a first message. The hub itself checks the network and the settings.
 * @throws HelloError `malformed`, `protocol-mismatch`, `build-mismatch`.
 */
export function readHello(data: unknown, build: string): Hello {
  const fields = fieldsOf(data);
  if (fields?.['kind'] !== 'hello') throw malformed({ expected: 'hello', came: String(fields?.['kind'] ?? typeof data) });
  const { protocol, build: theirs, tab, network, settings, calls, events } = fields;
  if (protocol !== PROTOCOL) throw new HelloError('protocol-mismatch', { expected: PROTOCOL, came: Number(protocol) });
  if (theirs !== build) throw new HelloError('build-mismatch', { expected: build, came: String(theirs) });
  if (typeof tab !== 'string' || !UUID.test(tab)) throw malformed({ field: 'tab' });
  if (!isPort(calls)) throw malformed({ field: 'calls' });
  if (!isPort(events)) throw malformed({ field: 'events' });
  return { kind: 'hello', protocol, build, tab, network, settings, calls, events };
}

/** Reads the hub's answer; `undefined` for any other message that comes before it on that port. */
export function readHelloAnswer(data: unknown): HelloAnswer | undefined {
  const kind = fieldsOf(data)?.['kind'];
  return kind === 'welcome' || kind === 'refused' ? (data as HelloAnswer) : undefined;
}

function malformed(data: ErrorData): HelloError {
  return new HelloError('malformed', data);
}
