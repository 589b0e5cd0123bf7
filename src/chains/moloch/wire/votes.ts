import { decode, encode, hash, key, names, option, signature, struct, time, u32, u64, u8, type Codec } from './codec.ts';

export type VoteType = 'Prevote' | 'Precommit';

/** What a consensus vote signs (Moloch reference, 2.8). `hash`: undefined for no block. */
export interface VoteContent {
  readonly height: number;
  readonly round: number;
  readonly type: VoteType;
  readonly hash: string | undefined;
  readonly voter: string;
  readonly time: number;
}

export interface ConsensusVote extends VoteContent {
  readonly signature: Uint8Array;
}

const vote: Codec<ConsensusVote> = struct<ConsensusVote>({ height: u64, round: u32, type: names<VoteType>('Prevote', 'Precommit'), hash: option(hash), voter: key, signature, time });

/** As the vote is signed: here the type is one byte. */
const signed: Codec<VoteContent> = struct<VoteContent>({
  height: u64,
  round: u32,
  type: { read: (r) => (r.flag('bad-bool') ? 'Precommit' : 'Prevote'), write: (w, value) => u8.write(w, value === 'Precommit' ? 1 : 0), minSize: 1 },
  hash: option(hash),
  voter: key,
  time,
});

export function voteSigningBytes(value: VoteContent): Uint8Array {
  return encode(signed, value);
}

export function encodeVote(value: ConsensusVote): Uint8Array {
  return encode(vote, value);
}

/** Throws `MolochCodecError`. */
export function decodeVote(data: Uint8Array): ConsensusVote {
  return decode(vote, data);
}
