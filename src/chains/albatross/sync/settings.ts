import type { TrustLevel } from '../../../engine/trust.ts';
import { services } from '../wire/services.ts';

/** Peers asked for their macro chain in one round: enough to outvote a few, but not a burden. */
export const maxRoundPeers = 8;

/** Settings of the sync. Durations in milliseconds. */
export interface SyncSettings {
  /** Service bits a peer must offer to be asked for macro blocks. */
  readonly requiredServices: number;
  /** Witnesses (networks, as `countNetworks` has them) that must agree before an election block is taken on trust. */
  readonly witnesses: number;
  /** Time to wait for more witnesses, or for a peer that knows our chain. */
  readonly witnessWait: number;
  /** Number of live peers required for consensus. */
  readonly minPeers: number;
  /** Trust level required for consensus. */
  readonly trustAtLeast: TrustLevel;
  readonly requestTimeout: number;
  /** Attempts to get a head, a block or a list from one peer before it is disconnected. */
  readonly askAttempts: number;
  readonly headRoundInterval: number;
  /** Time after which outdated and incompatible peers are asked again. */
  readonly recheckInterval: number;
  /** Minimum time between two head requests to a peer that the live sync sends back. */
  readonly reaskInterval: number;
  /** Epochs asked for in one macro chain request. */
  readonly maxEpochs: number;
  /** Number of macro blocks fetched ahead. */
  readonly fetchInFlight: number;
  /** Whether a chain that was taken on trust is verified from genesis in the background. */
  readonly prove: boolean;
  /** Number of election blocks fetched ahead when many are verified in bulk. */
  readonly bulkInFlight: number;
  /** Number of their batches verified at the same time. */
  readonly bulkBatches: number;
  /** Blocks requested from one peer in 10.5 s for the background verification. */
  readonly backgroundPerPeer: number;
  /** Initial pause of the background verification when no peer has what it needs; doubled each time, up to `recheckInterval`. */
  readonly backgroundPause: number;
  /** Missing-block requests at the same time, in all. */
  readonly missingInFlight: number;
  /** The same, for the announcements of one peer. */
  readonly missingInFlightPerPeer: number;
  /** Missing-block requests that wait for their turn; above it the buffered branch is dropped. */
  readonly missingWaiting: number;
  /** The same, for the announcements of one peer. */
  readonly missingWaitingPerPeer: number;
  /** Pause after a peer did not give what it had announced; doubled each time in a row. */
  readonly withheldPause: number;
  readonly longestWithheldPause: number;
  /** Capacity for buffered blocks, in batches. */
  readonly bufferBatches: number;
  /** Maximum distance above our head at which a block is buffered, in batches. */
  readonly windowAheadBatches: number;
  /** Maximum distance below our head at which a peer is still good, in batches. */
  readonly toleratePastBatches: number;
  /** Announced blocks kept per peer and height. */
  readonly announcedPerPeerAndHeight: number;
  /** Announced blocks verified at the same time, in all and of one peer. */
  readonly pendingPushes: number;
  readonly pendingPushesPerPeer: number;
  /** Accepted announcements that establish consensus without a head round. */
  readonly establishingAnnouncements: number;
  /** Number of distinct subnets whose macro blocks must show a version above ours before the client calls itself too old. */
  readonly tooOldPeers: number;
  /** Time for which a lie is remembered, to see whether other peers send the same. If `tooOldPeers` distinct subnets do, it counts as an error of our own. */
  readonly doubtWindow: number;
  /** Initial time for which peers are kept aside before they are asked again; doubled each time, up to `longestDoubtPause`. */
  readonly doubtPause: number;
  readonly longestDoubtPause: number;
}

/** Values of the reference where it has them: Albatross block reference, 6.2, 6.4, 6.5 and 7; Albatross network reference, 7.3. */
export const syncDefaults: SyncSettings = {
  // The services that a light client needs from its peers; light clients themselves offer nothing.
  requiredServices: services.accountsProof,
  witnesses: 3,
  witnessWait: 5000,
  minPeers: 3,
  trustAtLeast: 'witnessed',
  // The reference's deadline is 10 s. On a poor connection, asking the next peer earlier helps a browser more.
  requestTimeout: 8000,
  askAttempts: 3,
  headRoundInterval: 5000,
  recheckInterval: 60_000,
  // One head round, so a peer that is sent back is asked at most that often.
  reaskInterval: 5000,
  maxEpochs: 1000,
  fetchInFlight: 5,
  prove: true,
  // Some 20 kB each; half a batch.
  bulkInFlight: 64,
  // At most as many as there are verifiers.
  bulkBatches: 4,
  // Three quarters of a 2.x node's limit (200 in 10 s): the rest is for the live sync.
  backgroundPerPeer: 150,
  backgroundPause: 5000,
  missingInFlight: 5,
  // Two flooding peers still leave one request.
  missingInFlightPerPeer: 2,
  missingWaiting: 32,
  missingWaitingPerPeer: 8,
  // A block time of mainnet, so that the peer's next announcement gets a chance.
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
  // Honest peers that we misunderstand send the same block within seconds of each other. But where one is banned before the next is found,
  // they come minutes apart.
  doubtWindow: 600_000,
  // The same interval at which outdated peers are asked again.
  doubtPause: 60_000,
  // A newer version is released within hours; a clock is corrected, and a fault passes, within minutes.
  longestDoubtPause: 600_000,
};
