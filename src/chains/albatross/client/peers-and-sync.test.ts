import { expect, it } from 'vitest';
import { ManualClock } from '../../../../test/support/manual-clock.ts';
import { verifyNow } from '../../../../test/support/verify-now.ts';
import { Emitter } from '../../../base/emitter.ts';
import { systemRandom } from '../../../base/system.ts';
import { resolveSettings } from '../../../engine/settings.ts';
import { LightChain } from '../chain/light-chain.ts';
import { unitAlbatross } from '../chain/networks/unit-albatross.ts';
import { genesisAnchor } from './evidence.ts';
import { PeersAndSync } from './peers-and-sync.ts';

/** Peers and sync on a node without peers. `jump`: the device sleeps. */
function withoutPeers() {
  const manual = new ManualClock();
  let slept = 0;
  const clock = { now: () => manual.now() + slept, monotonic: () => manual.monotonic(), after: (ms: number, then: () => void) => manual.after(ms, then) };
  const chain = new LightChain({ network: unitAlbatross, verify: verifyNow, clock });
  const none = () => undefined;
  const node = { peers: () => [], events: new Emitter(), onGossip: none, ban: none, setPace: none, retryNow: none, checkLinks: async () => 0, start: async () => undefined, stop: async () => undefined };
  const network = new PeersAndSync({
    network: unitAlbatross, chain, clock, random: systemRandom, settings: resolveSettings(), bulk: {}, proofs: () => ({ records: [] }), anchor: () => genesisAnchor(chain),
    createNode: async () => node, log: { add: none, notice: none }, sharing: { attach: none, stop: none, passesOn: () => true, setSaveData: none },
    bans: { load: async () => [], save: none }, remembered: { load: async () => [], save: none }, onAnchor: none, onProof: none, onPeers: none, onStatus: none,
  } as unknown as ConstructorParameters<typeof PeersAndSync>[0]);
  const jump = (ms: number) => void (slept += ms);
  return { network, manual, jump };
}

it('a lie that is found while no sync runs bans no peer: nothing tells it from an error of our own', async () => {
  const { network } = withoutPeers();
  await network.start();
  const lie = (peer: string) => {
    network.report(peer, { kind: 'lie', code: 'wrong-block', evidence: { height: 5 } });
    return network.peers.map(({ id, state }) => `${id} ${state}`);
  };
  await network.stopSync();
  expect(['a', 'b', 'c'].map(lie)).toEqual([[], [], []]);
  network.startSync();
  expect(lie('d')).toEqual(['d banned']);
  await network.stop();
});

it('a machine that wakes up starts no sync while another one holds it: a wipe, an import or another chain would be disturbed', async () => {
  const { network, manual, jump } = withoutPeers();
  const wake = async () => {
    jump(3_600_000);
    manual.advance(5_000);
    await new Promise((resolve) => setTimeout(resolve, 5));
  };
  await network.start();
  expect(network.status.phase).toBe('connecting');
  await network.stopSync();
  await wake();
  expect(network.status.phase).toBe('starting');
  await network.stopSync();
  network.startSync();
  expect(network.status.phase).toBe('starting');
  network.startSync();
  expect(network.status.phase).toBe('connecting');
  await wake();
  expect(network.status.phase).toBe('connecting');
  await network.stop();
});
