import type { Answer, Client, TransactionState, TransactionView } from '../client/types.ts';
import { externalStore, type ExternalStore } from './external-store.ts';
import { keyedStores } from './keyed-stores.ts';
import { NewestAnswer } from './newest-answer.ts';
import { whenAnswersChange } from './when-answers-change.ts';

/** What is known of one transaction. */
export interface TransactionKnown {
  /** Where it is; `undefined` until something is known. */
  readonly state: TransactionState | undefined;
  /** The transaction with its proof's block; `undefined` as long as it is not proven to be in the chain. */
  readonly answer: Answer<TransactionView> | undefined;
  /** Why the last question got no answer. That a transaction does not exist cannot be proven, so then it is `no-answer`. */
  readonly error: unknown;
}

const nothing: TransactionKnown = { state: undefined, answer: undefined, error: undefined };

/** The store of a transaction: asked until it is final. */
export const transactionStore: (client: Client, hash: string) => ExternalStore<TransactionKnown> = keyedStores((client, hash) => {
  const store: ExternalStore<TransactionKnown> = externalStore(nothing, (set) => follow(client, hash, () => store.get(), set));
  return store;
});

function follow(client: Client, hash: string, get: () => TransactionKnown, set: (change: (before: TransactionKnown) => TransactionKnown) => void): () => void {
  const asking = new NewestAnswer();
  const ask = () => {
    if (get().answer?.value.state === 'confirmed') return;
    asking.ask({
      ask: (signal) => client.transactions.get(hash, { signal, height: get().answer?.value.blockHeight }),
      done: (answer) => set(() => ({ state: answer.value.state, answer, error: undefined })),
      failed: (error) => set((before) => ({ ...before, error })),
    });
  };
  const ends = [
    whenAnswersChange(client, ask),
    client.transactions.watch(hash, ({ state }) => {
      if (state === 'included' || state === 'confirmed') return ask();
      set((before) => ({ state, answer: state === 'sent' ? before.answer : undefined, error: undefined }));
    }),
  ];
  return () => {
    for (const end of ends) end();
    asking.end();
  };
}
