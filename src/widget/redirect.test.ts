import { describe, expect, it } from 'vitest';
import type { ConfirmRequest } from './confirm-messages.ts';
import { fromFragment, toFragment } from './fragment.ts';
import { goToConfirm, type HostPage, takeReturned } from './redirect.ts';

const origin = 'https://widget.example';
const confirm = new URL('/confirm', origin);
const request: ConfirmRequest = { kind: 'payment', nonce: 'ab'.repeat(16), host: 'https://shop.example', network: 'main-albatross', recipient: 'NQ07', value: '5' };
const answer = { kind: 'transaction', nonce: request.nonce, transaction: '00', hash: 'cd'.repeat(32) };

function pageAt(start: string): HostPage & { href: string; readonly link: { readonly referrerPolicy: string } } {
  const kept = new Map<string, string>();
  const link = { href: '', referrerPolicy: '', click: () => void (page.href = link.href) };
  const page = {
    link,
    href: start,
    location: {
      get href() { return page.href; },
      get hash() { return new URL(page.href).hash; },
    },
    document: { createElement: () => link },
    history: { state: 7, replaceState: (_: unknown, __: string, url?: string | URL | null) => void (page.href = String(url)) },
    sessionStorage: { getItem: (key: string) => kept.get(key) ?? null, setItem: (key: string, value: string) => void kept.set(key, value), removeItem: (key: string) => void kept.delete(key) },
  };
  return page;
}

describe('the way to /confirm and back', () => {
  it('carries the request, takes the answer once, and gives the address its fragment back', () => {
    const page = pageAt('https://shop.example/buy?id=1#cart');
    goToConfirm(request, confirm, page);
    const target = new URL(page.href);
    // Otherwise `/confirm` could not know that this site asks.
    expect(page.link.referrerPolicy).toBe('origin');
    expect(target.origin + target.pathname).toBe('https://widget.example/confirm');
    expect(fromFragment(target.hash, 'request')).toEqual(request);
    expect(new URLSearchParams(target.hash.slice(1)).get('return')).toBe('https://shop.example/buy?id=1');

    const back = `https://shop.example/buy?id=1#answer=${toFragment(answer)}`;
    page.href = back;
    expect(takeReturned(origin, page)).toEqual({ request, answer });
    expect(page.href).toBe('https://shop.example/buy?id=1#cart');
    page.href = back;
    expect(takeReturned(origin, page)).toBe(undefined);
  });

  it('takes no answer to another request, of another widget, or without a request', () => {
    const page = pageAt('https://shop.example/');
    page.href = `https://shop.example/#answer=${toFragment(answer)}`;
    expect(takeReturned(origin, page)).toBe(undefined);
    goToConfirm(request, confirm, page);
    const forged = `https://shop.example/#answer=${toFragment({ ...answer, nonce: 'ef'.repeat(16) })}`;
    page.href = forged;
    expect(takeReturned(origin, page)).toBe(undefined);
    expect(page.href).toBe(forged);
    page.href = `https://shop.example/#answer=${toFragment(answer)}`;
    expect(takeReturned('https://other.example', page)).toBe(undefined);
    expect(takeReturned(origin, page)).toEqual({ request, answer });
  });

  it('does not leave the page where nothing can be remembered', () => {
    const page = { ...pageAt('https://shop.example/'), get sessionStorage(): never { throw new DOMException('denied', 'SecurityError'); } };
    expect(() => goToConfirm(request, confirm, page)).toThrow('denied');
    expect(page.location.href).toBe('https://shop.example/');
  });
});
