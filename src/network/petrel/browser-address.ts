import { CODE_P2P, CODE_P2P_CIRCUIT, CODE_WEBRTC } from '@multiformats/multiaddr';
import type { Component } from '@multiformats/multiaddr';
import { parseMultiaddr, socketAddress } from '../addresses.ts';
import type { SocketAddress } from '../addresses.ts';

/** `<relay>/p2p/<relay id>/p2p-circuit/webrtc/p2p/<id>`: how a browser is reached, through the relay that it has a place at. */
export interface BrowserAddress {
  readonly text: string;
  readonly bytes: Uint8Array;
  /** Of the browser's client. */
  readonly peerId: string;
  readonly relay: SocketAddress;
}

/** Parses text or binary form; undefined for every other address, also a relayed one that ends in no WebRTC. Never throws. */
export function browserAddress(address: string | Uint8Array): BrowserAddress | undefined {
  const parsed = parseMultiaddr(address);
  const components = [...(parsed?.getComponents() ?? [])];
  const codes = components.slice(-4).map(({ code }: Component) => code);
  if (parsed === undefined || codes.join() !== [CODE_P2P, CODE_P2P_CIRCUIT, CODE_WEBRTC, CODE_P2P].join()) return undefined;
  const peerId = components.at(-1)?.value;
  const text = parsed.toString();
  const relayed = parseMultiaddr(text.slice(0, text.lastIndexOf('/p2p-circuit/')));
  const relay = relayed && socketAddress(relayed);
  return peerId === undefined || relay?.peerId === undefined ? undefined : { text, bytes: parsed.bytes, peerId, relay };
}
