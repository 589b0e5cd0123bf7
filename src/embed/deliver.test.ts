import { expect, it } from 'vitest';
import type { Status } from '../client/types.ts';
import { codes, ProviderError } from '../widget/provider-error.ts';
import { deliver, type Signed } from './deliver.ts';

const hash = 'cd'.repeat(32);

async function run(answer: Partial<Signed>, status: object, failure?: ProviderError) {
  const did: string[] = [];
  const client = { on: (_: string, listener: (told: Status) => void) => (queueMicrotask(() => listener(status as Status)), () => undefined) };
  const payments = {
    send: async (transaction: string) => {
      did.push(`send ${transaction}`);
      if (failure) throw failure;
      return hash;
    },
    follow: (followed: string) => void did.push(`follow ${followed === hash}`),
  };
  const outcome = await deliver({ nonce: '', kind: 'transaction', transaction: '00', hash, sent: false, ...answer }, { client: Promise.resolve(client as never), payments: Promise.resolve(payments), setSending: (sending) => void did.push(String(sending)) }).catch(
    ({ data }: ProviderError) => data.reason,
  );
  return { outcome, did };
}

const live = { consensus: 'established', peers: { live: 3 } };
const offline = { consensus: 'lost', peers: { live: 0 }, reason: { code: 'offline' } };

it('sends what was signed as soon as the client has peers', async () => {
  expect(await run({}, live)).toEqual({ outcome: hash, did: ['true', 'send 00', 'false'] });
});

it('follows what /confirm has sent, where the frame cannot send it', async () => {
  expect(await run({ sent: true }, offline)).toEqual({ outcome: hash, did: ['true', 'follow true', 'false'] });
  expect(await run({ sent: true }, live, new ProviderError(codes.disconnected, 'not-sent'))).toEqual({ outcome: hash, did: ['true', 'send 00', 'follow true', 'false'] });
});

it('fails where nobody has sent it, or it is refused', async () => {
  expect(await run({}, offline)).toEqual({ outcome: 'offline', did: ['true', 'false'] });
  expect(await run({ sent: true }, live, new ProviderError(codes.badParams, 'invalid-transaction'))).toEqual({ outcome: 'invalid-transaction', did: ['true', 'send 00', 'false'] });
});
