import { describe, expect, it } from 'vitest';
import { settle, SettlingClock } from '../../../test/support/settling-clock.ts';
import { HttpGets, type Fetch, type GetOptions } from './http-gets.ts';
import { Rests } from './rests.ts';

const signal = new AbortController().signal;
const plain = { signal, limit: 1000 } as const;

interface Sent {
  readonly url: string;
  readonly init: RequestInit;
}

/** A server by its answers, in turn; the last one again and again. */
function server(...answers: readonly ((sent: Sent) => Response | Promise<Response>)[]) {
  const clock = new SettlingClock();
  const sent: Sent[] = [];
  const fetch: Fetch = async (url, init) => {
    const one = { url, init };
    sent.push(one);
    return answers[Math.min(sent.length, answers.length) - 1]!(one);
  };
  return { clock, sent, http: new HttpGets({ base: 'https://gateway.example/path', fetch, clock }) };
}

const text = (body: string, init?: ResponseInit) => () => new Response(body, init);
const failure = (promise: Promise<unknown>): Promise<unknown> => promise.then((value) => ({ resolved: value }), (error: unknown) => error);

/** A body that comes in pieces, one each time that it is asked for; `cancelled` counts. */
function pieces(count: number, size: number, then: 'end' | 'error' | 'silence' = 'end') {
  const seen = { cancelled: 0, given: 0 };
  const body = new ReadableStream<Uint8Array>({
    pull(controller) {
      if (seen.given < count) {
        controller.enqueue(new Uint8Array(size).fill(seen.given += 1));
        return undefined;
      }
      if (then === 'end') controller.close();
      else if (then === 'error') controller.error(new TypeError('terminated'));
      return then === 'silence' ? new Promise<void>(() => undefined) : undefined;
    },
    cancel() {
      seen.cancelled += 1;
    },
  }, { highWaterMark: 0 });
  return { seen, response: () => new Response(body) };
}

describe('a simple GET', () => {
  it('has no headers, cookies or redirects, and is not stored but where nothing changes', async () => {
    const { http, sent } = server(text('{"a":1}'));
    expect(await http.json('/v2/info', plain)).toEqual({ value: { a: 1 }, size: 7 });
    await http.bytes('/v3/blocks/1', { ...plain, fixed: true });
    expect(sent.map(({ url }) => url)).toEqual(['https://gateway.example/path/v2/info', 'https://gateway.example/path/v3/blocks/1']);
    expect(sent[0]!.init).toMatchObject({ method: 'GET', mode: 'cors', credentials: 'omit', redirect: 'error', referrerPolicy: 'no-referrer', cache: 'no-store' });
    expect(sent[0]!.init.headers).toBeUndefined();
    expect(sent[1]!.init.cache).toBe('default');
  });

  it('counts bytes and the time of the last answer', async () => {
    const { http, clock } = server(() => new Promise((resolve) => clock.after(120, () => resolve(new Response('12345')))));
    expect([http.received, http.latency]).toEqual([0, undefined]);
    const asked = http.bytes('/', plain);
    await settle();
    await clock.advance(200);
    expect(await asked).toEqual(new TextEncoder().encode('12345'));
    expect([http.received, http.latency]).toEqual([5, 120]);
    expect(clock.waiting).toBe(0);
  });

  it('an empty body is no bytes', async () => {
    expect(await server(() => new Response(null)).http.bytes('/', plain)).toEqual(new Uint8Array(0));
  });

  it.each<[string, () => Response | Promise<Response>, object]>([
    ['nothing there', text('no', { status: 404 }), { resolved: undefined }],
    ['a server error', text('no', { status: 500 }), { code: 'refused', data: { status: 500 } }],
    ['another success', text('', { status: 206 }), { code: 'refused', data: { status: 206 } }],
    ['a bad request', text('no', { status: 400 }), { code: 'refused', data: { status: 400 } }],
    ['too many requests', text('no', { status: 429, headers: { 'retry-after': '9' } }), { code: 'rate-limited', data: { seconds: 9 } }],
    ['a busy server', text('no', { status: 503 }), { code: 'rate-limited', data: { seconds: 10 } }],
    ['no connection, or an answer that the page may not read', () => Promise.reject(new TypeError('Failed to fetch')), { code: 'disconnected' }],
    ['a page of HTML', text('<html></html>'), { code: 'malformed' }],
    ['JSON that is cut', text('{"a":'), { code: 'malformed' }],
    ['no UTF-8', () => new Response(Uint8Array.of(0x22, 0xff, 0x22)), { code: 'malformed' }],
    ['an end before the end', pieces(2, 10, 'error').response, { code: 'disconnected' }],
    ['too many bytes', pieces(101, 10).response, { code: 'too-large' }],
    ['a length above the limit', text('x', { headers: { 'content-length': '1001' } }), { code: 'too-large' }],
  ])('%s', async (_, answer, expected) => {
    const { http, clock } = server(answer);
    expect(await failure(http.json('/', plain))).toMatchObject(expected);
    expect(clock.waiting).toBe(0);
  });

  it('takes other statuses for nothing where that is so', async () => {
    const { http } = server(text('no', { status: 400 }));
    expect(await http.json('/', { ...plain, absent: [400, 404] })).toBeUndefined();
  });
});

describe('the body', () => {
  it('takes just as many bytes as the limit', async () => {
    const { http } = server(pieces(10, 100).response);
    expect(await http.bytes('/', plain)).toHaveLength(1000);
  });

  it('is not read past the limit, nor past what is enough', async () => {
    const large = pieces(1_000_000, 300);
    const { http } = server(large.response);
    expect(await failure(http.bytes('/', plain))).toMatchObject({ code: 'too-large', data: { limit: 1000 } });
    expect(large.seen).toEqual({ cancelled: 1, given: 4 });
    const cut = pieces(1_000_000, 300);
    const second = server(cut.response);
    const bytes = await second.http.bytes('/', { ...plain, cut: (got) => got.length >= 500 });
    expect([bytes?.length, bytes?.[0], bytes?.[300]]).toEqual([600, 1, 2]);
    expect(cut.seen).toEqual({ cancelled: 1, given: 2 });
    expect(second.http.received).toBe(600);
  });

  it('that is cut may be said to be longer than the limit', async () => {
    const { http } = server(text('1234567890', { headers: { 'content-length': '100000' } }));
    expect(await http.bytes('/', { ...plain, cut: () => true })).toHaveLength(10);
  });

  it('that ends before it is enough is all that there is', async () => {
    const { http } = server(pieces(1, 10).response);
    expect(await http.bytes('/', { ...plain, cut: () => false })).toHaveLength(10);
  });
});

describe('time and signals', () => {
  it.each([['before the answer', () => new Promise<Response>(() => undefined)], ['in the body', pieces(1, 10, 'silence').response]])('%s the time ends', async (_, answer) => {
    const { http, clock, sent } = server(answer);
    const asked = failure(http.bytes('/', plain));
    await settle();
    await clock.advance(14_999);
    expect(sent[0]!.init.signal?.aborted).toBe(false);
    await clock.advance(1);
    expect(await asked).toMatchObject({ code: 'timeout', data: { milliseconds: 15_000 } });
    expect(sent[0]!.init.signal?.aborted).toBe(true);
  });

  it('the signal ends it with its own reason, also while it waits', async () => {
    const bodies = Array.from({ length: 6 }, () => pieces(1, 10, 'silence'));
    const { http, clock } = server(...bodies.map(({ response }) => response));
    const given = new AbortController();
    const options: GetOptions = { ...plain, signal: given.signal };
    const all = Array.from({ length: 8 }, () => failure(http.bytes('/', options)));
    await settle();
    given.abort(new Error('given up'));
    for (const one of all) expect(await one).toMatchObject({ message: 'given up' });
    expect(clock.waiting).toBe(0);
    expect(bodies.map(({ seen }) => seen.cancelled)).toEqual([1, 1, 1, 1, 1, 1]);
  });

  it('six are in flight, the others wait, and there is a bound on these', async () => {
    let answer = (): void => undefined;
    const gate = new Promise<void>((resolve) => (answer = resolve));
    const { http, sent } = server(async () => (await gate, new Response('1')));
    const all = Array.from({ length: 71 }, () => failure(http.json('/', plain)));
    await settle();
    expect(sent).toHaveLength(6);
    expect(await all[70]).toMatchObject({ code: 'busy' });
    answer();
    expect(await Promise.all(all.slice(0, 70))).toHaveLength(70);
    expect(sent).toHaveLength(70);
  });
});

describe('a server that wants to be left alone', () => {
  it('is not asked before its time is over', async () => {
    const { http, sent, clock } = server(text('no', { status: 429, headers: { 'retry-after': '20' } }), text('1'));
    expect(await failure(http.json('/', plain))).toMatchObject({ code: 'rate-limited', data: { seconds: 20 } });
    await clock.advance(15_500);
    expect(await failure(http.json('/', plain))).toMatchObject({ code: 'rate-limited', data: { seconds: 5 } });
    expect(sent).toHaveLength(1);
    await clock.advance(4_500);
    expect(await http.json('/', plain)).toMatchObject({ value: 1 });
  });

  it('is left alone also when its last answer was the last that is allowed, and what waits is not sent', async () => {
    const { http, sent, clock } = server(text('1', { headers: { 'ratelimit-remaining': '0', 'ratelimit-reset': '3' } }));
    const all = await Promise.all(Array.from({ length: 9 }, () => failure(http.json('/', plain))));
    expect(all.slice(0, 6)).toEqual(Array.from({ length: 6 }, () => ({ resolved: { value: 1, size: 1 } })));
    expect(all[8]).toMatchObject({ code: 'rate-limited', data: { seconds: 3 } });
    expect(sent).toHaveLength(6);
    await clock.advance(3_000);
    expect(await http.json('/', plain)).toMatchObject({ value: 1 });
  });

  it('is left alone by others that share its rests, and no other server is', async () => {
    const clock = new SettlingClock();
    const rests = new Rests();
    const fetch: Fetch = async (url) => new Response('1', { status: url.startsWith('https://a') ? 429 : 200 });
    const of = (base: string) => new HttpGets({ base, fetch, clock, rests });
    expect(await failure(of('https://a').json('/', plain))).toMatchObject({ code: 'rate-limited' });
    expect(await failure(new HttpGets({ base: 'https://a', fetch: async () => new Response('1'), clock, rests }).json('/', plain))).toMatchObject({ code: 'rate-limited', data: { seconds: 10 } });
    expect(await of('https://b').json('/', plain)).toMatchObject({ value: 1 });
    for (let i = 0; i < 64; i += 1) rests.add(`https://${i}`, 5);
    rests.add('https://1', 3);
    expect(['https://a', 'https://1', 'https://63'].map((server) => rests.until(server))).toEqual([-Infinity, 5, 5]);
  });
});
