import { leaderOf } from '../../src/chains/hotstuff2/chain/quorum.ts';
import { concatBytes } from '../../src/base/bytes.ts';
import { hashOf } from '../../src/chains/hotstuff2/chain/hash.ts';
import { decodeHeader, encodeHeader, HEADER_LENGTH } from '../../src/chains/hotstuff2/wire/header.ts';
import { encodeFinalityProof } from '../../src/chains/hotstuff2/wire/finality-proof.ts';
import { decodeQc, encodeQc } from '../../src/chains/hotstuff2/wire/qc.ts';
import type { CertifiedBytes, SyncAnswer } from '../../src/chains/hotstuff2/wire/sync-answers.ts';
import type { SyncRequest } from '../../src/chains/hotstuff2/wire/sync-requests.ts';
import { certify, signedVote } from './certify.ts';
import type { ServedChain } from './served-chain.ts';
import type { ValidatorEpochs } from './validator-epochs.ts';

/** Faults of a replica as a server, with what a client sees. */
export const SERVE_FAULTS = {
  'forged-qc': 'the last certificate of an answer, and every pushed one, has a signature that is not its signer’s',
  'bad-root': 'the last block of an answer has another state root, certified by all validators: only execution shows it',
  'wrong-range': 'answers begin one height above the asked one',
  'stale-status': 'the replica stays at the height it has now, and pushes nothing',
  'unfinal-tip-as-final': 'proofs of finality whose child has no valid certificate; the status counts certified blocks as final',
  slow: 'every answer comes late',
  held: 'answers with blocks above a height wait until the height is raised or the fault ends',
  silent: 'no answer after the handshake',
  'corrupt-chunk': 'one byte of every chunk is changed',
  'wrong-manifest': 'one chunk root of every manifest is changed',
  'endless-stream': 'after the first request for blocks, answers without end that nobody asked for',
  'half-frames': 'every answer after the handshake ends in its middle',
} as const;

export type ServeFault = keyof typeof SERVE_FAULTS;

const flipLast = (bytes: Uint8Array): Uint8Array => {
  const copy = bytes.slice();
  if (copy.length > 0) copy[copy.length - 1]! ^= 1;
  return copy;
};

const changeLast = (items: readonly CertifiedBytes[], change: (item: CertifiedBytes) => CertifiedBytes): readonly CertifiedBytes[] => [...items.slice(0, -1), change(items.at(-1)!)];

/** Genesis has no certificate to forge. */
const forged = ({ bytes, qc }: CertifiedBytes): CertifiedBytes => ({ bytes, qc: flipLast(qc) });

/** The same block with another state root and a certificate of all validators: the local network has every key. */
function badRoot({ bytes, qc }: CertifiedBytes, epochs: ValidatorEpochs): CertifiedBytes {
  if (qc.length === 0) return { bytes, qc };
  const header = decodeHeader(bytes.slice(0, HEADER_LENGTH));
  const headerBytes = encodeHeader({ ...header, stateRoot: hashOf(new TextEncoder().encode(header.stateRoot)) });
  const { keys, set } = epochs.get(header.validators)!;
  const certified = decodeQc(qc);
  const times = certified.scheme === 'ed25519' ? certified.times : [header.time];
  const votes = keys.map((key, index) => signedVote(key, set.scheme, { view: header.view, hash: hashOf(headerBytes), index, time: times[0]! }));
  return { bytes: concatBytes(headerBytes, bytes.slice(HEADER_LENGTH)), qc: certify(votes, set)!.bytes };
}

/** A proof that the certified tip is final: its child is made up, and so is the certificate of that. */
function unfinalProof(chain: ServedChain, epochs: ValidatorEpochs): Uint8Array | undefined {
  const tip = chain.at(chain.tipHeight)!;
  if (!tip.certificate) return undefined;
  const { header, headerBytes, certificate } = tip;
  const view = header.view + 1;
  const child = { ...header, height: header.height + 1, view, parent: tip.hash, proposer: leaderOf(view, epochs.get(header.validators)!.set.keys.length) };
  const childBytes = encodeHeader(child);
  const qc = { ...certificate.qc, view, hash: hashOf(childBytes) };
  return encodeFinalityProof({
    final: { header, headerBytes, payload: undefined, qc: certificate.qc, qcBytes: certificate.bytes },
    child: { header: child, headerBytes: childBytes, payload: undefined, qc, qcBytes: encodeQc(qc) },
  });
}

/** The answer or push as a replica with this fault sends it. `slow`, `held`, `silent`, `endless-stream` and `half-frames` are for the server. */
export function faultyAnswer(fault: ServeFault | undefined, answer: SyncAnswer, { request, chain, epochs }: { readonly request: SyncRequest | undefined; readonly chain: ServedChain; readonly epochs: ValidatorEpochs }): SyncAnswer {
  switch (fault) {
    case 'forged-qc':
      if (answer.type === 'blocks' || answer.type === 'headers') return { ...answer, items: changeLast(answer.items, forged) };
      if (answer.type === 'finality' || answer.type === 'new-final') return { ...answer, proof: flipLast(answer.proof) };
      return answer.type === 'new-certified' ? { ...answer, item: forged(answer.item) } : answer;
    case 'bad-root':
      if (answer.type === 'blocks' || answer.type === 'headers') return { ...answer, items: changeLast(answer.items, (item) => badRoot(item, epochs)) };
      return answer.type === 'new-certified' ? { ...answer, item: badRoot(answer.item, epochs) } : answer;
    case 'wrong-range':
      return (answer.type === 'blocks' || answer.type === 'headers') && request ? { ...answer, from: answer.from + 1 } : answer;
    case 'unfinal-tip-as-final': {
      if (answer.type === 'finality' || answer.type === 'new-final') return { ...answer, proof: unfinalProof(chain, epochs) ?? answer.proof };
      if (answer.type !== 'status' && answer.type !== 'hello-ack') return answer;
      return { ...answer, status: { ...answer.status, finalHeight: chain.tipHeight } };
    }
    case 'corrupt-chunk':
      return answer.type === 'chunk' ? { ...answer, chunk: flipLast(answer.chunk) } : answer;
    case 'wrong-manifest':
      return answer.type === 'manifest' ? { ...answer, manifest: { ...answer.manifest, chunkRoots: answer.manifest.chunkRoots.map((root, i) => (i === 0 ? flipLast(root) : root)) } } : answer;
    default:
      return answer;
  }
}
