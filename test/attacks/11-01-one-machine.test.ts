import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import { SelfDoubt } from '../../src/chains/albatross/sync/live/self-doubt.ts';
import { TooOld } from '../../src/chains/albatross/sync/live/too-old.ts';
import { parseMultiaddr, socketAddress, subnetOf } from '../../src/network/addresses.ts';
import { loadPublicSuffixes } from '../../src/network/registrable-domain.ts';
import { onlyCheap } from '../../src/engine/peers/witness-network.ts';
import { FakeChain } from '../support/fake-chain.ts';
import { FakePeer } from '../support/fake-net.ts';
import { SyncWorld } from '../support/sync-world.ts';

beforeAll(loadPublicSuffixes);

let world: SyncWorld | undefined;
afterEach(async () => {
  await world?.end();
  world = undefined;
});

const operators = new Map([['/dns4/one.example/tcp/443/wss', 'one'], ['/dns4/two.example/tcp/443/wss', 'two']]);

/** The subnet of a peer that was dialled at this address. */
function networkOf(address: string, id: string): string {
  const parsed = parseMultiaddr(address);
  return subnetOf(parsed && socketAddress(parsed), id, operators);
}

const peersAt = (chain: FakeChain, name: string, addresses: readonly string[]) => addresses.map((address, index) => new FakePeer(`${name}${index}`, chain, { subnet: networkOf(address, `${name}${index}`) }));

const forgedChain = (height = 600) => new FakeChain(9).growTo(height);

async function join(...peers: readonly FakePeer[]): Promise<SyncWorld> {
  world = await new SyncWorld().start();
  world.net.join(...peers);
  return world;
}

const networks = (it: SyncWorld) => it.sync.anchor.witnesses.map(({ subnet }) => subnet);

describe('issue 11.1: one machine', () => {
  test('is one witness, in all spellings of its address', async () => {
    const it = await join(...peersAt(forgedChain(), 'liar', ['/dns4/198.51.25607/tcp/8443/ws', '/dns4/198.3367943/tcp/8444/ws', '/dns4/3325256711/tcp/8445/ws']));
    await it.established();
    expect(it.notices).toEqual(['few-witnesses']);
    expect(it.sync.anchor).toMatchObject({ kind: 'witnesses', fewWitnesses: true });
    expect(networks(it)).toEqual(['198.51.100.0/24']);
  });

  test('with three names is believed only after the wait, and the record and a notice say that it has only names', async () => {
    const it = await join(...peersAt(forgedChain(), 'liar', ['/dns4/a.example/tcp/443/wss', '/dns4/b.test/tcp/443/wss', '/dns4/c.invalid/tcp/443/wss']));
    await it.clock.advance(4000);
    expect(it.sync.anchor.kind).toBe('genesis');
    await it.established();
    expect(it.notices).toEqual(['witnesses-only-names']);
    expect(it.sync.anchor).toMatchObject({ kind: 'witnesses', fewWitnesses: true });
    expect(onlyCheap(networks(it))).toBe(true);
  });

  test('with three names of a wildcard DNS service counts as one name', async () => {
    const it = await join(...peersAt(forgedChain(), 'liar', ['/dns4/198-51-100-7.sslip.io/tcp/443/wss', '/dns4/198.51.100.7.nip.io/tcp/443/wss', '/dns4/x.traefik.me/tcp/443/wss']));
    await it.established();
    expect(networks(it)).toHaveLength(1);
  });

  test('with names cannot outvote seeds that the network file vouches for', async () => {
    const honest = new FakeChain().growTo(600);
    // Among the blocks with enough witnesses, the client would choose the newest.
    const liars = peersAt(forgedChain(740), 'liar', ['/dns4/a.example/tcp/443/wss', '/dns4/b.test/tcp/443/wss', '/dns4/c.invalid/tcp/443/wss', '/dns4/d.example/tcp/443/wss']);
    const seeds = peersAt(honest, 'seed', ['/dns4/one.example/tcp/443/wss', '/dns4/two.example/tcp/443/wss', '/dns4/node.example/tcp/443/wss']);
    const it = await join(...liars, ...seeds);
    await it.clock.untilTrue(() => it.sync.anchor.kind === 'witnesses');
    expect(it.sync.anchor).toMatchObject({ hash: honest.electionHead.hash, fewWitnesses: false });
    expect(networks(it).toSorted()).toEqual(['name:node.example', 'operator:one', 'operator:two']);
    expect(it.notices).not.toContain('few-witnesses');
  });

  test('with names cannot make the client call itself too old or doubt itself', () => {
    const tooOld = new TooOld(3);
    const doubt = new SelfDoubt({ wanted: 3, window: 60_000 });
    const verdicts = ['name:a.example', 'name:b.test', 'name:c.invalid', 'name:d.example'].map((subnet, index) => {
      tooOld.seen(`p${index}`, subnet, 328);
      return doubt.judge({ peer: `p${index}`, subnet, witness: true, code: 'invalid-seed', evidence: { height: 251, hash: 'aa' }, at: index }, ['name:a.example', 'name:b.test', 'name:c.invalid', 'name:d.example']).kind;
    });
    expect(tooOld.height).toBeUndefined();
    expect(new Set(verdicts)).toEqual(new Set(['ban']));
    tooOld.seen('q', '1.2.3.0/24', 328);
    tooOld.seen('r', 'operator:one', 328);
    expect(tooOld.height).toBe(328);
  });
});
