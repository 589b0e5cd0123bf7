import type { AccountAnswer, AccountOptions, AccountView, Answer, Client, StakerView } from '../client/types.ts';
import { addressChanges } from './address-changes.ts';
import { externalStore, type ExternalStore } from './external-store.ts';
import { keyedStores } from './keyed-stores.ts';
import { NewestAnswer } from './newest-answer.ts';
import { whenAnswersChange } from './when-answers-change.ts';

/** What is known of an account or a staker. Both answers stay until there is a newer one. */
export interface KnownAnswer<View> {
  /** As of the newest block, which may still change. */
  readonly latest: Answer<View> | undefined;
  /** As of a final block. A change is here after at most a batch. */
  readonly final: Answer<View> | undefined;
  /** Why the last question for `latest` got no answer; `undefined` when it got one. It is asked again at the end of the batch, or when there are peers again. */
  readonly error: unknown;
}

type AnswerStores<View> = (client: Client, address: string) => ExternalStore<KnownAnswer<View>>;
type Get<View> = (client: Client, address: string, options: AccountOptions) => Promise<AccountAnswer<View>>;

/** The store of an account: asked when a batch ends and when a transaction of the address is included, final or reverted. */
export const accountStore: AnswerStores<AccountView> = answerStores((client, address, options) => client.accounts.get(address, options));

/** The same of a staker; `value` is `undefined` where there is none. */
export const stakerStore: AnswerStores<StakerView | undefined> = answerStores((client, address, options) => client.staking.getStaker(address, options));

function answerStores<View>(get: Get<View>): AnswerStores<View> {
  return keyedStores((client, address) => externalStore<KnownAnswer<View>>({ latest: undefined, final: undefined, error: undefined }, (set) => follow(client, address, get, set)));
}

function follow<View>(client: Client, address: string, get: Get<View>, set: (change: (before: KnownAnswer<View>) => KnownAnswer<View>) => void): () => void {
  const newest = new NewestAnswer();
  const ask = () =>
    newest.ask({
      ask: (signal) => get(client, address, { signal }),
      done: (answer) => set(({ final }) => ({ latest: answer.pending ?? answer, final: answer.finality === 'final' ? answer : final, error: undefined })),
      failed: (error) => set((before) => ({ ...before, error })),
    });
  const ends = [whenAnswersChange(client, ask), addressChanges(client, address).subscribe(ask)];
  return () => {
    for (const end of ends) end();
    newest.end();
  };
}
