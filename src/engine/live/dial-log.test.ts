import { expect, it } from 'vitest';
import { ManualClock } from '../../../test/support/manual-clock.ts';
import { DialLog } from './dial-log.ts';

const MINUTE = 60_000;
const seed = '/dns4/a.example/tcp/443/wss';

function setUp() {
  const clock = new ManualClock();
  const entries: { readonly address: string; readonly kind: string; readonly reason: string; readonly times: number }[] = [];
  return { clock, entries, log: new DialLog(clock, (entry) => entries.push(entry)) };
}

it('issue 12: a failed dial is logged with the kind of its address and the reason, each once in five minutes', () => {
  const { clock, entries, log } = setUp();
  for (let i = 0; i < 10; i += 1) log.failed({ address: seed, code: 'dial-timeout' });
  log.failed({ address: seed, code: 'wrong-genesis' });
  expect(entries).toEqual([{ address: seed, kind: 'wss by name', reason: 'dial-timeout', times: 1 }, { address: seed, kind: 'wss by name', reason: 'wrong-genesis', times: 1 }]);
  clock.advance(5 * MINUTE);
  log.failed({ address: seed, code: 'dial-timeout' });
  expect(entries[2]).toMatchObject({ reason: 'dial-timeout', times: 10 });
});

it('one peer at many addresses is one peer, and the kinds are told apart', () => {
  const { entries, log } = setUp();
  log.failed({ address: '/ip4/1.2.3.4/tcp/80/ws', id: 'p', code: 'dial-failed' });
  log.failed({ address: '/ip4/1.2.3.5/tcp/80/ws', id: 'p', code: 'dial-failed' });
  log.failed({ address: '/ip6/2001:db8::1/tcp/80/ws', code: 'dial-failed' });
  log.failed({ address: `${seed}/p2p/relay/p2p-circuit/webrtc/p2p/b`, id: 'b', code: 'dial-failed' });
  expect(entries.map(({ kind }) => kind)).toEqual(['ws by ip4', 'ws by ip6', 'WebRTC']);
});

it('any number of dead addresses makes no flood', () => {
  const { clock, entries, log } = setUp();
  for (let i = 0; i < 5_000; i += 1) log.failed({ address: `/ip4/1.2.${i >> 8}.${i & 255}/tcp/80/ws`, code: 'dial-failed' });
  expect(entries).toHaveLength(64);
  clock.advance(5 * MINUTE);
  log.failed({ address: seed, code: 'dial-failed' });
  expect(entries).toHaveLength(65);
});
