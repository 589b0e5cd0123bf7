import { expect, it } from 'vitest';
import { parseMolochCommand } from './moloch-commands.ts';

it.each<[string, unknown]>([
  ['{"do":"produce","n":5,"id":7}', { id: 7, command: { do: 'produce', n: 5 } }],
  ['{"do":"produce"}', { id: undefined, command: { do: 'produce', n: 1 } }],
  ['{"do":"fork","back":2,"n":3}', { id: undefined, command: { do: 'fork', back: 2, n: 3 } }],
  ['{"do":"stop","node":3}', { id: undefined, command: { do: 'stop', node: 3 } }],
  ['{"do":"partition","groups":[[0,1],[2,3]]}', { id: undefined, command: { do: 'partition', groups: [[0, 1], [2, 3]] } }],
  ['{"do":"partition"}', { id: undefined, command: { do: 'partition', groups: [] } }],
  ['{"do":"fault","node":1,"fault":"bad-events-root","height":437}', { id: undefined, command: { do: 'fault', node: 1, fault: 'bad-events-root', settings: { height: 437 } } }],
  ['{"do":"fault","node":"all","fault":"slow","delay":50}', { id: undefined, command: { do: 'fault', node: 'all', fault: 'slow', settings: { delay: 50 } } }],
  ['{"do":"fault","node":0,"fault":"none"}', { id: undefined, command: { do: 'fault', node: 0, fault: 'none', settings: {} } }],
  ['{"do":"look"}', { id: undefined, command: { do: 'look' } }],
])('reads %s', (line, parsed) => expect(parseMolochCommand(line)).toEqual(parsed));

it.each<[string, string]>([
  ['produce 5', 'bad-json'],
  ['[]', 'bad-json'],
  ['{"do":"produce","n":0}', 'bad-value'],
  ['{"do":"stop"}', 'bad-value'],
  ['{"do":"partition","groups":[0,1]}', 'bad-value'],
  ['{"do":"fault","node":0,"fault":"toString"}', 'bad-value'],
  ['{"do":"fault","node":0,"fault":"fork","height":0}', 'bad-value'],
  ['{"do":"lie"}', 'unknown-command'],
])('refuses %s', (line, code) => expect(() => parseMolochCommand(line)).toThrow(expect.objectContaining({ name: 'CommandError', code })));
