import { expect, it } from 'vitest';
import { announceProvider, findProviders, providerOf } from './provider.ts';

class FakeWidget extends EventTarget {
  readonly asked: unknown[] = [];
  async request(request: unknown) {
    this.asked.push(request);
    return 'answer';
  }
}

it('is a widget in the form of EIP-1193', async () => {
  const widget = new FakeWidget();
  const provider = providerOf(widget);
  expect(await provider.request({ method: 'getHead' })).toBe('answer');
  const heard: unknown[] = [];
  const listener = (detail: unknown) => void heard.push(detail);
  provider.on('payment', listener).on('payment', listener);
  widget.dispatchEvent(new CustomEvent('petrel-payment', { detail: { state: 'sent' } }));
  provider.removeListener('payment', listener);
  widget.dispatchEvent(new CustomEvent('petrel-payment', { detail: { state: 'included' } }));
  expect(heard).toEqual([{ state: 'sent' }]);
});

it('is found by code that comes before or after it', () => {
  const page = new EventTarget();
  const [early, late]: [string[], string[]] = [[], []];
  const end = findProviders(({ info }) => early.push(info.name), page);
  const withdraw = announceProvider(new FakeWidget(), page);
  findProviders(({ info }) => late.push(info.name), page);
  expect(late).toEqual(['Petrel']);
  expect(early).toEqual(['Petrel', 'Petrel']);
  end();
  withdraw();
  findProviders(() => expect.unreachable(), page);
});
