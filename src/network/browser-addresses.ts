import type { Multiaddr } from '@multiformats/multiaddr';
import { CODE_P2P, CODE_P2P_CIRCUIT, CODE_WEBRTC } from '@multiformats/multiaddr';
import { parseMultiaddr, socketAddress, subnetOf } from './addresses.ts';
import type { SocketAddress } from './addresses.ts';

/** Maximum characters of an address; two peer ids of 62 and a host name of 253 fit. */
const MAX_LENGTH = 512;

/** The address of a browser: a relay carries the signalling, then WebRTC is used: `<relay>/p2p/<relayId>/p2p-circuit/webrtc/p2p/<id>`. */
export interface BrowserAddress {
  /** Two spellings of one address have the same text. */
  readonly text: string;
  /** The socket address of the relay, with its `peerId`. */
  readonly relay: SocketAddress & { readonly peerId: string };
  /** The browser's peer id. */
  readonly peerId: string;
}

/** Returns undefined for every other form. */
export function browserAddress(address: Multiaddr): BrowserAddress | undefined {
  const components = address.getComponents();
  const at = components.findIndex(({ code }) => code === CODE_P2P_CIRCUIT);
  const [circuit, webrtc, target, ...rest] = at < 0 ? [] : components.slice(at);
  if (circuit === undefined || webrtc?.code !== CODE_WEBRTC || target?.code !== CODE_P2P || target.value === undefined || rest.length > 0) return undefined;
  const relay = socketAddress(address.decapsulateCode(CODE_P2P_CIRCUIT));
  if (relay?.peerId === undefined || relay.peerId === target.value) return undefined;
  return { text: browserAddressText(relay.text, relay.peerId, target.value), relay: { ...relay, peerId: relay.peerId }, peerId: target.value };
}

/** Reads untrusted text. Never throws. */
export function parseBrowserAddress(text: string): BrowserAddress | undefined {
  const parsed = text.length <= MAX_LENGTH ? parseMultiaddr(text) : undefined;
  return parsed && browserAddress(parsed);
}

/** @param relay the relay's socket address, without its id. */
export function browserAddressText(relay: string, relayId: string, peerId: string): string {
  return `${relay}/p2p/${relayId}/p2p-circuit/webrtc/p2p/${peerId}`;
}

/** Whether an address goes through a relay. Then a browser is at the other end, and no node of the network. */
export function isRelayed(address: Multiaddr): boolean {
  return address.getComponents().some(({ code }) => code === CODE_P2P_CIRCUIT || code === CODE_WEBRTC);
}

/**
 * The source that a peer's claims about other peers are counted under: its network (`subnetOf`), as peer ids cost nothing. The network of a
 * browser cannot be seen, so all browsers together are one source.
 * @param operators of seeds, by the address's text.
 */
export function tellerOf(address: Multiaddr, peerId: string, operators?: ReadonlyMap<string, string>): string {
  return isRelayed(address) ? 'browsers' : subnetOf(socketAddress(address), peerId, operators);
}
