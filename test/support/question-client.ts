import { EventRegistry } from '../../src/client/event-registry.ts';
import type { Answer, Client, HeadView, Status, TransactionState, TransactionUpdate, TransactionView } from '../../src/client/types.ts';
import { fakeHead, fakeStatus } from './fake-wallet-client.ts';

/** A question of a store that waits for the test's answer. */
export interface Asked {
  readonly question: 'account' | 'transaction' | 'list';
  readonly options: { readonly signal?: AbortSignal; readonly asOf?: string; readonly before?: string; readonly height?: number };
  readonly answer: (answer: Answer<unknown>) => void;
  readonly fail: (error: unknown) => void;
}

/** A transaction as a proof gives it. */
export function fakeTransaction(hash: string, state: TransactionView['state'] = 'confirmed', blockHeight = 300): TransactionView {
  return { hash, kind: 'transaction', state, sender: 'NQ01', recipient: 'NQ02', value: 1, fee: 0, blockHeight, timestamp: 1, confirmations: 1, executionResult: true, bytes: new Uint8Array() };
}

/** A client whose questions the test answers. `asked` has those that no store has stopped waiting for, oldest first. */
export class QuestionClient {
  readonly events = new EventRegistry(() => {});
  readonly questions: Asked[] = [];
  readonly watchers = new Set<(update: TransactionUpdate) => void>();
  readonly client: Client;

  constructor() {
    const ask = (question: Asked['question']) => (_key: unknown, options: Asked['options']) =>
      new Promise((resolve, reject) => {
        options.signal?.addEventListener('abort', () => reject(options.signal?.reason));
        this.questions.push({ question, options, answer: resolve, fail: reject });
      });
    const watch = (_key: unknown, listener: (update: TransactionUpdate) => void) => {
      this.watchers.add(listener);
      return () => void this.watchers.delete(listener);
    };
    this.client = {
      on: this.events.on.bind(this.events),
      watch,
      accounts: { get: ask('account') },
      transactions: { get: ask('transaction'), list: ask('list'), watch },
    } as unknown as Client;
  }

  get asked(): readonly Asked[] {
    return this.questions.filter(({ options }) => options.signal?.aborted !== true);
  }

  status(consensus: 'lost' | 'established', live = 3): void {
    this.events.dispatch('status', { ...fakeStatus(), consensus, peers: { live, connected: live } } as unknown as Status);
  }

  head(latest: HeadView, final: HeadView, reverted: readonly HeadView[] = []): void {
    this.events.dispatch('head', { head: { known: true, latest, final }, adopted: [latest], reverted });
  }

  /** The client follows the head: block 300, final up to 296. */
  establish(): void {
    this.status('established');
    this.head(fakeHead(300), fakeHead(296, 'checkpoint'));
  }

  tell(state: TransactionState, hash = 'aa'): void {
    for (const watcher of this.watchers) watcher({ hash, state, transaction: undefined, addresses: [] });
  }
}
