// Tests: `src/page/code-texts.test.ts`.
/** The words of the pages: titles, labels, and the names of phases, levels, jobs and states. Those of codes are in `code-texts.ts`. */

import type { Anchor, PeerView, Phase, TrustLevel, VerifierView } from '../client/types.ts';
import type { Assumption } from './assumptions.ts';
import { blocks, counted, figures } from './counted.ts';

export const texts = {
  title: 'Petrel',
  head: 'Head',
  latest: 'Newest block',
  final: 'Final up to',
  pending: (count: number) => `${blocks(count)} above it can still change`,
  allFinal: 'nothing above it',
  keysUnproven: 'its signature is right; the next final block shows that the key is a validator’s',
  rootsUnproven: 'verified, but for its roots',
  genesisTag: 'the genesis block, from this release',
  noHead: 'No block yet',
  beginsAt: (height: string) => `So far Petrel knows only the genesis block ${height}, from the parameters of this network.`,
  asOf: 'as of',
  offline: 'Offline',
  unreachable: 'Not connected',
  offlineSentence: 'The last verified block is shown. Petrel goes on by itself as soon as it can.',
  updateReady: 'A new version is ready.',
  updateNeeded: 'This tab needs a newer version to go on.',
  updateNow: 'Reload to update',
  dismiss: 'Dismiss',
  lag: 'Head lag',
  noLag: 'shown with the next block',
  chain: 'Chain',
  batch: 'Batch',
  epoch: 'Epoch',
  ofTotal: (part: string, total: string) => `${part} of ${total}`,
  batchFilled: (done: number, total: number) => `${figures.format(done)} of ${blocks(total)} verified; the last one makes them final.`,
  recent: 'Newest blocks',
  recentSummary: (from: number, to: number, reverted: number) =>
    `Blocks ${figures.format(from)} to ${figures.format(to)}; ${reverted === 0 ? 'none was reverted' : `${blocks(reverted)} reverted`}.`,
  trust: 'How far to trust the final blocks',
  restoredTitle: 'Read from this browser',
  restoredText: 'It was verified on an earlier visit, and is being verified again.',
  rungPlaces: { here: 'We stand here.', before: 'We stood here before; the final blocks do not rest on this any more.', unused: 'The final blocks do not rest on this.', above: 'Not reached yet.' },
  notNeeded: 'not needed',
  onlyGenesis: 'So far there is only the genesis block, which comes with the parameters of this network.',
  proofLabel: 'Verification of the past',
  epochsOf: (done: string, total: string) => `${done} of ${total} epochs`,
  epochRate: (rate: string) => `${rate} per second`,
  proofWaits: 'waits for a peer that can go on',
  checkedSoFar: (what: string) => `So far: ${what}.`,
  checked: 'What was checked',
  nothingChecked: 'Nothing yet.',
  forThePast: 'to verify the past',
  assumed: 'What is still assumed',
  anchor: 'Starting point',
  anchorKinds: { genesis: 'the genesis block', pinned: 'named by this release or by the network file', witnesses: 'taken on the word of witnesses' },
  proofUpTo: 'Proof up to',
  block: (height: string) => `block ${height}`,
  witnesses: 'Witnesses',
  peers: 'Peers',
  peersLive: (live: number, connected: number) => `${figures.format(live)} live, ${figures.format(connected)} connected`,
  peer: 'Peer',
  state: 'State',
  height: 'Height',
  latency: 'Latency',
  received: 'Received',
  standing: 'Standing',
  verification: 'Verification',
  queued: 'waiting',
  running: 'under way',
  done: 'done',
  refused: 'refused',
  workers: 'Workers',
  noWorkers: 'None runs now. New blocks are verified without one; a worker starts for what takes longer.',
  idle: 'idle',
  workerStarting: 'starting',
  noJobYet: 'no job yet',
  jobs: counted('job', 'jobs'),
  perJob: (time: string) => `${time} each`,
  whyBigInt: (reason: string) => `Slower, because ${reason}.`,
  storage: 'Storage',
  storageUsed: (used: string, cap: string) => `${used} of ${cap}`,
  saveSnapshot: 'Save a snapshot',
  openSnapshot: 'Open a snapshot',
  openProof: 'Open a proof file',
  sharing: 'Sharing',
  syncDetails: 'Sync details',
  sharingOn: 'Headers verified here go to other Petrel clients that ask for them. Nodes of the network ask for the head now and then, and are told it.',
  sharingOff: 'Nothing but the head is given to other Petrel clients.',
  sharingWithPeers: (isOn: boolean) =>
    isOn ? 'What was verified here is given to the peers that ask for it; one peer gets a quarter of the limit at most.' : 'Nothing but the head is given to peers.',
  toPeers: 'To peers',
  given: 'Given in all',
  toPetrel: 'To other Petrel clients',
  toNodes: 'To nodes of the network',
  throughRelays: 'Through relays',
  atMostAnHour: (cap: string) => `at most ${cap} an hour`,
  peerConnections: 'Peer connections',
  openOfLimit: (open: number, limit: number) => `${figures.format(open)} open, at most ${figures.format(limit)} a tab`,
  ownAddresses: 'Reached at',
  addresses: counted('address', 'addresses'),
  noRelay: 'no relay',
  petrelClient: 'Petrel client',
  wipe: 'Delete stored data',
  wipeTitle: 'Delete what is stored for this network?',
  wipeText: 'Petrel forgets the verified chain on this device, in all tabs, and starts over from the network. Nothing else is lost.',
  wipeYes: 'Delete and start over',
  cancel: 'Cancel',
  log: 'Log',
  noLog: 'Nothing has happened yet.',
  noMatch: 'No entry matches.',
  level: 'Level',
  levels: { all: 'Everything', warning: 'Warnings and errors', error: 'Errors' },
  area: 'Area',
  allAreas: 'All areas',
  search: 'Search',
  copy: 'Copy',
  copied: 'Copied',
  copyFailed: 'The browser did not let us copy.',
  entries: counted('entry', 'entries'),
  network: 'Network',
  networkChoose: 'Choose a network',
  networkOwn: 'A file of your own',
  networkFile: 'Network parameters (JSON)',
  networkKept: (name: string) => `${name}, in use`,
  networkOpened: (name: string) => `${name}, opened in this tab`,
  noPublicNetwork: 'No public network of this chain is known. Use a local network',
  orOwnFile: 'or your own network file.',
  /** A network whose start a person must choose. */
  chooseCheckpoint: 'The start of this chain is a checkpoint that you choose and trust, so that no network of it is built in. Make a network file with',
  orLocalNetwork: 'or use a local network',
  seeds: 'Seeds',
  seedsHint: 'Addresses to begin with, one a line. Empty: those of the network.',
  gateways: 'Gateways',
  gatewaysHint: 'Addresses of gateways or nodes (https://…), one a line. Empty: those of the network file. All that they say is checked here; only the checkpoint in the network file is trusted.',
  open: 'Open',
  networkDefault: (name: string) => `Open the default network: ${name}`,
  developmentNetwork: 'Development network: the keys that sign its blocks are public, and nothing on it has value.',
  tabs: 'Tabs',
  build: 'Build',
  licences: 'Licences',
  wallet: 'Wallet',
  reload: 'Reload the page',
  genesis: 'Genesis',
  timeLeft: (time: string) => `${time} left`,
} as const;

/** The common names of the built-in networks. */
export const networkTexts: ReadonlyMap<string, string> = new Map([
  ['main-albatross', 'Mainnet'],
  ['test-albatross', 'Testnet'],
  ['dev-albatross', 'Development network'],
  ['unit-albatross', 'Local network'],
]);

/** The chains that a page can name, in the order in which the networks are grouped. */
export const chainTexts: ReadonlyMap<string, string> = new Map([
  ['albatross', 'Nimiq Albatross'],
  ['hotstuff2', 'HotStuff-2'],
  ['moloch', 'Moloch'],
  ['stacks', 'Stacks'],
]);

/** Areas of the log. */
export const areaTexts: Readonly<Record<string, string>> = {
  hub: 'shared worker', network: 'network', peers: 'peers', sync: 'sync', chain: 'chain', storage: 'storage', verify: 'verification',
};

export const hostTexts: Readonly<Record<string, string>> = { 'shared-worker': 'One client for all tabs', 'elected-worker': 'One client for all tabs, in one of them', 'dedicated-worker': 'A client for this tab alone', node: 'In Node' };

export const phaseTexts: Readonly<Record<Phase, string>> = {
  starting: 'Starting',
  connecting: 'Looking for peers',
  'catch-up': 'Catching up on epochs',
  'live-sync': 'Catching up on blocks',
  established: 'Live',
  stale: 'Stale',
  waiting: 'Waiting',
  stopped: 'Stopped',
  failed: 'Cannot go on',
};

/** The phase as a sentence about what the client is doing. */
export const phaseSentences: Readonly<Record<Exclude<Phase, 'established'>, string>> = {
  starting: 'Opening what is stored here.',
  connecting: 'Asking for peers that agree on a head.',
  'catch-up': 'Verifying the election blocks in between, oldest first.',
  'live-sync': 'Verifying the blocks since the last final one.',
  stale: 'Connected, but the newest block is not new.',
  waiting: 'Not following the chain at the moment.',
  stopped: 'This tab follows the chain no longer.',
  failed: 'Petrel cannot go on by itself.',
};

/** Instead of the phase, while the start waits for witnesses. */
export const witnessesLacking = 'Waiting for peers';

/** The same for the phase's sentence. */
export const waitsForWitnesses = 'Looking for more peers that name a starting point.';

/** If the device's clock is ahead, other peers' blocks seem old, but they are accepted all the same. */
export const followsByWrongClock = 'Following the chain, by a clock that is wrong.';

/**
 * The title and text of each rung of the ladder, keyed by the level's name in the settings. They describe the final blocks: the newest
 * blocks may be at a lower level for a while (`keysUnproven`, `rootsUnproven`).
 */
export const trustTexts: Readonly<Record<TrustLevel, { readonly title: string; readonly text: string }>> = {
  claimed: { title: 'Claimed', text: 'Peers say so; nothing has been checked yet.' },
  witnessed: { title: 'Witnessed: verified from a trusted start', text: 'One block was taken on the word of witnesses. The final blocks after it were verified here.' },
  pinned: { title: 'Pinned: verified from a pinned block', text: 'A pinned block is one that this release, or the network file, names. It is taken on trust; the final blocks after it were verified here.' },
  proven: { title: 'Proven from genesis', text: 'Every step from the genesis block to the newest final one was verified in this browser. No peer had to be trusted for the final blocks.' },
};

/** For `proven`, on chains whose client can pass by old blocks: a snapshot, or proofs of new validators. */
export const provenBySignatures = 'The newest final block is signed by validators that this browser knows from the genesis block on. No peer had to be trusted for the final blocks.';

/** For `proven`, if a proof replaced most of the steps. */
export const provenByProof = 'Verified in this browser: a zero-knowledge proof from the genesis block on, and each step after it up to the newest final block. No peer had to be trusted for the final blocks.';

/** What was not checked, in plain words. */
export const assumptionTexts: Readonly<Record<Assumption, (anchor: Anchor) => string>> = {
  everything: () => 'Everything that is shown.',
  witnesses: ({ height, witnesses }) => `That block ${figures.format(height)} is genuine. ${witnesses.length === 1 ? 'One peer says' : `${figures.format(witnesses.length)} peers say`} so.`,
  names: ({ witnesses }) =>
    witnesses.length === 1
      ? 'That this peer is honest. Nothing but a host name or an IPv6 address is known of it, and anybody can have one.'
      : 'That these peers are not all one person’s. Nothing but a host name or an IPv6 address is known of each, and one person can have many of those.',
  storage: () => 'That what is stored in this browser is true. It was verified on an earlier visit and is being verified again.',
  release: () => 'That the block built into this release is genuine.',
  genesis: () => 'That the genesis block in the parameters of the network is its own.',
  validators: () => 'That at no time a third or more of the validators were dishonest.',
  'skip-roots': () => 'That the newest block, a skip block, has the roots that its validators meant: their proof does not cover them all. The next block shows it.',
  'signing-keys': () => 'That the newest blocks are signed with the validators’ own keys. The next final block shows it.',
  'set-up': () => 'That nobody kept the secrets of the proof system’s set-up. On a development network they are public.',
};

export const purposeTexts: Readonly<Record<VerifierView['purpose'], string>> = { signatures: 'Signatures', zkp: 'Zero-knowledge proofs' };

export const backEndNames: Readonly<Record<VerifierView['backend'], string>> = { wasm: 'WASM', bigint: 'BigInt' };

/** What a worker is doing, by the kind of its job. */
export const jobTexts: Readonly<Record<NonNullable<VerifierView['busy']>, string>> = {
  proposer: 'a block’s signature and seed',
  'multi-signature': 'a justification',
  keys: 'voting keys',
  justifications: 'a batch of justifications',
  'key-roots': 'validator lists',
  'zk-proof': 'a zero-knowledge proof',
  'ed25519-strict': 'signatures of certificates',
  'bls12-381': 'an aggregate signature',
  'secp256k1-recover': 'signatures of blocks',
  'hash-chains': 'a proof of the state',
};

export const fewWitnessesText = 'Fewer independent peers than wanted could be found when it was taken.';

export const peerStateTexts: Readonly<Record<PeerView['state'], string>> = {
  connecting: 'connecting',
  connected: 'connected',
  live: 'live',
  outdated: 'on an older block',
  incompatible: 'does not serve what we need',
  behind: 'behind',
  ahead: 'ahead',
  aside: 'kept aside',
  banned: 'banned',
  down: 'not reachable',
};

export const transportTexts: Readonly<Record<PeerView['transport'], string>> = { ws: 'ws', wss: 'wss', http: 'http', https: 'https', webrtc: 'WebRTC' };

export const storageTexts: Readonly<Record<string, string>> = { indexeddb: 'Kept in this browser, for the next start.', memory: 'In memory only: after a reload it has to sync again.' };

export const unitTexts: Readonly<Record<string, string>> = { peers: 'peers', epochs: 'epochs', blocks: 'blocks' };
