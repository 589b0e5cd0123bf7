import type { BrowserContext } from '@playwright/test';
import { Address } from '../../src/keys/address.ts';
import { KeyPair } from '../../src/keys/key-pair.ts';
import { networkIdOf } from '../../src/keys/network-names.ts';
import { PrivateKey } from '../../src/keys/private-key.ts';
import { TransactionBuilder } from '../../src/keys/transaction-builder.ts';
import type { ConfirmAnswer, ConfirmRequest } from '../../src/widget/confirm-messages.ts';
import type { DevnetProcess } from './devnet.ts';
import type { Site } from './servers.ts';

/** A page in the place of `/confirm`: it answers at once with what the test decides. `undefined`: it waits, as a person does. */
export async function fakeConfirm(context: BrowserContext, site: Site, answer: (request: ConfirmRequest) => ConfirmAnswer | undefined | Promise<ConfirmAnswer>): Promise<{ readonly asked: readonly ConfirmRequest[] }> {
  const asked: ConfirmRequest[] = [];
  await context.exposeFunction('confirmFor', (request: ConfirmRequest) => {
    asked.push(request);
    return answer(request);
  });
  const script = () => {
    const { confirmFor } = globalThis as unknown as { confirmFor(request: unknown): Promise<unknown> };
    const decode = (text: string) => JSON.parse(new TextDecoder().decode(Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), (c) => c.charCodeAt(0)))) as unknown;
    const encode = (value: unknown) => btoa(String.fromCharCode(...new TextEncoder().encode(JSON.stringify(value)))).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
    const asked = new URLSearchParams(location.hash.slice(1));
    if (asked.has('request')) {
      void confirmFor(decode(asked.get('request')!)).then((answer) => location.replace(`${asked.get('return')}#answer=${encode(answer)}`));
      return;
    }
    addEventListener('message', ({ data, origin, source, ports }) => {
      if (origin !== location.origin || source !== opener) return;
      void confirmFor((data as { petrelRequest: unknown }).petrelRequest).then((answer) => answer && ports[0]!.postMessage(answer, []));
    });
    (opener as Window | null)?.postMessage({ petrelConfirm: 1 }, location.origin);
  };
  await context.route(`${site.url}confirm*`, (route) => route.fulfill({ contentType: 'text/html', body: `<!doctype html><title>Confirm</title><script>(${String(script)})()</script>` }));
  return { asked };
}

/** The answer of a person who pays with the account of the local network's genesis block. */
export function paidBy(devnet: DevnetProcess, request: ConfirmRequest, validFrom = devnet.head.height): ConfirmAnswer {
  if (request.kind !== 'payment') throw new Error(`${request.kind} is no payment`);
  const keys = KeyPair.derive(PrivateKey.fromHex(devnet.started.accounts[0]!.privateKey));
  const data = new TextEncoder().encode(request.message ?? '');
  const transaction = TransactionBuilder.newBasicWithData(keys.toAddress(), Address.fromUserFriendlyAddress(request.recipient), data, BigInt(request.value), BigInt(request.fee ?? 0), validFrom, networkIdOf('unitalbatross'));
  transaction.sign(keys, undefined);
  return { nonce: request.nonce, kind: 'transaction', transaction: transaction.toHex(), hash: transaction.hash(), sent: false };
}
