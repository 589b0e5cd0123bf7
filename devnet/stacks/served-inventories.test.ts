import { describe, expect, it } from 'vitest';
import { servedChainOf } from '../../test/support/stacks-served-chain.ts';
import { chainA, chainB, exchanges } from '../../test/support/stacks-vectors.ts';
import { fromHex } from '../../src/base/bytes.ts';
import { decodeFrame } from '../../src/chains/stacks/wire/frame.ts';
import { answerTo } from './served-inventories.ts';

const asked = exchanges.map((it, i) => ({ ...it, i, request: decodeFrame(fromHex(it.req)).message, reply: decodeFrame(fromHex(it.rep)).message }));
const later = asked.filter(({ i, request }) => i !== 0 && i !== 36 && request.kind !== 'Handshake');

describe('a model of the recorded chains', () => {
  it.each(later.map((it) => [it.i, it.what, it] as const))('answers exchange %i as the node did: %s', (i, _what, { request, reply }) => {
    expect(answerTo(request, servedChainOf(i < 36 ? chainA : chainB))).toEqual(reply);
  });

  it('was asked everything but the handshakes and what came before', () => {
    expect(later).toHaveLength(66);
  });

  it('refuses what the recordings have no answer to', () => {
    const chain = servedChainOf(chainA, () => 72);
    const hashOf = (height: number) => chainA.sortitions[height]!.consensus_hash;
    expect(answerTo({ kind: 'GetBlocksInv', consensusHash: hashOf(41), count: 0 }, chain)).toEqual({ kind: 'Nack', code: 5 });
    expect(answerTo({ kind: 'GetPoxInv', consensusHash: hashOf(41), count: 0 }, chain)).toEqual({ kind: 'Nack', code: 5 });
    expect(answerTo({ kind: 'GetNakamotoInv', consensusHash: hashOf(73) }, chain)).toEqual({ kind: 'Nack', code: 2 });
    // Cut at the tip: heights 70 to 72, and 71 to 72.
    expect(answerTo({ kind: 'GetNakamotoInv', consensusHash: hashOf(71) }, chain)).toMatchObject({ tenures: { length: 3 } });
    expect(answerTo({ kind: 'GetBlocksInv', consensusHash: hashOf(71), count: 10 }, chain)).toMatchObject({ length: 2 });
    expect(answerTo({ kind: 'Nack', code: 1 }, chain)).toBeUndefined();
  });

  it('a hash that is not one above the first height of a cycle is Nack 4, whatever is asked with it', () => {
    const chain = servedChainOf(chainA, () => 72);
    for (const height of [40, 42, 49]) {
      const consensusHash = chainA.sortitions[height]!.consensus_hash;
      for (const message of [{ kind: 'GetPoxInv', consensusHash, count: 2 }, { kind: 'GetNakamotoInv', consensusHash }, { kind: 'GetBlocksInv', consensusHash, count: 10 }] as const) {
        expect(answerTo(message, chain), `${message.kind} ${height}`).toEqual({ kind: 'Nack', code: 4 });
      }
    }
    expect(answerTo({ kind: 'GetPoxInv', consensusHash: chainA.sortitions[41]!.consensus_hash, count: 2 }, chain)).toMatchObject({ kind: 'PoxInv', length: 2 });
  });

  it('a count of 0 or above a cycle is Nack 5, a hash that is not known Nack 2', () => {
    const chain = servedChainOf(chainA, () => 72);
    const ask = (height: number, count: number) => answerTo({ kind: 'GetBlocksInv', consensusHash: chainA.sortitions[height]!.consensus_hash, count }, chain);
    expect([ask(41, 0), ask(41, 11)]).toEqual([{ kind: 'Nack', code: 5 }, { kind: 'Nack', code: 5 }]);
    // Beyond the tip.
    expect(ask(73, 10)).toEqual({ kind: 'Nack', code: 2 });
    expect(ask(41, 10)).toMatchObject({ kind: 'BlocksInv', length: 10 });
  });

  it('bit 0 of BlocksInv is the asked height: of cycle 4 only the last block of epoch 2.x, at height 41', () => {
    const reply = answerTo({ kind: 'GetBlocksInv', consensusHash: chainA.sortitions[41]!.consensus_hash, count: 10 }, servedChainOf(chainA, () => 72));
    expect(reply).toMatchObject({ blocks: Uint8Array.of(1, 0) });
  });
});
