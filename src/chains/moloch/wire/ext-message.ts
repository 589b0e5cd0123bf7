/**
 * The messages of our extension profile `moloch-ext/1`, kinds 64 to 76 (Moloch reference, 4.3).
 * @module
 */
import { bool, bytes, hash, key, kinds, list, nonce, option, signature, text, time, u32, u64, u64big, type Codec } from './codec.ts';
import { proofAnswer, proofRequest, type ProofAnswer, type ProofRequest } from './compact-proof.ts';
import { manifestFields, type SnapshotManifest } from './manifest.ts';
import { protocolVersion, type ProtocolVersion } from './plain-message.ts';
import { finalitySignatures, trustedHeader, type FinalitySignature, type TrustedHeader } from './trusted-header.ts';

export interface ExtHelloFields {
  readonly version: ProtocolVersion;
  readonly chainId: string;
  readonly key: string;
  /** 32 random bytes, used once. */
  readonly nonce: Uint8Array;
  readonly genesis: string;
  readonly height: number | undefined;
  readonly head: string | undefined;
  readonly time: number;
}

export type ExtMessage =
  | ({ readonly kind: 'ExtHello'; readonly id: bigint } & ExtHelloFields)
  | ({ readonly kind: 'ExtHelloAck'; readonly requestId: bigint; readonly signature: Uint8Array } & ExtHelloFields)
  | { readonly kind: 'ExtAuth'; readonly requestId: bigint; readonly signature: Uint8Array }
  /** `count`: 1 to 100. */
  | { readonly kind: 'GetTrustedHeaders'; readonly id: bigint; readonly start: number; readonly count: number }
  | { readonly kind: 'TrustedHeaders'; readonly requestId: bigint; readonly headers: readonly TrustedHeader[]; readonly more: boolean }
  | { readonly kind: 'GetProof'; readonly id: bigint; readonly request: ProofRequest }
  | { readonly kind: 'Proof'; readonly requestId: bigint; readonly answer: ProofAnswer }
  | { readonly kind: 'GetManifest'; readonly id: bigint; readonly height: number | undefined }
  | ({ readonly kind: 'Manifest'; readonly requestId: bigint } & SnapshotManifest)
  | { readonly kind: 'GetChunk'; readonly id: bigint; readonly height: number; readonly index: number }
  | { readonly kind: 'Chunk'; readonly requestId: bigint; readonly height: number; readonly index: number; readonly total: number; readonly bytes: Uint8Array }
  | { readonly kind: 'Finalized'; readonly hash: string; readonly height: number; readonly signatures: readonly FinalitySignature[] }
  | {
      readonly kind: 'ExtStatus';
      readonly height: number | undefined;
      readonly head: string | undefined;
      readonly mmrRoot: string;
      readonly peers: number;
      readonly syncing: boolean;
      readonly time: number;
    };

/** Index of the first kind of the profile. */
export const FIRST_EXT_KIND = 64;

const helloFields = { version: protocolVersion, chainId: text, key, nonce, genesis: hash, height: option(u64), head: option(hash), time };

export const extMessage: Codec<ExtMessage> = kinds<ExtMessage>(
  {
    ExtHello: { id: u64big, ...helloFields },
    ExtHelloAck: { requestId: u64big, ...helloFields, signature },
    ExtAuth: { requestId: u64big, signature },
    GetTrustedHeaders: { id: u64big, start: u64, count: u32 },
    TrustedHeaders: { requestId: u64big, headers: list(trustedHeader), more: bool },
    GetProof: { id: u64big, request: proofRequest },
    Proof: { requestId: u64big, answer: proofAnswer },
    GetManifest: { id: u64big, height: option(u64) },
    Manifest: { requestId: u64big, ...manifestFields },
    GetChunk: { id: u64big, height: u64, index: u32 },
    Chunk: { requestId: u64big, height: u64, index: u32, total: u32, bytes },
    Finalized: { hash, height: u64, signatures: finalitySignatures },
    ExtStatus: { height: option(u64), head: option(hash), mmrRoot: hash, peers: u64, syncing: bool, time },
  },
  FIRST_EXT_KIND,
);
