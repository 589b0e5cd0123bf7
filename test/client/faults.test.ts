import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { DevPeer } from '../../devnet/peer.ts';
import { FAULTS } from '../../devnet/arm-fault.ts';
import { blockErrorCodes } from '../../src/chains/albatross/chain/rules/codes.ts';
import { checksRun } from '../../src/chains/albatross/chain/rules/stages.ts';
import { cellsWithoutFault, type Check, type FaultRow, faultsWithoutCase, faultTable, type Scene, unreachableCodes, type Way } from '../support/fault-table.ts';
import { FaultWorld, HONEST } from '../support/fault-world.ts';

const rowsOf = (...scenes: Scene[]): readonly FaultRow[] => faultTable.filter(({ scene }) => scenes.includes(scene));

/** The expected result of a row, as its test title. */
const told = ({ scene, fault, expect }: FaultRow): string => `${scene}: ${fault} → ${'ban' in expect ? `banned, ${expect.ban}` : `not banned, ${JSON.stringify(expect.spared)}`}`;

/** Rows whose tests ran. The last test checks that none is missing. */
const ran = new Set<FaultRow>();

/**
 * On a busy machine a liar's connection can get lost. When it is back, the client asks for its election block, and finds the same
 * lie there first, under another code.
 */
const seenEarlier: Readonly<Record<string, string>> = { 'not-macro': 'wrong-block-type', 'not-election': 'missing-validators' };
const asAnnounced = (code: string | undefined): string | undefined => seenEarlier[code ?? ''] ?? code;

/** One test per row: a new liar does `act`, and the client's reaction must be what the row expects. No honest peer may be blamed. */
function cases(world: () => FaultWorld, scene: Scene, act: (row: FaultRow, liar: DevPeer) => Promise<Awaited<ReturnType<FaultWorld['block']>> | undefined>, after?: (row: FaultRow, liar: DevPeer) => Promise<void>): void {
  for (const row of rowsOf(scene)) {
    it(`${told(row)}`, async () => {
      ran.add(row);
      const liar = world().liar();
      const from = world().devnet.log.length;
      const made = await act(row, liar);
      const seen = await world().outcome(row, liar, made, from);
      const code = scene === 'election-gossip' ? asAnnounced(seen) : seen;
      expect(code).toBe('ban' in row.expect ? row.expect.ban : undefined);
      expect(world().wronged).toEqual([]);
      if (code === undefined) await world().devnet.fault(liar.index, { fault: 'none' });
      await after?.(row, liar);
    });
  }
}

/** Waits until the client is established at the honest head. Returns all bans with their reasons. */
async function endOf(world: FaultWorld): Promise<{ readonly wronged: readonly string[]; readonly bans: readonly (string | undefined)[] }> {
  const { chain } = world.devnet;
  await world.it.until('established at the honest head', (client) => client.getStatus().consensus === 'established' && client.getHead().latest.hash === chain.head.hash);
  const bans = world.it.client.getPeers().flatMap(({ state, reason }) => (state === 'banned' ? [reason?.code] : []));
  return { wronged: world.wronged, bans: bans.toSorted() };
}

/** The expected result of `endOf`: exactly the bans of the table's rows. */
const wanted = (scenes: readonly Scene[]) => ({ wronged: [], bans: rowsOf(...scenes).flatMap(({ expect }) => ('ban' in expect ? [expect.ban] : [])).toSorted() });

describe('the table', () => {
  it('has every fault of the devnet, and no other', () => {
    const met = new Set(faultTable.map(({ fault }) => fault));
    expect(new Set([...met, ...Object.keys(faultsWithoutCase)])).toEqual(new Set(Object.keys(FAULTS)));
    expect(Object.keys(faultsWithoutCase).filter((fault) => met.has(fault))).toEqual([]);
  });

  it("has every rule's code, or a reason why no peer can cause it", () => {
    const met = new Set(faultTable.flatMap(({ expect }) => ('ban' in expect ? [expect.ban] : 'rejected' in expect.spared ? [expect.spared.rejected] : [])));
    expect(blockErrorCodes.filter((code) => !met.has(code) && !unreachableCodes[code])).toEqual([]);
    expect(Object.keys(unreachableCodes).filter((code) => met.has(code))).toEqual([]);
  });

  it('has every cell of "which checks run where" (5.7)', () => {
    const checks: readonly Check[] = ['known', 'ignored', 'orphan', 'strip-body', 'intrinsic', 'direct-successor', 'macro-successor', 'proposer', 'justification', 'fork-detection'];
    const ways: readonly Way[] = ['push', 'pushMacro', 'pushElectionOnTrust'];
    const covered = new Set(faultTable.flatMap(({ covers }) => covers ?? []));
    const cells = ways.flatMap((way) => checks.map((check) => `${check}/${way}` as const));
    expect(cells.filter((cell) => !covered.has(cell) && !cellsWithoutFault[cell])).toEqual([]);
    expect(Object.keys(checksRun)).toEqual(expect.arrayContaining([...ways]));
  });
});

/** The liar announces its faulty block on top of the head. The block may exist already. */
const announced = (world: FaultWorld, height: number) => async ({ fault }: FaultRow, liar: DevPeer) => {
  await world.block(height);
  liar.view.freeze(undefined);
  const [replacement] = await world.devnet.fault(liar.index, { fault, height });
  await liar.announce(replacement!.made, fault);
  return replacement!.made;
};

/**
 * The liar serves its faulty block on request, after it announced the honest block that follows. The client has then seen that
 * announcement, and gossip does not deliver the same bytes twice, so the honest peers go on with the next block.
 */
const replied = (world: FaultWorld, height: number) => async ({ fault }: FaultRow, liar: DevPeer) => {
  const next = await world.block(height + 1);
  await world.devnet.fault(liar.index, { fault, height });
  await liar.announce(next);
  return undefined;
};

describe('a micro block and a checkpoint, live', () => {
  const scenes = ['micro-gossip', 'micro-reply', 'micro-late', 'checkpoint-gossip', 'checkpoint-reply', 'checkpoint-late'] as const;
  let world: FaultWorld;

  beforeAll(async () => {
    world = await FaultWorld.open({ liars: rowsOf(...scenes).length });
    await world.connect();
    await world.live(world.devnet.peers.length);
    world.freezeAll(200);
  });
  afterAll(() => world.close());

  cases(() => world, 'micro-gossip', (row, liar) => announced(world, 201)(row, liar));
  cases(() => world, 'micro-reply', async (row, liar) => {
    world.freezeAll(undefined);
    return replied(world, 201)(row, liar);
  }, () => world.lead(203));

  cases(() => world, 'micro-late', (row, liar) => announced(world, 203)(row, liar));
  it('follows to the last micro block of the batch', async () => {
    await world.lead(231);
    expect(world.height).toBe(231);
  });
  cases(() => world, 'checkpoint-gossip', (row, liar) => announced(world, 232)(row, liar));
  cases(() => world, 'checkpoint-reply', (row, liar) => replied(world, 232)(row, liar), () => world.lead(234));
  cases(() => world, 'checkpoint-late', (row, liar) => announced(world, 232)(row, liar), () => world.lead(world.height + 1));

  it('ends established at the honest head, with exactly the liars banned', async () => expect(await endOf(world)).toEqual(wanted(scenes)));
});

describe('faults of behaviour', () => {
  const scenes = ['join', 'missing-blocks', 'skip', 'announce'] as const;
  let world: FaultWorld;
  const joined = new Map<FaultRow, DevPeer>();

  beforeAll(async () => {
    world = await FaultWorld.open({ liars: rowsOf(...scenes).length, sync: { requestTimeout: 2500 } });
    for (const row of rowsOf('join')) {
      const liar = world.liar();
      joined.set(row, liar);
      await world.devnet.fault(liar.index, { fault: row.fault });
    }
    await world.connect();
    await world.live(world.devnet.peers.length - joined.size);
  });
  afterAll(() => world.close());

  cases(() => world, 'missing-blocks', async ({ fault }, liar) => {
    const block = await world.block(world.height + 4);
    await world.devnet.fault(liar.index, { fault });
    await liar.announce(block);
    return undefined;
  }, () => world.lead(world.devnet.chain.head.height + 1));

  it('follows a fork of the same proposer: both blocks are valid, and no peer is blamed', async () => {
    const before = world.it.heads.length;
    await world.lead(world.height + 1);
    await world.devnet.fork(1, 2);
    await world.lead(world.devnet.chain.head.height);
    expect(world.it.heads.slice(before).flatMap(({ reverted }) => reverted)).toHaveLength(1);
    expect(world.wronged).toEqual([]);
  });

  // Skip blocks win, so the honest chain is behind until its next macro block.
  cases(() => world, 'skip', async (row, liar) => {
    const last = world.devnet.chain.policy.macroBlockAfter(world.height + 1) - 1;
    await world.lead(last);
    return announced(world, last)(row, liar);
  }, () => world.lead(world.devnet.chain.policy.macroBlockAfter(world.height)));

  for (const row of rowsOf('join')) {
    it(`${told(row)}`, async () => {
      ran.add(row);
      const code = await world.outcome(row, joined.get(row)!, undefined, 0);
      expect(code).toBe('ban' in row.expect ? row.expect.ban : undefined);
    });
  }

  cases(() => world, 'announce', async ({ fault }, liar) => {
    const block = await world.block(world.height + 1);
    await world.devnet.fault(liar.index, { fault });
    await liar.announce(block, fault);
    await world.lead(block.height);
    return undefined;
  }, () => world.lead(world.height + 1));

  it('ends established at the honest head, with exactly the liars banned', async () => expect(await endOf(world)).toEqual(wanted(scenes)));
});

describe('an election block, live', () => {
  const scenes = ['election-gossip', 'election-list'] as const;
  let world: FaultWorld;

  beforeAll(async () => {
    world = await FaultWorld.open({ liars: rowsOf(...scenes).length });
    await world.block(327);
    await world.connect();
    await world.it.until('the block before', () => world.height === 327);
    await world.live(world.devnet.peers.length);
    world.freezeAll(327);
  });
  afterAll(() => world.close());

  cases(() => world, 'election-gossip', (row, liar) => announced(world, 328)(row, liar));
  // From here on the client can ask the other peers for their copy.
  cases(() => world, 'election-list', async (row, liar) => {
    world.freezeAll(undefined);
    return announced(world, 328)(row, liar);
  }, () => world.lead(330));

  it('ends established at the honest head, with exactly the liars banned', async () => {
    const { wronged, bans } = await endOf(world);
    expect({ wronged, bans: bans.map(asAnnounced).toSorted() }).toEqual(wanted(scenes));
  });
});

describe('catching up', () => {
  const scenes = ['catch-up-checkpoint', 'catch-up-chain', 'catch-up-election'] as const;
  let world: FaultWorld;
  const freeze = (peer: DevPeer, height: number) => world.devnet.fault(peer.index, { fault: 'freeze', height });

  // All peers stay at 240, except the liar whose turn it is: it goes on to the head, and announces it.
  beforeAll(async () => {
    // The client does not wait for a second peer with the same block, because only the liar has it.
    world = await FaultWorld.open({ liars: rowsOf(...scenes).length, settings: { witnessWait: 0 }, sync: { recheckInterval: 1000 } });
    await world.block(240);
    await world.connect();
    await world.it.until('the head', () => world.height === 240);
    await world.live(world.devnet.peers.length);
    for (const peer of world.devnet.peers) await freeze(peer, 240);
  });
  afterAll(() => world.close());

  /**
   * Makes a new block every time, because gossip does not deliver the same bytes twice. The block is more than two batches above
   * 240, so that the liar's announcement shows that it is ahead.
   */
  const ahead = (atLeast: number, faulty: number | undefined) => async ({ fault }: FaultRow, liar: DevPeer) => {
    const head = Math.max(atLeast, world.devnet.chain.head.height + 1);
    await world.block(head);
    liar.view.freeze(undefined);
    const made = await world.devnet.fault(liar.index, faulty === undefined ? { fault } : { fault, height: faulty });
    await liar.announce(liar.view.at(head)!, fault);
    return made[0]?.made;
  };
  const catching = (scene: Scene, act: ReturnType<typeof ahead>) => {
    cases(() => world, scene, act, async (row, liar) => {
      if ('spared' in row.expect) {
        // If asked again, the liar would give the honest blocks. And while its round goes on, the next row's liar would be asked
        // for the same blocks.
        await freeze(liar, 240);
        await world.it.until('the round is over', () => world.view(liar)?.state !== 'ahead');
      }
      expect(world.height).toBe(240);
    });
  };

  catching('catch-up-checkpoint', ahead(305, 296));
  catching('catch-up-election', ahead(330, 328));
  catching('catch-up-chain', ahead(330, undefined));

  it('ends established at the honest head, with exactly the liars banned', async () => {
    for (const peer of world.devnet.peers) peer.view.freeze(undefined);
    await world.honest[0]!.announce(await world.block(world.devnet.chain.head.height + 1));
    await world.it.until('caught up', () => world.height >= 328);
    await world.lead(world.devnet.chain.head.height + 1);
    expect(await endOf(world)).toEqual(wanted(scenes));
  });
});

describe('an election block taken on trust', () => {
  const scenes = ['pico', 'pico-late'] as const;
  let world: FaultWorld;
  const liars = new Map<FaultRow, DevPeer>();

  // One witness is enough here, so that each liar is believed in its turn. The honest peers start after all liars.
  beforeAll(async () => {
    world = await FaultWorld.open({ liars: rowsOf(...scenes).length, epochs: 1, settings: { witnesses: 1, witnessWait: 0 }, sync: { recheckInterval: 1000 } });
    await world.block(331);
    for (const row of rowsOf(...scenes)) {
      const liar = world.liar();
      liars.set(row, liar);
      await world.devnet.fault(liar.index, { fault: row.fault, height: 328 });
    }
    for (const peer of world.honest) await world.devnet.stopPeer(peer.index);
    for (const row of rowsOf('pico-late')) await world.devnet.stopPeer(liars.get(row)!.index);
    await world.connect();
  });
  afterAll(() => world.close());

  for (const row of rowsOf('pico', 'pico-late')) {
    it(`${told(row)}`, async () => {
      ran.add(row);
      const liar = liars.get(row)!;
      if (row.scene === 'pico-late') await world.devnet.startPeer(liar.index);
      const code = await world.outcome(row, liar, undefined, 0);
      expect(code).toBe('ban' in row.expect ? row.expect.ban : undefined);
      // Stop the liar. Otherwise it would later contradict the chain, and the client would verify everything from genesis.
      if (row.scene === 'pico' && code === undefined) await world.devnet.stopPeer(liar.index);
    });
  }

  it('ends established at the honest head, with exactly the liars banned', async () => {
    for (const peer of world.honest) await world.devnet.startPeer(peer.index);
    expect(await endOf(world)).toEqual(wanted(scenes));
  });
});

describe('a chain that differs from the chain of three witnesses', () => {
  const scenes = ['contested'] as const;
  let world: FaultWorld;
  const liars = new Map<FaultRow, DevPeer>();

  beforeAll(async () => {
    // The liars connect first, and the client waits long enough for the honest peers.
    world = await FaultWorld.open({ liars: rowsOf(...scenes).length, epochs: 2, settings: { witnessWait: 60_000 }, sync: { recheckInterval: 1000 } });
    await world.block(460);
    for (const row of rowsOf(...scenes)) {
      const liar = world.liar();
      liars.set(row, liar);
      await world.devnet.fault(liar.index, { fault: row.fault });
    }
    for (const peer of world.honest) await world.devnet.stopPeer(peer.index);
    await world.connect();
    await world.it.until('the liars', (client) => client.getStatus().peers.connected === liars.size);
    for (const peer of world.honest) await world.devnet.startPeer(peer.index);
  });
  afterAll(() => world.close());

  it('waits while a poisoned list contradicts the true one, and goes on when a checkpoint has made blocks final', async () => {
    await world.it.until('a list in dispute', (client) => client.getStatus().reason?.code === 'validator-list-undecided');
    expect(world.it.client.getHead().latest.height).toBe(456);
    const poisoners = Array.from(liars).filter(([{ fault }]) => fault === 'poisoned-validators');
    expect(poisoners.map(([, liar]) => world.bannedFor(liar))).toEqual([undefined]);
    await world.lead(490);
    expect(world.it.client.getHead().latest.hash).toBe(world.devnet.chain.head.hash);
  });

  for (const row of rowsOf(...scenes)) {
    it(`${told(row)}`, async () => {
      ran.add(row);
      expect(await world.outcome(row, liars.get(row)!, undefined, 0)).toBe('ban' in row.expect ? row.expect.ban : undefined);
    });
  }

  it('ends established at the honest head, with exactly the liars banned', async () => expect(await endOf(world)).toEqual(wanted(scenes)));
});

describe('a false history for a client at genesis', () => {
  const scenes = ['history'] as const;
  let world: FaultWorld;

  beforeAll(async () => {
    world = await FaultWorld.open({ liars: rowsOf(...scenes).length, epochs: 2, sync: { recheckInterval: 1000 } });
    // There is no checkpoint yet after the second election block.
    await world.block(460);
    for (const peer of world.devnet.peers) await world.devnet.fault(peer.index, { fault: 'freeze', height: 200 });
    await world.connect();
    await world.live(world.devnet.peers.length);
  });
  afterAll(() => world.close());

  cases(() => world, 'history', async ({ fault }, liar) => {
    if (fault === 'infinity-key') await world.block(490);
    liar.view.freeze(undefined);
    const made = await world.devnet.fault(liar.index, fault === 'infinity-key' ? { fault, height: 488 } : { fault });
    await liar.announce(await world.block(world.devnet.chain.head.height + 1), fault);
    return made[0]?.made;
  });

  it('gives up a block signed by two thirds of the validators when no peer has it any more, and ends at the honest head', async () => {
    // The honest peers stop and start with their true state. If they stayed connected, the client would think that they had changed
    // sides.
    for (const peer of world.honest) await world.devnet.stopPeer(peer.index);
    await world.it.until('nobody', (client) => client.getStatus().peers.connected === 0);
    for (const peer of world.honest) peer.view.freeze(undefined);
    for (const peer of world.honest) await world.devnet.startPeer(peer.index);
    expect(await endOf(world)).toEqual(wanted(scenes));
    expect(world.devnet.peers).toHaveLength(HONEST + rowsOf(...scenes).length);
  });
});

it('has run every row', () => {
  expect(faultTable.filter((row) => !ran.has(row)).map(told)).toEqual([]);
});
