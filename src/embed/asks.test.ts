import { describe, expect, it } from 'vitest';
import type { ConfirmAnswer, ConfirmRequest } from '../widget/confirm-messages.ts';
import { Asks } from './asks.ts';
import type { Confirming } from './confirm-window.ts';

const request = (nonce: string): ConfirmRequest => ({ kind: 'message', nonce, host: 'https://shop.example', network: 'main-albatross', message: 'm' });
const signed: ConfirmAnswer = { nonce: 'a', kind: 'message', publicKey: 'ab', signature: 'cd' };

function setUp({ opens = true, redirect = false } = {}) {
  const windows: { focused: number; closed: boolean; answer: (answer: ConfirmAnswer) => void; fail: (error: unknown) => void }[] = [];
  const went: ConfirmRequest[] = [];
  const asks = new Asks({
    open: (): Confirming | undefined => {
      let resolve: (answer: ConfirmAnswer) => void = () => undefined;
      let reject: (error: unknown) => void = () => undefined;
      const promise = new Promise<ConfirmAnswer>((...both) => ([resolve, reject] = both));
      const window = { focused: 0, closed: false, answer: resolve, fail: reject };
      windows.push(window);
      return opens ? { answer: promise, focus: () => void (window.focused += 1), close: () => void (window.closed = true) } : undefined;
    },
    redirect: () => (redirect ? (asked) => void went.push(asked) : undefined),
  });
  return { asks, windows, went };
}

describe('what a person is asked', () => {
  it('waits for a click, and is what /confirm answers', async () => {
    const { asks, windows } = setUp();
    const answer = asks.ask(request('a'));
    expect(asks.current).toMatchObject({ stage: 'waiting', request: { nonce: 'a' } });
    expect(windows).toEqual([]);
    asks.open();
    expect(asks.current?.stage).toBe('open');
    windows[0]!.answer(signed);
    expect(await answer).toEqual(signed);
    expect(asks.current).toBe(undefined);
  });

  it('opens one window, however often the button is pressed', () => {
    const { asks, windows } = setUp();
    void asks.ask(request('a'));
    asks.open();
    asks.open();
    asks.open();
    expect(windows).toMatchObject([{ focused: 2 }]);
  });

  it('shows one after the other', async () => {
    const { asks, windows } = setUp();
    const [first, second] = [asks.ask(request('a')), asks.ask(request('b'))];
    expect([asks.current?.request.nonce, asks.behind]).toEqual(['a', 1]);
    asks.open();
    windows[0]!.answer({ nonce: 'a', kind: 'refused', reason: 'rejected' });
    await expect(first).rejects.toMatchObject({ code: 4001, data: { reason: 'rejected' } });
    expect([asks.current?.request.nonce, asks.current?.stage, asks.behind]).toEqual(['b', 'waiting', 0]);
    asks.refuse();
    await expect(second).rejects.toMatchObject({ code: 4001 });
  });

  it('tells refusals apart', async () => {
    for (const [reason, code] of [['rejected', 4001], ['bad-request', -32602], ['no-account', 4100]] as const) {
      const { asks, windows } = setUp();
      const answer = asks.ask(request('a'));
      asks.open();
      windows[0]!.answer({ nonce: 'a', kind: 'refused', reason });
      await expect(answer).rejects.toMatchObject({ code, data: { reason } });
    }
  });

  it('offers to open once more where no window came, and then gives up', async () => {
    const { asks, windows } = setUp({ opens: false });
    const answer = asks.ask(request('a'));
    asks.open();
    expect(asks.current?.stage).toBe('not-opened');
    expect(windows).toHaveLength(1);
    asks.open();
    await expect(answer).rejects.toMatchObject({ code: 4001, data: { reason: 'not-opened' } });
    expect(windows).toHaveLength(2);
  });

  it('goes to /confirm with the page where the host wants that, and opens no window', () => {
    const { asks, windows, went } = setUp({ redirect: true });
    void asks.ask(request('a'));
    asks.open();
    expect([went, windows, asks.current?.stage]).toEqual([[request('a')], [], 'away']);
  });

  it('closes the window when the host takes the request back', async () => {
    const { asks, windows } = setUp();
    const abort = new AbortController();
    const answer = asks.ask(request('a'), abort.signal);
    asks.open();
    abort.abort(new Error('taken back'));
    await expect(answer).rejects.toThrow('taken back');
    expect(windows).toMatchObject([{ closed: true }]);
    expect(asks.current).toBe(undefined);
  });
});
