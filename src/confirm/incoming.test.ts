import { describe, expect, it } from 'vitest';
import { ManualClock } from '../../test/support/manual-clock.ts';
import type { ConfirmAnswer } from '../widget/confirm-messages.ts';
import { fromFragment, toFragment } from '../widget/fragment.ts';
import { type ConfirmWindow, receive } from './incoming.ts';

const nonce = '0123456789abcdef0123456789abcdef';
const request = { nonce, host: 'https://shop.example', network: 'main-albatross', kind: 'accounts' } as const;
const origin = 'https://wallet.example';
const rejected: ConfirmAnswer = { nonce, kind: 'refused', reason: 'rejected' };

function windowOf(change: { readonly hash?: string; readonly framed?: boolean; readonly opener?: boolean; readonly from?: string } = {}) {
  const events = new EventTarget();
  const said: unknown[] = [];
  const went: string[] = [];
  const opener = { postMessage: (...message: unknown[]) => void said.push(message) } as unknown as Window;
  const self = {};
  const window = {
    self,
    top: change.framed ? {} : self,
    opener: change.opener ? opener : null,
    location: { origin, hash: change.hash ?? '', replace: (url: string | URL) => void went.push(String(url)) },
    document: { referrer: change.from ?? '' },
    addEventListener: events.addEventListener.bind(events) as ConfirmWindow['addEventListener'],
    removeEventListener: events.removeEventListener.bind(events) as ConfirmWindow['removeEventListener'],
    close: () => void went.push('closed'),
  };
  const { port1, port2 } = new MessageChannel();
  const send = (fields: Partial<{ data: unknown; origin: string; source: unknown; ports: unknown[] }>) =>
    void events.dispatchEvent(Object.assign(new Event('message'), { data: { petrelRequest: request }, origin, source: opener, ports: [port2], ...fields }));
  return { window, said, went, send, port: port1 };
}

const link = (to: string, asked: unknown = request) => `#${new URLSearchParams({ request: toFragment(asked), return: to })}`;

describe('what the page was opened for', () => {
  it('W11: in a frame nothing, whatever is asked', async () => {
    expect(await receive(windowOf({ framed: true, opener: true, hash: link('https://shop.example/') }).window, new ManualClock())).toEqual({ kind: 'framed' });
  });

  it('alone, or of an opener that says nothing: nothing', async () => {
    expect(await receive(windowOf().window, new ManualClock())).toEqual({ kind: 'nothing' });
    const clock = new ManualClock();
    const incoming = receive(windowOf({ opener: true }).window, clock);
    clock.advance(5_000);
    expect(await incoming).toEqual({ kind: 'nothing' });
  });

  it('is asked of the opener, and of nobody else', async () => {
    const { window, said, went, send, port } = windowOf({ opener: true });
    const clock = new ManualClock();
    const incoming = receive(window, clock);
    expect(said).toEqual([[{ petrelConfirm: 1 }, origin]]);
    const evil = { petrelRequest: { ...request, host: 'https://evil.example' } };
    for (const wrong of [{ source: {} }, { origin: 'https://evil.example' }, { ports: [] }, { data: 'x' }, { data: {} }, { data: null }]) send({ data: evil, ...wrong });
    send({});
    send({ data: evil });
    const asked = await incoming;
    if (asked.kind !== 'asked') throw new Error(asked.kind);
    expect(asked.asked).toEqual({ request });
    expect([asked.way, clock.waiting]).toEqual(['window', 0]);
    const answer = new Promise((resolve) => port.addEventListener('message', ({ data }) => resolve(data)));
    port.start();
    asked.reply(rejected);
    expect(await answer).toEqual(rejected);
    expect(went).toEqual(['closed']);
    port.close();
  });

  it('comes in the fragment, for the site to which the answer goes', async () => {
    const { window, went } = windowOf({ hash: link('https://evil.example/path?x=1#old'), from: 'https://evil.example/' });
    const asked = await receive(window, new ManualClock());
    if (asked.kind !== 'asked') throw new Error(asked.kind);
    // What the link says of its host does not count.
    expect(asked.asked).toMatchObject({ request: { host: 'https://evil.example' } });
    asked.reply(rejected);
    const url = new URL(went[0]!);
    expect(`${url.origin}${url.pathname}${url.search}`).toBe('https://evil.example/path?x=1');
    expect(fromFragment(url.hash, 'answer')).toEqual(rejected);
  });

  it('is not taken from one site in the name of another, or from a page that says nothing of itself', async () => {
    const hash = link('https://shop.example/');
    for (const from of ['https://evil.example/', 'https://pay.shop.example/', 'http://shop.example/', 'https://shop.example:8443/', `${origin}/confirm`, '', 'about:blank']) {
      expect([from, await receive(windowOf({ hash, from }).window, new ManualClock())]).toEqual([from, { kind: 'other-site' }]);
    }
    expect(await receive(windowOf({ hash, from: 'https://shop.example/cart' }).window, new ManualClock())).toMatchObject({ kind: 'asked' });
  });

  it('goes back to web pages only', async () => {
    for (const to of ['', 'javascript:alert(1)', 'data:text/html,x', '/path', 'file:///etc/passwd', 'https://user:word@shop.example/']) {
      expect([to, await receive(windowOf({ hash: link(to) }).window, new ManualClock())]).toEqual([to, { kind: 'bad-return' }]);
    }
  });

  it('with a wrong request says which field', async () => {
    expect(await receive(windowOf({ hash: link('https://shop.example', { ...request, kind: 'export' }), from: 'https://shop.example/' }).window, new ManualClock())).toMatchObject({ kind: 'asked', asked: { field: 'kind', nonce } });
    expect(await receive(windowOf({ hash: '#request=%%%&return=https://shop.example', from: 'https://shop.example/' }).window, new ManualClock())).toMatchObject({ kind: 'asked', asked: { field: 'request', nonce: '' } });
  });
});
