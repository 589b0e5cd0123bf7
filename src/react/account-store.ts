import type { AccountView, Answer, Client } from '../client/types.ts';
import { externalStore, type ExternalStore } from './external-store.ts';
import { keyedStores } from './keyed-stores.ts';
import { NewestAnswer } from './newest-answer.ts';
import { whenAnswersChange } from './when-answers-change.ts';

/** What is known of an account. Both answers stay until there is a newer one. */
export interface AccountState {
  /** As of the newest block, which may still change. */
  readonly latest: Answer<AccountView> | undefined;
  /** As of a final block. A change is here after at most a batch. */
  readonly final: Answer<AccountView> | undefined;
  /** Why the last question for `latest` got no answer; `undefined` when it got one. It is asked again at the end of the batch, or when there are peers again. */
  readonly error: unknown;
}

const nothing: AccountState = { latest: undefined, final: undefined, error: undefined };

/** The store of an account: asked when a batch ends and when a transaction of the address is included, final or reverted. */
export const accountStore: (client: Client, address: string) => ExternalStore<AccountState> = keyedStores((client, address) => externalStore(nothing, (set) => follow(client, address, set)));

function follow(client: Client, address: string, set: (change: (before: AccountState) => AccountState) => void): () => void {
  const latest = new NewestAnswer();
  const final = new NewestAnswer();
  const ask = () =>
    latest.ask({
      ask: (signal) => client.accounts.get(address, { signal }),
      done: (answer) => {
        if (answer.finality === 'final') return set(() => ({ latest: answer, final: answer, error: undefined }));
        set((before) => ({ ...before, latest: answer, error: undefined }));
        // If it fails, it is asked again with the next `latest`.
        final.ask({ ask: (signal) => client.accounts.get(address, { signal, asOf: 'final' }), done: takeFinal });
      },
      failed: (error) => set((before) => ({ ...before, error })),
    });
  // `latest` may have been final at a later block meanwhile.
  const takeFinal = (answer: Answer<AccountView>) => set((before) => ({ ...before, final: before.final && before.final.block.height > answer.block.height ? before.final : answer }));
  const ends = [
    whenAnswersChange(client, ask),
    client.watch([address], ({ state }) => {
      if (state !== 'sent') ask();
    }),
  ];
  return () => {
    for (const end of ends) end();
    latest.end();
    final.end();
  };
}
