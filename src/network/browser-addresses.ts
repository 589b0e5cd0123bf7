import type { Multiaddr } from '@multiformats/multiaddr';
import { CODE_P2P, CODE_P2P_CIRCUIT, CODE_WEBRTC } from '@multiformats/multiaddr';
import { parseMultiaddr, socketAddress } from './addresses.ts';
import type { SocketAddress } from './addresses.ts';

/** Characters of an address; two peer ids of 62 and a host name of 253 fit. */
const MAX_LENGTH = 512;

/** A browser, reached over a relay for the first words and by WebRTC from then on: `<relay>/p2p/<relayId>/p2p-circuit/webrtc/p2p/<id>`. */
export interface BrowserAddress {
  /** Two spellings of one address have the same text. */
  readonly text: string;
  /** Where the relay is; its `peerId` is there. */
  readonly relay: SocketAddress & { readonly peerId: string };
  /** The browser's. */
  readonly peerId: string;
}

/** Undefined for every other form. */
export function browserAddress(address: Multiaddr): BrowserAddress | undefined {
  const components = address.getComponents();
  const at = components.findIndex(({ code }) => code === CODE_P2P_CIRCUIT);
  const [circuit, webrtc, target, ...rest] = at < 0 ? [] : components.slice(at);
  if (circuit === undefined || webrtc?.code !== CODE_WEBRTC || target?.code !== CODE_P2P || target.value === undefined || rest.length > 0) return undefined;
  const relay = socketAddress(address.decapsulateCode(CODE_P2P_CIRCUIT));
  if (relay?.peerId === undefined || relay.peerId === target.value) return undefined;
  return { text: browserAddressText(relay.text, relay.peerId, target.value), relay: { ...relay, peerId: relay.peerId }, peerId: target.value };
}

/** Reads text from anywhere. Never throws. */
export function parseBrowserAddress(text: string): BrowserAddress | undefined {
  const parsed = text.length <= MAX_LENGTH ? parseMultiaddr(text) : undefined;
  return parsed && browserAddress(parsed);
}

/** @param relay the relay's socket, without its id. */
export function browserAddressText(relay: string, relayId: string, peerId: string): string {
  return `${relay}/p2p/${relayId}/p2p-circuit/webrtc/p2p/${peerId}`;
}

/** Whether something of this address goes through a relay: no node of the network is there, only somebody's browser. */
export function isRelayed(address: Multiaddr): boolean {
  return address.getComponents().some(({ code }) => code === CODE_P2P_CIRCUIT || code === CODE_WEBRTC);
}
