import { afterEach, describe, expect, it } from 'vitest';
import { PROTOCOL, readHello, readHelloAnswer } from './hello.ts';

const ports: MessagePort[] = [];
afterEach(() => ports.splice(0).forEach((port) => port.close()));

function hello(changes: object = {}): unknown {
  const { port1, port2 } = new MessageChannel();
  ports.push(port1, port2);
  return { kind: 'hello', protocol: PROTOCOL, build: 'b1', tab: '123e4567-e89b-42d3-a456-426614174000', network: {}, settings: {}, calls: port1, events: port2, ...changes };
}

describe('readHello', () => {
  it('reads a valid one', () => {
    expect(readHello(hello(), 'b1').tab).toBe('123e4567-e89b-42d3-a456-426614174000');
  });

  it.each([
    ['protocol-mismatch', hello({ protocol: PROTOCOL + 1 })],
    ['protocol-mismatch', { kind: 'hello' }],
    ['build-mismatch', hello({ build: 'b2' })],
    ['malformed', hello({ tab: 'me' })],
    ['malformed', hello({ tab: 5 })],
    ['malformed', hello({ calls: undefined })],
    ['malformed', hello({ events: {} })],
    ['malformed', { kind: 'bye' }],
    ['malformed', 'hello'],
    ['malformed', null],
    ['malformed', [1]],
  ])('refuses with %s', (code, data) => {
    expect(() => readHello(data, 'b1')).toThrow(expect.objectContaining({ name: 'HelloError', code }));
  });
});

it('readHelloAnswer recognises an answer and refuses everything else', () => {
  expect(readHelloAnswer({ kind: 'welcome', hub: 'h' })).toBeDefined();
  expect(readHelloAnswer({ kind: 'lend-verifier', id: 1 })).toBeUndefined();
  expect(readHelloAnswer(undefined)).toBeUndefined();
});
