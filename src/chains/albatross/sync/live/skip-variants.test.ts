import { afterEach, describe, expect, it } from 'vitest';
import { FakeChain, fakeVerify, type FakeBlock } from '../../../../../test/support/fake-chain.ts';
import { SyncWorld } from '../../../../../test/support/sync-world.ts';
import { blockHash, skipBlockSigHash } from '../../chain/hashes.ts';
import { equalBytes } from '../../../../base/bytes.ts';
import type { MicroBlock } from '../../wire/types.ts';

let world: SyncWorld;
afterEach(async () => {
  await world.end();
});

/** A different block with the same proof. From version 2 on the proof covers the state root; it never covers the other roots. */
function variant({ block, height }: FakeBlock, number: number): FakeBlock {
  const { header, justification } = block as MicroBlock;
  const root = number.toString(16).padStart(64, '0');
  const made: MicroBlock = { type: 'micro', header: { ...header, historyRoot: root, ...(header.version < 2 && { stateRoot: root }) }, justification, body: undefined };
  return { block: made, hash: blockHash(made), height };
}

describe.each([1, 2])('issue 11.5: skip blocks of version %i with other roots', (version) => {
  let pairings: number;
  let chain: FakeChain;

  /** Follows the chain live up to the block before the next one; `skip` is that block. */
  async function live(to: number) {
    pairings = 0;
    chain = new FakeChain(0, undefined, { elect: () => new FakeChain().signers, ...(version === 2 && { upgrade: 1 }) }).growTo(to);
    let covered: Uint8Array | undefined;
    world = await new SyncWorld({
      verify: (job, options) => {
        if (job.kind === 'multi-signature' && covered && equalBytes(job.sigHash, covered)) pairings += 1;
        return fakeVerify(job, options);
      },
    }).start();
    const peers = world.peers(4, chain);
    world.net.join(...peers);
    await world.established();
    await world.clock.untilTrue(() => world.chain.head.hash === chain.head.hash);
    expect(chain.head.block.header.version).toBe(version);
    const skip = chain.makeSkip();
    covered = skipBlockSigHash((skip.block as MicroBlock).header);
    return { peers, liar: peers[3]!, skip };
  }

  it.each([
    ['micro', 340],
    ['macro', 358],
  ] as const)('one was adopted, and the next %s block builds on another: the client fetches and adopts that one', async (_, to) => {
    const { peers, liar, skip } = await live(to);
    const madeUp = variant(skip, 1);
    await world.clock.until(world.net.announce(liar, madeUp));
    expect(world.chain.head.hash).toBe(madeUp.hash);
    chain.append(skip);
    await world.clock.until(world.net.announce(peers[0]!, skip));
    expect(world.chain.head.hash).toBe(madeUp.hash);
    // The chain continues on the true one.
    await world.live(chain, to + 2, peers.slice(0, 3));
    expect(world.chain.head.hash).toBe(chain.head.hash);
    expect(world.chain.blockAt(to + 1)?.hash).toBe(skip.hash);
    expect(world.chain.has(madeUp.hash)).toBe(false);
    expect(pairings).toBe(1);
    expect(world.net.lies).toEqual([]);
  });

  it('fifty of them cost one pairing, replace nothing, and cost their sender its rank', async () => {
    const { peers, liar, skip } = await live(340);
    chain.append(skip);
    await world.clock.until(world.net.announce(peers[0]!, skip));
    for (let number = 1; number <= 50; number += 1) await world.clock.until(world.net.announce(liar, variant(skip, number)));
    expect(pairings).toBe(1);
    expect(world.chain.head.hash).toBe(skip.hash);
    expect(Array.from({ length: 50 }, (_, index) => world.chain.has(variant(skip, index + 1).hash))).not.toContain(true);
    const useless = world.net.reports.filter(({ kind }) => kind === 'useless');
    expect(useless).toHaveLength(49);
    expect(useless.every((report) => report.peer === liar.id && report.kind === 'useless' && report.code === 'skip-block-variants')).toBe(true);
    expect(world.net.lies).toEqual([]);
    await world.live(chain, 345, peers.slice(0, 3));
    expect(world.chain.head.hash).toBe(chain.head.hash);
  });

  it('an invented block on top of a variant does not make the client adopt the variant', async () => {
    const { peers, liar, skip } = await live(340);
    chain.append(skip);
    await world.clock.until(world.net.announce(peers[0]!, skip));
    const fork = chain.copy(340);
    fork.append(variant(skip, 7));
    liar.chain = fork;
    const next = fork.make();
    const bad = { ...next, block: { ...next.block, justification: { type: 'micro', signature: new Uint8Array(64) } } as MicroBlock };
    fork.append(bad);
    await world.clock.until(world.net.announce(liar, bad));
    await world.clock.advance(3000);
    expect(world.chain.head.hash).toBe(skip.hash);
    // Under an unproven signing key the block is judged when a macro block has proven the key.
    await world.live(chain, 365, peers.slice(0, 3));
    expect(world.chain.head.hash).toBe(chain.head.hash);
    expect(world.net.lies).toEqual([`${liar.id} invalid-signature`]);
  });
});
