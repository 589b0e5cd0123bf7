import type { Client } from '../client/types.ts';
import type { ConfirmAnswer } from '../widget/confirm-messages.ts';
import { codes, ProviderError } from '../widget/provider-error.ts';
import type { Payments } from './payments.ts';
import { untilLive } from './until-live.ts';

export type Signed = Extract<ConfirmAnswer, { kind: 'transaction' }>;

export interface DeliverOptions {
  readonly client: Promise<Pick<Client, 'on'>>;
  readonly payments: Promise<Pick<Payments, 'send' | 'follow'>>;
  /** Something is being sent: the client must not be paused. */
  readonly setSending: (sending: boolean) => void;
}

/**
 * Gives what was signed at `/confirm` to the network, and resolves with its hash. Where the window of `/confirm` covers this page, the client
 * has been paused meanwhile: it has to find peers first. If it finds none, but `/confirm` gave the transaction to peers, it counts as sent and
 * is followed, for a person who is offered the payment again would pay twice.
 * @throws ProviderError
 */
export async function deliver({ transaction, hash, sent }: Signed, { client, payments, setSending }: DeliverOptions): Promise<string> {
  setSending(true);
  try {
    await untilLive(await client, new AbortController().signal);
    return await (await payments).send(transaction);
  } catch (error) {
    if (!sent || (error instanceof ProviderError && error.code === codes.badParams)) throw error;
    (await payments).follow(hash);
    return hash;
  } finally {
    setSending(false);
  }
}
