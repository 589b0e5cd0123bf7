import { services } from '../wire/services.ts';

/** What the sync can be told. Durations in milliseconds. */
export interface SyncSettings {
  /** Service bits a peer must offer to be asked for macro blocks. */
  readonly requiredServices: number;
  /** Witnesses (distinct subnets) that must agree before an election block is taken on trust. */
  readonly witnesses: number;
  /** How long to wait for more witnesses, or for a peer that knows our chain. */
  readonly witnessWait: number;
  /** Live peers without which there is no consensus. */
  readonly minPeers: number;
  readonly requestTimeout: number;
  /** Attempts to get a head, a block or a list from one peer before it is disconnected. */
  readonly askAttempts: number;
  readonly headRoundInterval: number;
  /** Outdated and incompatible peers are asked again after this long. */
  readonly recheckInterval: number;
  /** A peer that the live sync sends back is not asked more often than this. */
  readonly reaskInterval: number;
  /** Epochs asked for in one macro chain request. */
  readonly maxEpochs: number;
  /** Macro blocks fetched ahead. */
  readonly fetchInFlight: number;
  /** Whether a chain that was taken on trust is verified from genesis in the background. */
  readonly prove: boolean;
  /** Election blocks fetched ahead when many are verified in bulk. */
  readonly bulkInFlight: number;
  /** Batches of them in verification at the same time. */
  readonly bulkBatches: number;
  /** Blocks asked of one peer in 10.5 s for the verification in the background. */
  readonly backgroundPerPeer: number;
  /** How long the verification in the background waits at first when nobody has what it needs; doubled each time, up to `recheckInterval`. */
  readonly backgroundPause: number;
  /** Missing-block requests at the same time. */
  readonly missingInFlight: number;
  /** Of these, for announcements of one peer. */
  readonly missingInFlightPerPeer: number;
  /** Missing-block requests that wait for their turn; above it the buffered branch is dropped. */
  readonly missingWaiting: number;
  /** Of these, for announcements of one peer. */
  readonly missingWaitingPerPeer: number;
  /** For how long nothing is asked for a peer that did not serve what it had announced; doubled each time in a row. */
  readonly withheldPause: number;
  readonly longestWithheldPause: number;
  /** Buffered blocks in all, in batches. */
  readonly bufferBatches: number;
  /** How far above our head a block may be buffered, in batches. */
  readonly windowAheadBatches: number;
  /** How far below our head a peer may be, in batches. */
  readonly toleratePastBatches: number;
  /** Announced blocks kept per peer and height. */
  readonly announcedPerPeerAndHeight: number;
  /** Announced blocks in verification at the same time, in all and of one peer. */
  readonly pendingPushes: number;
  readonly pendingPushesPerPeer: number;
  /** Accepted announcements that establish consensus without a head round. */
  readonly establishingAnnouncements: number;
  /** Peers of distinct subnets whose macro blocks must show a version above ours before the client calls itself too old. */
  readonly tooOldPeers: number;
  /** For how long a lie is remembered, to tell whether others send the same. `tooOldPeers` of distinct subnets are an error of our own. */
  readonly doubtWindow: number;
  /** How long peers are kept aside at first before they are asked again; doubled each time, up to `longestDoubtPause`. */
  readonly doubtPause: number;
  readonly longestDoubtPause: number;
}

/** Values of the reference where it has them: Albatross block reference, 6.2, 6.4, 6.5 and 7; Albatross network reference, 7.3. */
export const syncDefaults: SyncSettings = {
  // What a light client asks of its peers; light clients themselves offer nothing.
  requiredServices: services.accountsProof,
  witnesses: 3,
  witnessWait: 5000,
  minPeers: 3,
  // The reference's deadline is 10 s. A browser on a poor line gains more from asking the next peer earlier.
  requestTimeout: 8000,
  askAttempts: 3,
  headRoundInterval: 5000,
  recheckInterval: 60_000,
  // One head round: what sends a peer back is heard at most that often.
  reaskInterval: 5000,
  maxEpochs: 1000,
  fetchInFlight: 5,
  prove: true,
  // Some 20 kB each; half a batch.
  bulkInFlight: 64,
  // As many as there are verifiers at most.
  bulkBatches: 4,
  // Three quarters of what a 2.x node takes (200 in 10 s): the rest is for the live sync.
  backgroundPerPeer: 150,
  backgroundPause: 5000,
  missingInFlight: 5,
  // Two that flood leave one.
  missingInFlightPerPeer: 2,
  missingWaiting: 32,
  missingWaitingPerPeer: 8,
  // A block time of mainnet: its next announcement gets its chance.
  withheldPause: 1000,
  longestWithheldPause: 30_000,
  bufferBatches: 10,
  windowAheadBatches: 2,
  toleratePastBatches: 1,
  announcedPerPeerAndHeight: 5,
  pendingPushes: 64,
  pendingPushesPerPeer: 8,
  establishingAnnouncements: 5,
  tooOldPeers: 3,
  // Honest peers that we misunderstand send the same block within seconds.
  doubtWindow: 60_000,
  // As often as outdated peers are asked again.
  doubtPause: 60_000,
  // A newer version comes in hours; a clock is set right, and a fault passes, in minutes.
  longestDoubtPause: 600_000,
};
