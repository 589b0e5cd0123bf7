/**
 * Errors that are sent between threads. Structured clone keeps neither an error's class nor its own fields, so errors travel as plain
 * `WireError` values and are recreated on the other side, with name and code.
 * @module
 */
import { CodedError, type ErrorData } from '../base/coded-error.ts';

/** An error as a plain, clonable value. */
export interface WireError {
  readonly name: string;
  readonly code: string;
  readonly message: string;
  readonly data: ErrorData;
}

export type ClientErrorCode =
  /** The page was not loaded over https (or from localhost): `data.missing` lists what the browser therefore withholds. */
  | 'insecure-context'
  /** The browser lacks a feature that Petrel needs: `data.missing`. */
  | 'missing-features'
  /** Unknown host: `data.host`, `data.known` (separated by commas). */
  | 'bad-host'
  /** An option cannot be sent to the hub: `data.option`, `data.reason` (`too-deep`, `not-plain`). */
  | 'bad-options'
  /** No built-in network has this name. */
  | 'unknown-network'
  /** The file with a built-in network's parameters could not be fetched: `data.reason`. */
  | 'network-not-loaded'
  /** The hub's worker could not be started: `data.reason` if the browser says why, `data.url` (the script's) if it is known. */
  | 'worker-failed'
  /** The hub's worker did not answer. */
  | 'hub-unreachable'
  /** The hub ended while it was needed; the client connects to a new one by itself. */
  | 'hub-lost'
  /** The hub stopped answering repeatedly, and so did the hubs started in its place (`data.times`). This client has given up. */
  | 'hub-hangs'
  /** This client was closed. */
  | 'closed';

/** An error of the bridge: unless a message is given, it is made of code and data. */
abstract class BridgeError<Code extends string> extends CodedError<Code> {
  constructor(code: Code, data: ErrorData = {}, message?: string) {
    super(code, message ?? describe(code, data), data);
  }
}

/** Errors of the page. */
export class ClientError extends BridgeError<ClientErrorCode> {
  override readonly name = 'ClientError';
}

export type HelloErrorCode =
  | 'malformed'
  /** Page and hub speak different versions of the bridge. */
  | 'protocol-mismatch'
  /** Page and hub are of different builds. */
  | 'build-mismatch'
  /** This hub serves another network. */
  | 'network-mismatch'
  /** This hub has no such chain. `chain`, `known`: the names of those it has, separated by commas. */
  | 'unknown-chain'
  /** The chain's script could not be loaded; try again. `chain`, `reason`. */
  | 'chain-not-loaded'
  /** The network parameters are not valid; `data.reason` has their code. */
  | 'bad-network'
  /** The settings are not valid; `data.reason` has their code. */
  | 'bad-settings'
  /** The hub already serves the maximum number of tabs. */
  | 'too-many-tabs';

/** The hub refuses to serve this page. */
export class HelloError extends BridgeError<HelloErrorCode> {
  override readonly name = 'HelloError';
}

export type CallErrorCode =
  /** This tab already has the maximum number of calls under way. */
  | 'busy'
  | 'deadline'
  | 'aborted'
  | 'unknown-method'
  | 'bad-argument'
  /** The result could not be sent. */
  | 'unclonable'
  /** The tab or the hub is gone. */
  | 'closed';

/** A call to the hub that was not completed. */
export class CallError extends BridgeError<CallErrorCode> {
  override readonly name = 'CallError';
}

/** A coded error of a part behind the hub (storage, network, chain parameters …), as the page sees it. Code `internal`: the original error had none. */
export class HubError extends CodedError {
  override readonly name = 'HubError';
  /** The original error's name. */
  readonly source: string;

  constructor(source: string, code: string, data: ErrorData = {}, message?: string) {
    super(code, message ?? describe(code, data), data);
    this.source = source;
  }
}

function describe(code: string, data: ErrorData): string {
  const parts = Object.entries(data).map(([key, value]) => `${key}: ${value}`);
  return parts.length > 0 ? `${code} (${parts.join(', ')})` : code;
}

/** Longer texts are cut before they are sent. */
const MAX_TEXT = 1000;

/** Turns any thrown value into one that can be cloned. Never throws. */
export function toWireError(error: unknown): WireError {
  if (!(error instanceof Error)) return { name: 'Error', code: 'internal', message: cut(String(error)), data: {} };
  const { code, data } = error as Error & { readonly code?: unknown; readonly data?: unknown };
  const source = error instanceof HubError ? error.source : error.name;
  return { name: cut(source), code: typeof code === 'string' ? cut(code) : 'internal', message: cut(error.message), data: plainData(data) };
}

/** Recreates the error from `toWireError`: our own classes as they were, anything else as a `HubError`. */
export function fromWireError(value: WireError): ClientError | HelloError | CallError | HubError {
  switch (value.name) {
    case 'ClientError':
      return new ClientError(value.code as ClientErrorCode, value.data, value.message);
    case 'HelloError':
      return new HelloError(value.code as HelloErrorCode, value.data, value.message);
    case 'CallError':
      return new CallError(value.code as CallErrorCode, value.data, value.message);
    default:
      return new HubError(value.name, value.code, value.data, value.message);
  }
}

function cut(text: string): string {
  return text.length > MAX_TEXT ? `${text.slice(0, MAX_TEXT)}…` : text;
}

/** Only strings and numbers are sent: all else in an error matters only in the thread where it happened. */
function plainData(data: unknown): ErrorData {
  if (typeof data !== 'object' || data === null) return {};
  const kept: Record<string, string | number> = {};
  for (const [key, value] of Object.entries(data).slice(0, 20)) {
    if (typeof value === 'string') kept[key] = cut(value);
    else if (typeof value === 'number') kept[key] = value;
    else if (typeof value === 'bigint' || typeof value === 'boolean') kept[key] = String(value);
  }
  return kept;
}
