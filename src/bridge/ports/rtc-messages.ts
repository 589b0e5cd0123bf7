/**
 * The messages between hub and page about peer connections, on the tab's first port. Only pages have `RTCPeerConnection`; the hub decides
 * what to do with each, and identifies it by its own number.
 * @module
 */

import { fieldsOf, isPort } from './port.ts';

/** Maximum characters of a description, a candidate and its section; the hub's limits for data from unknown peers are lower. */
const MAX_TEXT = { description: 65_536, candidate: 4_096, mid: 256 };

/** Maximum number of servers that a peer connection may use. */
const MAX_ICE_SERVERS = 8;

const SERVER = /^(?:stuns?|turns?):[\x21-\x7e]{1,255}$/;

/** Hub to page. */
export type RtcRequest =
  /** Make a connection. `proxy`: its channel stays in the page, for comparison. */
  | { readonly kind: 'rtc-open'; readonly id: number; readonly role: 'offer' | 'answer'; readonly iceServers: readonly string[]; readonly proxy: boolean }
  /** The other side's description. */
  | { readonly kind: 'rtc-remote'; readonly id: number; readonly description: string }
  | { readonly kind: 'rtc-remote-candidate'; readonly id: number; readonly candidate: string; readonly mid: string }
  | { readonly kind: 'rtc-close'; readonly id: number };

/** Why there is no connection, or no longer one. */
export type RtcFailure = 'budget' | 'busy' | 'unsupported' | 'failed';

const failures: readonly RtcFailure[] = ['budget', 'busy', 'unsupported', 'failed'];

/** Page to hub. */
export type RtcReport =
  | { readonly kind: 'rtc-local'; readonly id: number; readonly description: string }
  | { readonly kind: 'rtc-candidate'; readonly id: number; readonly candidate: string; readonly mid: string }
  /** The channel's bytes come over `port` (`channel-port.ts`), moved by the page's pump or by the page itself. */
  | { readonly kind: 'rtc-channel'; readonly id: number; readonly way: 'pump' | 'page'; readonly port: MessagePort }
  | { readonly kind: 'rtc-failed'; readonly id: number; readonly code: RtcFailure };

/** `undefined` if the data is not a valid request. */
export function readRtcRequest(data: unknown): RtcRequest | undefined {
  const { kind, id, role, iceServers, proxy, description, candidate, mid } = fieldsOf(data) ?? {};
  if (typeof id !== 'number') return undefined;
  switch (kind) {
    case 'rtc-open': {
      if ((role !== 'offer' && role !== 'answer') || typeof proxy !== 'boolean' || !Array.isArray(iceServers) || iceServers.length > MAX_ICE_SERVERS) return undefined;
      const servers = iceServers.filter((server): server is string => typeof server === 'string' && SERVER.test(server));
      return servers.length === iceServers.length ? { kind, id, role, iceServers: servers, proxy } : undefined;
    }
    case 'rtc-remote':
      return isText(description, MAX_TEXT.description) ? { kind, id, description } : undefined;
    case 'rtc-remote-candidate':
      return isText(candidate, MAX_TEXT.candidate) && isText(mid, MAX_TEXT.mid) ? { kind, id, candidate, mid } : undefined;
    case 'rtc-close':
      return { kind, id };
    default:
      return undefined;
  }
}

/** `undefined` if the data is not a valid report. */
export function readRtcReport(data: unknown): RtcReport | undefined {
  const { kind, id, description, candidate, mid, way, port, code } = fieldsOf(data) ?? {};
  if (typeof id !== 'number') return undefined;
  switch (kind) {
    case 'rtc-local':
      return isText(description, MAX_TEXT.description) ? { kind, id, description } : undefined;
    case 'rtc-candidate':
      return isText(candidate, MAX_TEXT.candidate) && isText(mid, MAX_TEXT.mid) ? { kind, id, candidate, mid } : undefined;
    case 'rtc-channel':
      return (way === 'pump' || way === 'page') && isPort(port) ? { kind, id, way, port } : undefined;
    case 'rtc-failed':
      return { kind, id, code: failures.find((each) => each === code) ?? 'failed' };
    default:
      return undefined;
  }
}

function isText(value: unknown, most: number): value is string {
  return typeof value === 'string' && value.length <= most;
}
