import { expect, it } from 'vitest';
import { NetworkTime } from './network-time.ts';
import { nameNetwork } from './witness-network.ts';

const HOUR = 3_600_000;
const TRUE_TIME = 1_700_000_000_000;

/** A device whose clock is wrong by `wrong` milliseconds; `time` collects the times that the networks report. */
function setUp(wrong = 0, wanted = 3) {
  const device = { passed: 0, wrong, slept: 0 };
  const clock = { now: () => TRUE_TIME + device.passed + device.wrong, monotonic: () => device.passed - device.slept };
  const time = new NetworkTime({ clock, wanted });
  const tell = (networks: readonly string[], age = 0) => {
    for (const network of networks) time.said(network, TRUE_TIME + device.passed - age, 60_000);
  };
  return { device, time, tell };
}

it.each([
  ['right', 0, undefined],
  ['a little wrong', 50_000, undefined],
  ['two hours behind', -2 * HOUR, { kind: 'behind', by: 2 * HOUR, networks: 3 }],
  ['two hours ahead', 2 * HOUR, { kind: 'ahead', by: 2 * HOUR - 60_000, networks: 3 }],
])('a clock that is %s', (_, wrong, expected) => {
  const { time, tell } = setUp(wrong);
  tell(['a', 'b']);
  expect(time.error).toBeUndefined();
  tell(['a', 'b', 'c']);
  expect(time.error).toEqual(expected);
});

it('half of the networks can neither make a right clock look wrong nor hide a wrong one', () => {
  const right = setUp(0);
  right.tell(['a', 'b', 'c']);
  for (const liar of ['x', 'y', 'z']) right.time.said(liar, TRUE_TIME + 5 * HOUR, 60_000);
  expect(right.time.error).toBeUndefined();
  const behind = setUp(-2 * HOUR);
  behind.tell(['a', 'b', 'c']);
  for (const liar of ['x', 'y']) behind.time.said(liar, TRUE_TIME - 2 * HOUR, 60_000);
  expect(behind.time.error?.kind).toBe('behind');
});

it('a jump shows at once, and ends when the clock is right again', () => {
  const { device, time, tell } = setUp();
  tell(['a', 'b', 'c']);
  device.passed += 60_000;
  device.wrong = -2 * HOUR;
  expect(time.error).toMatchObject({ kind: 'behind', by: 2 * HOUR });
  device.wrong = 2 * HOUR;
  expect(time.error?.kind).toBe('ahead');
  device.wrong = 0;
  expect(time.error).toBeUndefined();
});

it('a sleep during which the monotonic clock stands still is no wrong clock, and a wrong clock shows after it', () => {
  const { device, time, tell } = setUp();
  tell(['a', 'b', 'c']);
  device.passed += 5 * HOUR;
  device.slept = 5 * HOUR;
  time.slept();
  expect(time.error).toBeUndefined();
  device.wrong = 2 * HOUR;
  tell(['a', 'b', 'c']);
  expect(time.error?.kind).toBe('ahead');
});

it('an old block does not prove an old time against reported times', () => {
  const { device, time, tell } = setUp();
  tell(['a', 'b', 'c']);
  device.passed += 1_000;
  tell(['a', 'b', 'c'], 6 * HOUR);
  expect(time.error).toBeUndefined();
});

it('old reports no longer count', () => {
  const { device, time, tell } = setUp(-2 * HOUR);
  tell(['a', 'b', 'c']);
  device.passed += HOUR;
  expect(time.error).toBeUndefined();
});

it('networks whose own clocks were wrong are soon believed again', () => {
  const { device, time, tell } = setUp();
  for (const network of ['a', 'b', 'c']) time.said(network, TRUE_TIME + HOUR, 60_000);
  expect(time.error?.kind).toBe('behind');
  for (let block = 0; block < 10; block += 1) {
    device.passed += 1_000;
    tell(['a', 'b', 'c']);
  }
  expect(time.error).toBeUndefined();
});

it('names and IPv6 addresses count as one beside others, whatever their number', () => {
  const right = setUp(0);
  right.tell(['a', 'b', 'c']);
  for (let n = 0; n < 20; n += 1) right.time.said(nameNetwork(`liar${n}.example`), TRUE_TIME + 5 * HOUR, 60_000);
  expect(right.time.error).toBeUndefined();
  // If all networks are cheap, as in a page served over https, they count.
  const behind = setUp(-2 * HOUR);
  behind.tell(['a', 'b', 'c'].map(nameNetwork));
  expect(behind.time.error?.kind).toBe('behind');
});

it('issue 12: names that are not judged yet tell the time as one network', () => {
  const { time, tell } = setUp(2 * HOUR);
  tell([nameNetwork(undefined), nameNetwork('a.example'), nameNetwork('b.example')]);
  expect(time.error).toBeUndefined();
  tell(['1.2.3.0/24', '1.2.4.0/24']);
  expect(time.error).toMatchObject({ kind: 'ahead', networks: 3 });
});

it('one proposer with a fast clock, whose time all networks pass on with its block and those after it, makes no right clock look wrong', () => {
  const { device, time, tell } = setUp();
  tell(['a', 'b', 'c'], 60_000);
  for (const network of ['a', 'b', 'c']) time.passedOn(network, TRUE_TIME + 540_000, 10_000);
  expect(time.error).toBeUndefined();
  device.wrong = -2 * HOUR;
  expect(time.error?.kind).toBe('behind');
});

it('what is passed on tells the time where no peer signed its own', () => {
  const { time } = setUp(-2 * HOUR);
  for (const network of ['a', 'b', 'c']) time.passedOn(network, TRUE_TIME, 10_000);
  expect(time.error).toMatchObject({ kind: 'behind', by: 2 * HOUR });
});
