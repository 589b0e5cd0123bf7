import { ed25519PublicKey, signEd25519 } from '../../../src/crypto/ed25519.ts';
import { sha256 } from '../../../src/crypto/sha256.ts';
import { chainIdOf, hashOf, hashOfSet, ZERO_HASH } from '../../../src/chains/hotstuff2/chain/hash.ts';
import { decodeItem } from '../../../src/chains/hotstuff2/chain/hs2-block.ts';
import type { Hs2Item } from '../../../src/chains/hotstuff2/chain/hs2-block.ts';
import { payloadRoot } from '../../../src/chains/hotstuff2/chain/payload-root.ts';
import { quorumOf } from '../../../src/chains/hotstuff2/chain/quorum.ts';
import { KeyValueState } from '../../../src/chains/hotstuff2/chain/state.ts';
import { encodeBlock } from '../../../src/chains/hotstuff2/wire/block.ts';
import type { Header } from '../../../src/chains/hotstuff2/wire/header.ts';
import { encodeHeader } from '../../../src/chains/hotstuff2/wire/header.ts';
import { encodeOperation, encodePayload } from '../../../src/chains/hotstuff2/wire/payload.ts';
import type { Operation } from '../../../src/chains/hotstuff2/wire/payload.ts';
import { encodeQc } from '../../../src/chains/hotstuff2/wire/qc.ts';
import type { ValidatorSet } from '../../../src/chains/hotstuff2/wire/validator-set.ts';
import { ed25519VoteMessage } from '../../../src/chains/hotstuff2/wire/vote.ts';

export interface TestSet extends ValidatorSet {
  readonly seeds: readonly Uint8Array[];
  readonly hash: string;
}

/** A set with keys from a word, so that two words give two sets. */
export function testSet(word: string, n = 4): TestSet {
  const seeds = Array.from({ length: n }, (_, i) => sha256(new TextEncoder().encode(`${word}/${i}`)));
  const keys = seeds.map((seed) => ed25519PublicKey(seed));
  return { scheme: 'ed25519', keys, seeds, hash: hashOfSet({ scheme: 'ed25519', keys }) };
}

export const testChainId = chainIdOf('made');
export const bytesOf = (text: string) => new TextEncoder().encode(text);
export const put = (key: string, value: string): Operation => ({ kind: 'put', key: bytesOf(key), value: bytesOf(value) });

/** The certificate of a header by the first validators of a set, as many as a quorum needs. */
export function certify(header: Header, set: TestSet, signers = Array.from({ length: quorumOf(set.keys.length) }, (_, i) => i)): Uint8Array {
  const [view, hash] = [header.view, hashOf(encodeHeader(header))];
  const signatures = signers.map((index) => signEd25519(set.seeds[index]!, ed25519VoteMessage({ view, hash, index, time: header.time })));
  return encodeQc({ scheme: 'ed25519', view, hash, signers, times: signers.map(() => header.time), signatures });
}

export interface MadeBlock {
  readonly view?: number;
  readonly operations?: readonly Operation[];
  readonly set?: TestSet;
  /** Signs in place of `set`. */
  readonly signedBy?: TestSet;
  readonly next?: TestSet;
  /** Replaces fields of the header before it is signed. */
  readonly header?: Partial<Header>;
}

/** Makes linked and certified blocks; the state is that of the operations since genesis. */
export class BlockMaker {
  readonly set: TestSet;
  readonly genesis: Hs2Item;

  constructor(set: TestSet = testSet('set')) {
    this.set = set;
    const header: Header = {
      chainId: testChainId, height: 0, view: 0, proposer: 0, time: 1_700_000_000_000, parent: ZERO_HASH, payloadRoot: payloadRoot([]), payloadLength: 4,
      stateRoot: new KeyValueState().root(), validators: set.hash, nextValidators: set.hash,
    };
    this.genesis = decodeItem(encodeBlock(header, encodePayload([])), new Uint8Array());
  }

  /** A child of `parent`; its set is that of the parent and its view the next, unless told. `state`: that of the parent, changed by the operations. */
  make(parent: Hs2Item, state: KeyValueState, made: MadeBlock = {}): Hs2Item {
    const { operations = [], set = this.set, signedBy = set, next = set } = made;
    const before = parent.block.header;
    const transactions = operations.map(encodeOperation);
    const payload = encodePayload(transactions);
    state.apply(operations);
    const view = made.view ?? before.view + (before.height === 0 ? 0 : 1);
    const header: Header = {
      chainId: before.chainId, height: before.height + 1, view, proposer: view % set.keys.length, time: before.time + 1000, parent: parent.id, payloadRoot: payloadRoot(transactions),
      payloadLength: payload.length, stateRoot: state.root(), validators: set.hash, nextValidators: next.hash, ...made.header,
    };
    return decodeItem(encodeBlock(header, payload), certify(header, signedBy));
  }

  /** So many blocks after `parent`, each of the next view and with one put. */
  row(count: number, parent: Hs2Item = this.genesis, state = new KeyValueState()): readonly Hs2Item[] {
    const row: Hs2Item[] = [];
    for (let i = 0; i < count; i += 1) row.push(this.make(row.at(-1) ?? parent, state, { operations: [put(`key/${(parent.height + i) % 7}`, `${parent.height + i}`)] }));
    return row;
  }
}
