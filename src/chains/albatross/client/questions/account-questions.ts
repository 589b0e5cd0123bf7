// Tests: `test/client/wallet.test.ts`, `src/chains/albatross/client/questions/proof-file-questions.test.ts`.
import { unlessAborted } from '../../../../base/unless-aborted.ts';
import type { Answer, QuestionOptions } from '../../../../engine/questions.ts';
import { QuestionError } from '../../../../engine/questions.ts';
import { reaches, type TrustLevel } from '../../../../engine/trust.ts';
import type { AccountView, ElectedValidatorView, StakerView, ValidatorView } from '../../chain/wallet-views.ts';
import { accountIn, type ProvenValues, stakerIn, validatorIn } from '../../proofs/account-answer.ts';
import { accountKey, stakerKey, validatorKey } from '../../proofs/trie-keys.ts';
import { verifyTrieProof } from '../../proofs/verify-trie-proof.ts';
import { friendlyAddress } from '../../transactions/address-text.ts';
import type { KeyNibbles } from '../../wire/trie.ts';
import { accountView, stakerView, validatorView } from '../../proofs/account-views.ts';
import type { AddressPeers } from './address-peers.ts';
import type { ChainGround } from './chain-ground.ts';
import { KeptProofs, type Proven } from './kept-proofs.ts';
import { type ProofAsker, UselessAnswer } from './proof-asker.ts';

/** Hex digits of an address. */
const ADDRESS_DIGITS = 40;
/** Keys that a node proves at once (Albatross proofs reference, 0.3). */
const MAX_KEYS = 255;
/** Blocks by which a peer may be behind us; what was true earlier is not what was asked. */
const MAX_BEHIND = 2;
/** How often a question for a final value is asked again because its block was reverted. */
const MAX_REVERTS = 5;

export interface AccountQuestionOptions extends QuestionOptions {
  /**
   * Default: the answer at the newest final block for which the hub has a proof, with the answer at the newest block as `pending`. If no proof is
   * final yet, the answer at the newest block alone. `latest`: at the newest block that a peer could prove, which may still change. `final`: the
   * answer waits until what is true now is final, at most a batch.
   */
  readonly asOf?: 'latest' | 'final' | undefined;
}

/** An answer with a newer one beside it, whose block can still be replaced. */
type AccountAnswer<View> = Answer<View> & { readonly pending?: Answer<View> };

/** Questions about accounts, stakers and validators: each answer is proven against the state root of a verified block. */
export class AccountQuestions {
  readonly #asker: ProofAsker;
  readonly #ground: ChainGround;
  readonly #peers: AddressPeers;
  readonly #kept: KeptProofs;
  /** Questions that wait for an answer, so that tabs that ask the same are answered together. */
  readonly #asked = new Map<string, Promise<Proven>>();

  constructor(asker: ProofAsker, ground: ChainGround, peers: AddressPeers) {
    this.#asker = asker;
    this.#ground = ground;
    this.#peers = peers;
    this.#kept = new KeptProofs(ground.chain);
  }

  /** In the order of the addresses. */
  accounts(addresses: readonly Uint8Array[], options: AccountQuestionOptions, signal: AbortSignal | undefined): Promise<AccountAnswer<AccountView>[]> {
    return this.#values(addresses, accountKey, (values, address) => accountView(accountIn(values, address)), options, signal);
  }

  stakers(addresses: readonly Uint8Array[], options: AccountQuestionOptions, signal: AbortSignal | undefined): Promise<AccountAnswer<StakerView | undefined>[]> {
    return this.#values(addresses, stakerKey, (values, address) => optional(stakerIn(values, address), (staker) => stakerView(staker, this.#ground.chain.policy)), options, signal);
  }

  validators(addresses: readonly Uint8Array[], options: AccountQuestionOptions, signal: AbortSignal | undefined): Promise<AccountAnswer<ValidatorView | undefined>[]> {
    return this.#values(addresses, validatorKey, (values, address) => optional(validatorIn(values, address), (validator) => validatorView(validator, this.#ground.chain.policy)), options, signal);
  }

  /** The validators of the running epoch, from the election block that we hold. No peer is asked. */
  elected({ minLevel }: QuestionOptions): Answer<readonly ElectedValidatorView[]> {
    const { chain } = this.#ground;
    const validators = chain.validators.map(({ address, slots }) => ({ address: friendlyAddress(address), numSlots: slots.end - slots.start }));
    return this.#ground.answer(validators, chain.electionHead, minLevel);
  }

  async #values<View>(addresses: readonly Uint8Array[], keyOf: (address: Uint8Array) => KeyNibbles, read: (values: ProvenValues, address: Uint8Array) => View, { asOf, minLevel }: AccountQuestionOptions, signal: AbortSignal | undefined): Promise<AccountAnswer<View>[]> {
    const keys = Array.from(new Set(addresses.map(keyOf)));
    const found = new Map<KeyNibbles, Proven>();
    for (let from = 0; from < keys.length; from += MAX_KEYS) {
      const part = keys.slice(from, from + MAX_KEYS);
      const proven = await (asOf === 'final' ? this.#final(part, signal) : this.#ask(part, signal));
      for (const key of part) found.set(key, proven);
    }
    return addresses.map((address) => {
      const key = keyOf(address);
      const newest = found.get(key)!;
      const told = (asOf === undefined && this.#kept.final(key)) || newest;
      const answer = ({ values, block }: Proven, least: TrustLevel | undefined) => this.#ground.answer(read(values, address), block, least);
      const main = answer(told, minLevel);
      const pending = told.block.height < newest.block.height ? answer(newest, undefined) : undefined;
      return pending && reaches(pending.level, minLevel ?? 'claimed') ? { ...main, pending } : main;
    });
  }

  /** What is true now or later, on a final block: asked for when the macro block is the head, and now for the case that no peer proves it then. */
  async #final(keys: readonly KeyNibbles[], signal: AbortSignal | undefined): Promise<Proven> {
    for (let reverts = 0; ; reverts++) {
      const proven = await this.#ask(keys, signal);
      if (this.#kept.isFinal(proven)) return proven;
      if (await this.#ground.final(proven.block, signal)) {
        const newer = await this.#ask(keys, signal).catch(() => proven);
        return this.#kept.isFinal(newer) ? newer : proven;
      }
      if (reverts === MAX_REVERTS) throw new QuestionError('no-answer', { asked: reverts, reason: 'reverted' });
    }
  }

  /** The same question at the same head is asked once for all that wait for it; each may stop waiting. */
  #ask(keys: readonly KeyNibbles[], signal: AbortSignal | undefined): Promise<Proven> {
    const { head } = this.#ground.chain;
    const name = `${head.hash} ${keys.join(' ')}`;
    const asked = this.#asked.get(name);
    if (asked) return unlessAborted(asked, signal);
    const asking = this.#askPeers(keys).finally(() => this.#asked.delete(name));
    this.#asked.set(name, asking);
    return unlessAborted(asking, signal);
  }

  #askPeers(keys: readonly KeyNibbles[]): Promise<Proven> {
    const newest = this.#ground.chain.head.height;
    // A key ends with its address.
    const addresses = keys.map((key) => key.slice(-ADDRESS_DIGITS));
    return this.#asker.ask({
      kind: 'trie-proof',
      body: { keys },
      service: 'accountsProof',
      known: this.#peers.of(addresses),
      onAsked: (peer) => this.#peers.note(addresses, peer),
      check: async (answer) => {
        if (!answer.ok) throw new UselessAnswer(answer.error.name);
        const block = await this.#ground.block(answer.value.blockHash, 'state');
        if (block.height < newest - MAX_BEHIND) throw new UselessAnswer('stale-block');
        const proven = { values: verifyTrieProof(answer.value.proof, keys, block.block.header.stateRoot), block };
        this.#kept.keep(keys, proven);
        return proven;
      },
    });
  }
}

function optional<T, View>(value: T | undefined, view: (value: T) => View): View | undefined {
  return value === undefined ? undefined : view(value);
}
