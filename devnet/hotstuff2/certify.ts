import { quorumOf } from '../../src/chains/hotstuff2/chain/quorum.ts';
import { encodeQc, type Qc } from '../../src/chains/hotstuff2/wire/qc.ts';
import type { Scheme, ValidatorSet } from '../../src/chains/hotstuff2/wire/validator-set.ts';
import { blsVoteMessage, ed25519VoteMessage, type Vote } from '../../src/chains/hotstuff2/wire/vote.ts';
import type { Certificate } from './block-store.ts';
import { sumOfSignatures } from './bls-key.ts';
import type { SharedVerifier } from './keys.ts';
import type { ReplicaKey } from './replica-key.ts';

/** A replica refuses a vote whose time is further than this from its clock, in milliseconds (HotStuff-2 reference, 1.1). */
const VOTE_WINDOW = 60_000;

/** A vote of a replica at a time in Unix milliseconds. A BLS vote has no time. */
export function signedVote(key: ReplicaKey, scheme: Scheme, vote: Omit<Vote, 'signature'>): Vote {
  if (scheme === 'bls') return { ...vote, time: 0, signature: key.sign(blsVoteMessage(vote)) };
  return { ...vote, signature: key.sign(ed25519VoteMessage(vote)) };
}

/** A BLS vote has no time that could be wrong. */
export function isVoteInTime({ time }: Vote, scheme: Scheme, now: number): boolean {
  return scheme === 'bls' || Math.abs(time - now) <= VOTE_WINDOW;
}

export function isVoteSigned(vote: Vote, { scheme, keys }: ValidatorSet, verifier: SharedVerifier): boolean {
  const key = keys[vote.index];
  if (key === undefined) return false;
  return scheme === 'bls' ? vote.time === 0 && verifier.bls([key], blsVoteMessage(vote), vote.signature) : verifier.ed25519(key, ed25519VoteMessage(vote), vote.signature);
}

/**
 * The certificate of exactly a quorum of verified votes for one block. Undefined while there are too few. One of BLS has the zeros in place of times,
 * without which the Go library cannot read it (HotStuff-2 reference, 1.2).
 */
export function certify(votes: readonly Vote[], { scheme, keys }: ValidatorSet): Certificate | undefined {
  const enough = quorumOf(keys.length);
  if (votes.length < enough) return undefined;
  const chosen = votes.slice(0, enough).toSorted((a, b) => a.index - b.index);
  const { view, hash } = chosen[0]!;
  const signatures = chosen.map(({ signature }) => signature);
  const certified = { view, hash, signers: chosen.map(({ index }) => index) };
  const qc: Qc = scheme === 'bls' ? { ...certified, scheme, aggregate: sumOfSignatures(signatures), padded: true } : { ...certified, scheme, times: chosen.map(({ time }) => time), signatures };
  return { qc, bytes: encodeQc(qc) };
}

/** A replica's own check of a certificate: a quorum of the set, every signature valid. */
export function isCertificate(qc: Qc, set: ValidatorSet, verifier: SharedVerifier): boolean {
  if (qc.scheme !== set.scheme || qc.signers.length < quorumOf(set.keys.length) || qc.signers.some((index) => index >= set.keys.length)) return false;
  if (qc.scheme === 'bls') return verifier.bls(qc.signers.map((index) => set.keys[index]!), blsVoteMessage(qc), qc.aggregate);
  return qc.signers.every((index, i) => isVoteSigned({ view: qc.view, hash: qc.hash, index, time: qc.times[i]!, signature: qc.signatures[i]! }, set, verifier));
}
