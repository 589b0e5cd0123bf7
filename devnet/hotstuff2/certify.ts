import { quorumOf } from '../../src/chains/hotstuff2/chain/quorum.ts';
import { encodeQc, type Ed25519Qc, type Qc } from '../../src/chains/hotstuff2/wire/qc.ts';
import type { ValidatorSet } from '../../src/chains/hotstuff2/wire/validator-set.ts';
import { ed25519VoteMessage, type Vote } from '../../src/chains/hotstuff2/wire/vote.ts';
import type { Certificate } from './block-store.ts';
import type { SharedVerifier } from './keys.ts';

/** A replica refuses a vote whose time is further than this from its clock, in milliseconds (HotStuff-2 reference, 1.1). */
export const VOTE_WINDOW = 60_000;

export function isVoteSigned(vote: Vote, set: ValidatorSet, verifier: SharedVerifier): boolean {
  const key = set.keys[vote.index];
  return key !== undefined && verifier.verify(key, ed25519VoteMessage(vote), vote.signature);
}

/** The certificate of exactly a quorum of verified votes for one block. Undefined while there are too few. */
export function certify(votes: readonly Vote[], set: ValidatorSet): Certificate | undefined {
  const enough = quorumOf(set.keys.length);
  if (votes.length < enough) return undefined;
  const chosen = votes.slice(0, enough).toSorted((a, b) => a.index - b.index);
  const { view, hash } = chosen[0]!;
  const qc: Ed25519Qc = {
    scheme: 'ed25519',
    view,
    hash,
    signers: chosen.map(({ index }) => index),
    times: chosen.map(({ time }) => time),
    signatures: chosen.map(({ signature }) => signature),
  };
  return { qc, bytes: encodeQc(qc) };
}

/** A replica's own check of a certificate: a quorum of the set, every signature valid. */
export function isCertificate(qc: Qc, set: ValidatorSet, verifier: SharedVerifier): qc is Ed25519Qc {
  if (qc.scheme !== 'ed25519' || qc.signers.length < quorumOf(set.keys.length)) return false;
  return qc.signers.every((index, i) => isVoteSigned({ view: qc.view, hash: qc.hash, index, time: qc.times[i]!, signature: qc.signatures[i]! }, set, verifier));
}
