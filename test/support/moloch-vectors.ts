/** The parts of `test/vectors/moloch.json`. All bytes are hex. */
import { readFileSync } from 'node:fs';

interface Vectors {
  readonly chainId: string;
  readonly validators: readonly string[];
  readonly validatorSeeds: readonly string[];
  readonly events: readonly { readonly attester: string; readonly bytes: string; readonly canonical: string; readonly id: string; readonly json: { readonly event_type: string | object } }[];
  readonly eventsRoots: readonly { readonly n: number; readonly root: string; readonly proofs: readonly { readonly index: number; readonly siblings: readonly string[] }[] }[];
  readonly paddingIndexOutOfRange: { readonly event: string; readonly index: number; readonly n: number; readonly root: string; readonly siblings: readonly string[] };
  readonly blocks: readonly {
    readonly blockBytes: string;
    readonly events: readonly string[];
    readonly eventsRoot: string;
    readonly hash: string;
    readonly headerBytes: string;
    readonly height: number;
    readonly mmrRoot: string;
    readonly seal: string;
    readonly sealerName: string | null;
    readonly signingBytes: string;
  }[];
  readonly trustedHeaders: readonly { readonly bytes: string; readonly driverAccepts: boolean; readonly height: number; readonly name: string; readonly upstream: string }[];
  readonly thresholds: readonly { readonly commitment: string; readonly n: number; readonly threshold: number }[];
  readonly headerGap: { readonly addedHeight5WithoutParent: boolean; readonly checkpointHeight: number; readonly finalizedHeight: number };
  readonly checkpoint: { readonly bytes: string; readonly trusted: string; readonly validatorsHash: string };
  readonly mmrLeaves: readonly string[];
  readonly mmr: readonly {
    readonly leaves: number;
    readonly leafPositions: readonly number[];
    readonly peakPositions: readonly number[];
    readonly peaks: readonly string[];
    readonly root: string;
    readonly size: number;
    readonly proofs: readonly { readonly bytes: string; readonly leafIndex: number; readonly peakPos: number; readonly pos: number; readonly siblings: readonly (readonly [string, 'L' | 'R'])[] }[];
  }[];
  readonly compactProofs: readonly {
    readonly eventBytes: string;
    readonly eventId: string;
    readonly height: number;
    readonly index: number;
    readonly mmrLeaves: number;
    readonly mmrRoot: string;
    readonly plain: string;
    readonly withMmr: string;
  }[];
  readonly proofMessages: Readonly<Record<string, string>>;
  readonly falseConsistencyAccepted: boolean;
  readonly frames: readonly { readonly frame: string; readonly isRequest: boolean; readonly name: string; readonly type: string }[];
  readonly frameNegatives: readonly { readonly frame: string; readonly name: string; readonly upstream: { readonly ok?: string; readonly error?: string } }[];
  readonly votes: readonly {
    readonly blockHash: string | null;
    readonly bytes: string;
    readonly height: number;
    readonly millis: number;
    readonly round: number;
    readonly signature: string;
    readonly type: number;
    readonly voter: string;
  }[];
  readonly snapshots: readonly { readonly file: string; readonly name: string }[];
  readonly torsionSignature: { readonly key: string; readonly message: string; readonly signature: string };
  readonly ext: {
    readonly hello: string;
    readonly helloAck: string;
    readonly auth: string;
    readonly ackTranscript: string;
    readonly authTranscript: string;
    readonly clientKey: string;
    readonly serverKey: string;
    readonly getTrustedHeaders: string;
    readonly trustedHeaders: string;
    readonly getProof: string;
    readonly proof: string;
    readonly getManifest: string;
    readonly manifest: string;
    readonly getChunk: string;
    readonly chunks: readonly string[];
    readonly finalized: string;
    readonly status: string;
    readonly dataHash: string;
    readonly stateRoot: string;
    readonly indexEntries: number;
  };
}

export const molochVectors = JSON.parse(readFileSync(new URL('../vectors/moloch.json', import.meta.url), 'utf8')) as Vectors;
