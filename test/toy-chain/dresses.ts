import type { HotStuff2Block, HotStuff2Network } from '../../src/chains/hotstuff2/chain/details.ts';
import type { MolochBlock, MolochNetwork } from '../../src/chains/moloch/chain/details.ts';
import type { SyncMonitorView, SyncPeerView, SyncProgressView, SyncStatusView } from '../../src/engine/sync/sync-views.ts';
import type { Dress } from './toy-client.ts';

const VALIDATORS = 7;
const QUORUM = 5;
const root = (digit: string) => digit.repeat(64);
/** As many as a certificate needs, and some more. */
const votesAt = (value: number) => QUORUM + (value % 3);

const hotStuff2: HotStuff2Network = { chain: 'hotstuff2', validators: VALIDATORS, quorum: QUORUM, scheme: 'ed25519' };
const moloch: MolochNetwork = { chain: 'moloch', validators: VALIDATORS, threshold: QUORUM, chainId: 'moloch-toy' };

export const asHotStuff2: Dress = {
  network: hotStuff2,
  block: (value, final) =>
    ({
      chain: 'hotstuff2', grade: final ? 'final' : 'certified', view: value + 2, proposer: value % VALIDATORS, signers: votesAt(value), validators: VALIDATORS,
      stateRoot: root('1'), payloadRoot: root('2'), mmrRoot: root('0'), validatorsHash: root('4'), nextValidatorsHash: root('4'),
    }) satisfies HotStuff2Block,
  ask: syncAnswers,
};

export const asMoloch: Dress = {
  network: moloch,
  block: (value, final) =>
    ({
      chain: 'moloch', grade: final ? 'final' : 'tentative', sealer: root('a'), events: value % 4, signatures: final ? votesAt(value) : (value % QUORUM) + 1, validators: VALIDATORS,
      eventsRoot: root('2'), mmrRoot: root('3'), validatorsHash: root('4'),
    }) satisfies MolochBlock,
  ask: syncAnswers,
};

/** Invented, to see the panel with values in every place. */
function syncAnswers(question: string, height: number): unknown {
  const sample = (at: number, most: number) => ({ height: at, milliseconds: 1 + ((at * 7919) % most) });
  const heights = Array.from({ length: 60 }, (_, index) => index * 8 + 1);
  const peer = (id: string, more: Partial<SyncPeerView>): SyncPeerView => ({
    id, address: `/dns4/${id}/tcp/8660/ws`, height, health: 'healthy', role: 'active', bandwidth: 820_000, latency: 24, reliability: 0.98, useful: 0.93, quality: 91, ban: undefined, ...more,
  });
  const answers: Readonly<Record<string, unknown>> = {
    getSyncStatus: { phase: 'blocks', strategy: 'parallel', current: height, target: height * 4, targetProven: true, lastError: undefined } satisfies SyncStatusView,
    getSyncProgress: {
      current: height, target: height * 4, targetProven: true, synced: height, remaining: height * 3, percent: 25, timeLeft: 12_000, rate: 410, strategy: 'parallel', trend: 'faster',
    } satisfies SyncProgressView,
    getSyncPeers: [
      peer('validator-1', {}), peer('validator-2', { latency: 48, quality: 70, health: 'slow' }), peer('validator-3', { role: 'spare', quality: 64 }),
      peer('validator-4', { role: 'banned', health: 'banned', quality: 0, useful: 0, bandwidth: undefined, latency: undefined, ban: { code: 'liar', until: undefined } }),
    ],
    getSyncMonitor: {
      downloads: heights.map((at) => sample(at, 9)), validations: heights.map((at) => sample(at + 3, 5)), applications: heights.map((at) => sample(at + 5, 3)),
      stages: { structure: 20, link: 10, signature: 540, finality: 12, state: 200 },
      peers: {
        'validator-1': { bytes: 900_000, usefulBytes: 860_000, latencies: [20, 24, 31], failures: 0 },
        'validator-2': { bytes: 500_000, usefulBytes: 420_000, latencies: [44, 48], failures: 1 },
        'validator-3': { bytes: 90_000, usefulBytes: 90_000, latencies: [30], failures: 0 },
      },
      errors: { timeout: 1 }, bytes: 1_490_000, usefulBytes: 1_370_000, coordination: 40, elapsed: 2400,
    } satisfies SyncMonitorView,
  };
  return answers[question];
}
