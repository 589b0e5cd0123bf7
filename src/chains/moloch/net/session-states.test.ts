import { describe, expect, it } from 'vitest';
import { comparePeer, SESSION_EVENTS, SESSION_STATES, sessionStep, type SessionEvent, type SessionState } from './session-states.ts';

const _ = undefined;
/** The next state for every state and event of section 5 of the reference; empty cells change nothing. */
const expected: Readonly<Record<SessionState, Readonly<Record<SessionEvent, SessionState | undefined>>>> = {
  CONNECTING: cells('HANDSHAKING', 'CLOSED', _, _, _, _, _, _, _, _, _, 'CONNECTING', 'CLOSED', 'CLOSED', 'CLOSED', 'CLOSED'),
  HANDSHAKING: cells(_, _, 'DETERMINING', 'CLOSED', _, _, _, _, _, _, _, 'CLOSED', 'CLOSED', 'CLOSED', 'CLOSED', 'CLOSED'),
  DETERMINING: cells(_, _, _, _, 'SYNCING', 'SYNCING', 'SYNCED', 'SYNCING', 'PROVIDING', _, _, 'DETERMINING', 'CLOSED', 'CLOSED', 'CLOSED', 'CLOSED'),
  SYNCING: cells(_, _, _, _, _, _, _, _, _, 'SYNCED', 'CLOSED', 'SYNCING', 'CLOSED', 'CLOSED', 'CLOSED', 'CLOSED'),
  SYNCED: cells(_, _, _, _, 'SYNCED', 'SYNCING', _, 'SYNCING', 'PROVIDING', _, _, 'SYNCED', 'CLOSED', 'CLOSED', 'CLOSED', 'CLOSED'),
  PROVIDING: cells(_, _, _, _, 'PROVIDING', 'SYNCING', 'SYNCED', 'SYNCING', _, _, _, 'PROVIDING', 'CLOSED', 'CLOSED', 'CLOSED', 'CLOSED'),
  CLOSED: cells(_, _, _, _, _, _, _, _, _, _, _, _, _, _, _, _),
};

function cells(...row: readonly (SessionState | undefined)[]): Record<SessionEvent, SessionState | undefined> {
  return Object.fromEntries(SESSION_EVENTS.map((event, i) => [event, row[i]])) as Record<SessionEvent, SessionState | undefined>;
}

describe('the states of a session', () => {
  for (const state of SESSION_STATES) {
    it.each(SESSION_EVENTS)(`${state}: %s`, (event) => {
      expect(sessionStep(state, event)?.next).toBe(expected[state][event]);
    });
  }

  const actions = (state: SessionState, event: SessionEvent) => sessionStep(state, event)?.actions;

  it('every refusal of the handshake says goodbye, and a failed connection backs off', () => {
    expect(actions('HANDSHAKING', 'ackFailed')).toEqual(['sendGoodbye']);
    expect(actions('HANDSHAKING', 'misfit')).toEqual(['sendGoodbye']);
    expect(actions('CONNECTING', 'connectFailed')).toEqual(['backOff']);
    expect(actions('CONNECTING', 'opened')).toEqual(['sendHello']);
    expect(actions('HANDSHAKING', 'ackValid')).toEqual(['sendAuth']);
  });

  it('another block at the same height is a fork to check in every state that follows', () => {
    for (const state of ['DETERMINING', 'SYNCED', 'PROVIDING'] as const) expect(sessionStep(state, 'peerForked')).toEqual({ next: 'SYNCING', actions: ['checkFork'] });
  });

  it('one block behind is fetched without a sync; more is a sync', () => {
    for (const state of ['SYNCED', 'PROVIDING'] as const) {
      expect(sessionStep(state, 'peerOneAhead')).toEqual({ next: state, actions: ['fetchBlock'] });
      expect(sessionStep(state, 'peerFarAhead')).toEqual({ next: 'SYNCING', actions: ['sync'] });
    }
  });

  it('a sync that failed gives its work to others', () => {
    expect(actions('SYNCING', 'givenUp')).toEqual(['sendGoodbye', 'reassignWork']);
  });

  it('both ways lead to SYNCED: this client catches up, and the peer does', () => {
    expect(sessionStep('SYNCING', 'caughtUp')?.next).toBe('SYNCED');
    expect(sessionStep('PROVIDING', 'peerSame')?.next).toBe('SYNCED');
  });
});

describe('comparePeer', () => {
  it.each([
    [undefined, undefined, 'peerBehind'],
    [9, 'x', 'peerBehind'],
    [10, 'a', 'peerSame'],
    [10, 'b', 'peerForked'],
    [11, 'c', 'peerOneAhead'],
    [12, 'd', 'peerFarAhead'],
  ] as const)('height %s, hash %s: %s', (height, hash, expected) => {
    expect(comparePeer({ height: 10, hash: 'a' }, { height, hash })).toBe(expected);
  });
});
