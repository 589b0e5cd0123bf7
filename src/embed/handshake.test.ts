import { afterEach, describe, expect, it } from 'vitest';
import { type Session, shakeHands } from './handshake.ts';

const channels: MessageChannel[] = [];
afterEach(() => channels.splice(0).forEach(({ port1, port2 }) => (port1.close(), port2.close())));

function setUp(versions?: readonly number[]) {
  const said: { readonly data: { readonly petrel: number; readonly hello: string }; readonly target: string }[] = [];
  const parent = { postMessage: (data: unknown, target: unknown) => void said.push({ data, target } as never) };
  let listener: (event: MessageEvent) => void = () => undefined;
  const sessions: Session[] = [];
  const refused: string[] = [];
  const state = shakeHands({ parent, addEventListener: (_, given) => void (listener = given) }, (session) => sessions.push(session), (reason) => refused.push(reason), versions);
  const receive = (data: unknown, { source = parent as unknown, origin = 'https://shop.example', ports = 1 } = {}) => {
    const channel = new MessageChannel();
    channels.push(channel);
    listener({ data, source, origin, ports: [channel.port2, new MessageChannel().port1].slice(0, ports) } as unknown as MessageEvent);
    return channel.port1;
  };
  const welcome = (more: object = {}) => ({ petrel: 1, nonce: said[0]!.data.hello, versions: [1], options: { view: 'pay' }, ...more });
  return { said, sessions, refused, state, receive, welcome };
}

describe('the frame’s end of the handshake', () => {
  it('says hello with a fresh nonce, and takes the port of its parent, whose origin is the host', () => {
    const { said, sessions, state, receive, welcome } = setUp();
    expect(said).toEqual([{ data: { petrel: 1, hello: expect.stringMatching(/^[\da-f]{32}$/u) }, target: '*' }]);
    expect(setUp().said[0]!.data.hello).not.toBe(said[0]!.data.hello);
    receive(welcome());
    expect(sessions).toMatchObject([{ host: 'https://shop.example', version: 1, options: { view: 'pay' } }]);
    expect(state.ignored).toBe(0);
  });

  it('ignores and counts other windows, other nonces, other forms, and everything after', () => {
    const { sessions, state, receive, welcome } = setUp();
    receive(welcome(), { source: {} });
    receive(welcome({ nonce: '0'.repeat(32) }));
    receive(welcome({ petrel: 2 }));
    receive(welcome(), { ports: 0 });
    receive(welcome(), { ports: 2 });
    receive('text');
    receive(welcome({ options: () => 1 }));
    expect([sessions.length, state.ignored]).toEqual([0, 7]);
    receive(welcome());
    receive(welcome(), { origin: 'https://evil.example' });
    expect([sessions.length, state.ignored]).toEqual([1, 8]);
  });

  it('takes the newest version that both speak, or says that there is none', async () => {
    const both = setUp([1, 2]);
    both.receive(both.welcome({ versions: [1, 2, 3, 'x'] }));
    expect(both.sessions).toMatchObject([{ version: 2 }]);
    for (const versions of [[2], [], 'all', undefined]) {
      const { sessions, refused, receive, welcome } = setUp();
      const port = receive(welcome({ versions }));
      const told = new Promise((resolve) => port.addEventListener('message', ({ data }) => resolve(data), { once: true }));
      port.start();
      expect(await told).toEqual({ refused: 'version' });
      expect([sessions.length, refused]).toEqual([0, ['version']]);
    }
  });
});
