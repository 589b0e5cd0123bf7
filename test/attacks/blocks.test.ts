import { expect, vi } from 'vitest';
import type { DevBlock } from '../../devnet/dev-block.ts';
import { blockHeaderMessage } from '../../src/chains/albatross/wire/blocks.ts';
import { headerMessageOf } from '../../src/chains/albatross/wire/gossip.ts';
import { encode } from '../../src/base/postcard/codec.ts';
import type { JobResult, VerificationJob } from '../../src/crypto/jobs.ts';
import { runJob } from '../../src/crypto/run-job.ts';
import type { Attacker, AttackWorld } from './attack-world.ts';
import { nextTurn, runAttacks, type Attack } from './run-attacks.ts';

vi.mock('../../src/network/libp2p-node.ts', async (original) => (await import('./client-nodes.ts')).notingNodes(original as never));

/** A verifier that waits this many event loop turns between two slices of a job, as on a machine under heavy load. */
function* starved(job: VerificationJob): Generator<void, JobResult> {
  for (let turn = 0; turn < 500; turn++) yield;
  const slices = runJob(job);
  for (;;) {
    const slice = slices.next();
    if (slice.done) return slice.value;
    for (let turn = 0; turn < 50; turn++) yield;
  }
}

async function announce({ raw }: Attacker, { block }: DevBlock): Promise<void> {
  const message = headerMessageOf(block);
  if (message) await raw.libp2p.services.pubsub.publish('block-header', encode(blockHeaderMessage, message)).catch(() => undefined);
}

/** Announces `make(n)` until `size` blocks were announced. Skips a block that cannot be made at the chain's current head. */
async function announceMany(attackers: readonly Attacker[], size: number, make: (n: number) => DevBlock | undefined): Promise<number> {
  let done = 0;
  for (let n = 0; done < size && n < 3 * size; n++) {
    const block = make(n);
    if (block) {
      await announce(attackers[n % attackers.length]!, block);
      done++;
    }
    if (n % 8 === 0) await nextTurn();
  }
  return done;
}

/** A valid block on top of the head, or beside a recent block, signed by the elected proposer: the devnet has the validators' keys. */
function beside({ devnet: { chain } }: AttackWorld, n: number, back: number, ahead = 0): DevBlock | undefined {
  const parent = chain.at(chain.head.height - back);
  if (!parent || parent.height < chain.macroHead.height || chain.policy.isMacro(parent.height + 1)) return undefined;
  return chain.next({ parent, choice: `attack/${n}`, timestamp: Math.max(parent.block.header.timestamp, Date.now() + ahead) + n });
}

const attacks: readonly Attack[] = [
  {
    name: 'valid forks at every height, without end',
    size: { short: 60, long: 300 },
    attackers: 2, blocks: 3, lag: 2,
    act: (attackers, size, world) => announceMany(attackers, size, (n) => beside(world, n, 1 + (n % 3))),
  },
  {
    name: 'blocks on the head, before its next one, without end',
    size: { short: 60, long: 300 },
    attackers: 2, blocks: 3, lag: 2,
    act: (attackers, size, world) => announceMany(attackers, size, (n) => beside(world, n, 0)),
  },
  {
    name: 'blocks at the edge of the future, and beyond',
    size: { short: 60, long: 300 },
    attackers: 2, blocks: 3, lag: 2,
    act: (attackers, size, world) => announceMany(attackers, size, (n) => beside(world, n, 1, (n % 2 === 0 ? 9 : 11) * 60_000)),
  },
  {
    name: 'chains of ten blocks beside the chain, without end',
    size: { short: 60, long: 300 },
    attackers: 2, blocks: 3, lag: 11,
    act: (attackers, size, world) => {
      let tip: DevBlock | undefined;
      return announceMany(attackers, size, (n) => {
        const { chain } = world.devnet;
        const parent = n % 10 === 0 || !tip || tip.height < chain.macroHead.height ? chain.at(chain.head.height - 2) : tip;
        if (!parent || parent.height < chain.macroHead.height || chain.policy.isMacro(parent.height + 1)) return (tip = undefined);
        tip = chain.next({ parent, choice: `chain/${n}`, timestamp: Math.max(parent.block.header.timestamp, Date.now()) + n });
        return tip;
      });
    },
    verdict: ({ reasons }) => expect(reasons).toEqual([]),
  },
];

runAttacks('valid blocks, on a starved machine', attacks, { runJob: starved });
