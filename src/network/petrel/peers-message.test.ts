import { assert, nat, property, uint8Array } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseBrowserAddress } from '../browser-addresses.ts';
import { decodePeersMessage, encodePeersMessage, LENGTH_SIZE, MAX_MESSAGE_SIZE, messageSize } from './peers-message.ts';
import type { PeersMessage } from './peers-message.ts';

const RELAY = '/dns4/relay.example/tcp/443/wss/p2p/12D3KooWAzabxK2xhwGQuTUYjbcFT9SZcNvPS1cvj7bPMe2Rh9qF';
const ID = '12D3KooWDpJ7As7BWAwRMfu1VU2WCqNjvq387JEYKDBj4kx6nXTN';
const ADDRESS = `${RELAY}/p2p-circuit/webrtc/p2p/${ID}`;
const address = parseBrowserAddress(ADDRESS)!;
const message: PeersMessage = { genesisHash: 'ab'.repeat(32), services: 0x0100_0000, own: [address], others: [address, address] };

describe('the message of /petrel/peers/1', () => {
  it('is framed, read back, and within its bounds', () => {
    const bytes = encodePeersMessage(message);
    expect(messageSize(bytes)).toBe(bytes.length - LENGTH_SIZE);
    expect(decodePeersMessage(bytes.subarray(LENGTH_SIZE))).toEqual(message);
    const full = encodePeersMessage({ ...message, own: Array.from({ length: 9 }, () => address), others: Array.from({ length: 99 }, () => address) });
    expect(full.length - LENGTH_SIZE).toBeLessThanOrEqual(MAX_MESSAGE_SIZE);
    expect(decodePeersMessage(full.subarray(LENGTH_SIZE))).toMatchObject({ own: { length: 4 }, others: { length: 32 } });
  });

  it('leaves out addresses of other forms and refuses another version', () => {
    const others = [RELAY, `${RELAY}/p2p-circuit/p2p/${ID}`, `/webrtc/p2p/${ID}`, 'nonsense'].map((text) => ({ ...address, text }));
    expect(decodePeersMessage(encodePeersMessage({ ...message, own: others, others: [...others, address] }).subarray(LENGTH_SIZE))).toMatchObject({ own: [], others: [{ text: ADDRESS }] });
    const later = encodePeersMessage(message).subarray(LENGTH_SIZE);
    later[0] = 1;
    expect(() => decodePeersMessage(later)).toThrow(expect.objectContaining({ name: 'DecodeError', code: 'unknown-variant' }));
  });

  it('never throws anything but DecodeError on any bytes', () => {
    const body = encodePeersMessage(message).subarray(LENGTH_SIZE);
    const decoded = (bytes: Uint8Array): boolean => {
      try {
        decodePeersMessage(bytes);
        return true;
      } catch (error) {
        return error instanceof Error && error.name === 'DecodeError';
      }
    };
    assert(property(uint8Array({ maxLength: 400 }), decoded));
    assert(
      property(nat(body.length - 1), nat(255), nat(body.length), (at, value, length) => {
        const broken = body.slice(0, length);
        if (at < broken.length) broken[at] = value;
        return decoded(broken);
      }),
    );
  });
});
