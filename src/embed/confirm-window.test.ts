import { describe, expect, it } from 'vitest';
import type { ConfirmRequest } from '../widget/confirm-messages.ts';
import { openConfirm, type OpenerWindow } from './confirm-window.ts';

const origin = 'https://widget.example';
const request: ConfirmRequest = { kind: 'message', nonce: 'ab'.repeat(16), host: 'https://shop.example', network: 'main-albatross', message: 'm' };
const signed = { nonce: request.nonce, kind: 'message', publicKey: 'ab', signature: 'cd' };

function setUp(opens = true) {
  const posted: { data: unknown; target: unknown; port: MessagePort }[] = [];
  const popup = { closed: false, focus: () => undefined, close: () => void (popup.closed = true), postMessage: (data: unknown, target: unknown, [port]: [MessagePort]) => void posted.push({ data, target, port }) };
  let listener: (event: MessageEvent) => void = () => undefined;
  const opened: string[][] = [];
  const window: OpenerWindow = {
    origin,
    open: (...args) => {
      opened.push(args);
      return opens ? (popup as unknown as Window) : null;
    },
    addEventListener: (_, given, { signal }) => {
      listener = given;
      signal.addEventListener('abort', () => (listener = () => undefined));
    },
  };
  let look: (() => void) | undefined;
  const confirming = openConfirm(window, '/confirm', request, (_, call) => {
    look = call;
    return () => (look = undefined);
  });
  const say = (data: unknown, from: string = origin, source: unknown = popup) => listener({ data, origin: from, source } as MessageEvent);
  return { confirming, popup, posted, opened, say, looks: () => look?.(), watched: () => look !== undefined };
}

describe('the window of /confirm', () => {
  it('gets the request when it says hello, and answers over the port', async () => {
    const { confirming, posted, say, watched } = setUp();
    say({ petrelConfirm: 1 });
    expect(posted).toMatchObject([{ data: { petrelRequest: request }, target: origin }]);
    posted[0]!.port.postMessage({ nonce: 'other', kind: 'message' }, []);
    posted[0]!.port.postMessage(signed, []);
    expect(await confirming!.answer).toEqual(signed);
    expect(watched()).toBe(false);
  });

  it('is told nothing unless it is that window, of this origin', () => {
    const { posted, say, confirming } = setUp();
    say({ petrelConfirm: 1 }, 'https://evil.example');
    say({ petrelConfirm: 1 }, origin, {});
    say({ petrelConfirm: 2 });
    say('text');
    expect(posted).toEqual([]);
    confirming!.answer.catch(() => undefined);
    confirming!.close();
  });

  it('gets the request again when it was reloaded', async () => {
    const { confirming, posted, say } = setUp();
    say({ petrelConfirm: 1 });
    say({ petrelConfirm: 1 });
    expect(posted).toHaveLength(2);
    posted[1]!.port.postMessage(signed, []);
    expect(await confirming!.answer).toEqual(signed);
  });

  it('is 4001 when it is closed; an answer that is on its way still counts', async () => {
    const late = setUp();
    late.say({ petrelConfirm: 1 });
    late.popup.closed = true;
    late.looks();
    late.posted[0]!.port.postMessage(signed, []);
    expect(await late.confirming!.answer).toEqual(signed);

    const { confirming, popup, looks, watched } = setUp();
    looks();
    popup.closed = true;
    looks();
    looks();
    await expect(confirming!.answer).rejects.toMatchObject({ code: 4001, data: { reason: 'closed' } });
    expect(watched()).toBe(false);
  });

  it('is not there where the browser gives none', () => {
    const { confirming, opened } = setUp(false);
    expect(confirming).toBe(undefined);
    expect(opened).toHaveLength(1);
  });
});
