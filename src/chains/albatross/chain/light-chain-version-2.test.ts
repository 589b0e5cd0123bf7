import { describe, expect, it } from 'vitest';
import version2 from '../../../../test/vectors/version2.json' with { type: 'json' };
import { verifyNow } from '../../../../test/support/verify-now.ts';
import { block as blockCodec, blockHeaderMessage } from '../wire/blocks.ts';
import { fromHex } from '../../../base/bytes.ts';
import { decode } from '../../../base/postcard/codec.ts';
import type { Block, MacroBlock } from '../wire/types.ts';
import { LightChain } from './light-chain.ts';
import { unitAlbatross } from './networks/unit-albatross.ts';

// Three validators with different keys, blocks of versions 1 and 2, and the verdicts of the unmodified official client on them.
const blockOf = (hex: string) => decode(blockCodec, fromHex(hex));
const gossiped = (hex: string) => ({ ...decode(blockHeaderMessage, fromHex(hex)), body: undefined }) as Block;
const elections = { v1: blockOf(version2.election_v1_three_validators_control.block), v2: blockOf(version2.election_v2_three_validators.block) };

async function chainOn(election: Block): Promise<LightChain> {
  const chain = new LightChain({ network: unitAlbatross, verify: verifyNow, clock: { now: () => 1_790_000_000_000 } });
  expect((await chain.pushElectionOnTrust(election)).result).toBe('extended');
  expect(chain.validators).toHaveLength(3);
  return chain;
}

describe('the official client and Petrel', () => {
  it.each([
    ['v1', version2.chain_v1_gossip, ['version-step', 'invalid-skip-proof']],
    ['v2', version2.chain_v2_gossip, ['version-step', 'invalid-skip-proof', 'invalid-skip-proof', 'invalid-skip-proof', 'invalid-skip-proof']],
  ] as const)('agree on every gossiped block after a %s election block', async (version, messages, refusals) => {
    const chain = await chainOn(elections[version]);
    const codes: string[] = [];
    let head = chain.head.hash.slice(0, 10);
    for (const { what, client, block_header_message, hash_prefix } of messages) {
      const result = await chain.push(gossiped(block_header_message));
      expect([what, result.result]).toEqual([what, client === 'rejected' ? 'invalid' : client]);
      if (result.result === 'invalid') codes.push(result.code);
      else head = hash_prefix;
      expect(chain.head.hash.slice(0, 10)).toBe(head);
    }
    expect(chain.head.height).toBe(332);
    expect(codes).toEqual(refusals);
  });

  it('agree on checkpoint 360, signed by three keys over the version 2 hash', async () => {
    const chain = await chainOn(elections.v2);
    const checkpoint = blockOf(version2.checkpoint_v2.block);
    expect(await chain.pushMacro(checkpoint)).toMatchObject({ result: 'extended', adopted: [{ hash: version2.checkpoint_v2.block_hash }] });
    const unbound = { ...checkpoint, header: { ...checkpoint.header, diffRoot: '00'.repeat(32) } } as Block;
    const other = await chainOn(elections.v2);
    expect(await other.pushMacro(unbound)).toEqual({ result: 'invalid', code: 'invalid-justification' });
  });

  it.each([
    ['v1', version2.election_456_v2_after_v1],
    ['v2', version2.election_456_v2_after_v2],
  ] as const)('agree on election block 456 of version 2 after %s, with other rounds, punished set, interlink and extra data', async (version, vector) => {
    const chain = await chainOn(elections[version]);
    const block = gossiped(vector.block_header_message) as MacroBlock;
    expect(await chain.pushMacro(block)).toMatchObject({ result: 'extended', adopted: [{ hash: vector.block_hash, kind: 'election' }] });
    expect([chain.electionHash(328), chain.electionHash(456)]).toEqual([block.header.parentElectionHash, vector.block_hash]);
    const wrongRound = { ...block, justification: { ...block.justification!, round: 2 } };
    const other = await chainOn(elections[version]);
    expect(await other.pushMacro(wrongRound)).toEqual({ result: 'invalid', code: 'invalid-justification' });
  });

  it('report a version above the network file as too new, not as invalid', async () => {
    const chain = new LightChain({ network: { ...unitAlbatross, maxVersion: 1 }, verify: verifyNow, clock: { now: () => 1_790_000_000_000 } });
    expect(await chain.pushElectionOnTrust(elections.v2)).toEqual({ result: 'invalid', code: 'unsupported-version' });
  });
});
