import { expect, it } from 'vitest';
import { parseStacksCommand } from './stacks-commands.ts';

const TO = 'ST000000000000000000002AMW42H';
const uint = (value: bigint) => ({ type: 'uint', value });

it.each<[string, unknown]>([
  ['{"do":"produce","n":5,"id":7}', { id: 7, command: { do: 'produce', tenures: undefined, blocks: 5 } }],
  ['{"do":"produce"}', { id: undefined, command: { do: 'produce', tenures: undefined, blocks: 1 } }],
  ['{"do":"produce","tenures":2,"blocks":3}', { command: { do: 'produce', tenures: 2, blocks: 3 } }],
  ['{"do":"produce","sortitions":2,"won":true}', { command: { do: 'sortitions', n: 2, won: true } }],
  ['{"do":"fork","back":2,"n":3}', { command: { do: 'fork', back: 2, n: 3 } }],
  ['{"do":"reorg"}', { command: { do: 'reorg', back: 1, n: 1 } }],
  ['{"do":"nextCycle"}', { command: { do: 'nextCycle' } }],
  [`{"do":"transfer","to":"${TO}","amount":5}`, { command: { do: 'transfer', from: undefined, action: { kind: 'transfer', to: TO, amount: 5n } } }],
  ['{"do":"setVariable","name":"counter","value":7}', { command: { action: { kind: 'call', name: 'set-counter', args: [uint(7n)] } } }],
  ['{"do":"setVariable","name":"greeting","value":"hé"}', { command: { action: { name: 'set-greeting', args: [{ type: 'utf8', text: 'hé' }] } } }],
  ['{"do":"setNote","key":3,"text":"a"}', { command: { action: { name: 'set-note', args: [uint(3n), { type: 'ascii', text: 'a' }] } } }],
  ['{"do":"setNote","key":3}', { command: { action: { name: 'delete-note', args: [uint(3n)] } } }],
  [`{"do":"mint","amount":5,"to":"${TO}"}`, { command: { action: { name: 'mint-gold', args: [uint(5n), { type: 'principal' }] } } }],
  [`{"do":"mint","badge":5,"to":"${TO}","from":"${TO}"}`, { command: { from: TO, action: { name: 'mint-badge' } } }],
  ['{"do":"stop","gateway":3}', { command: { do: 'stop', gateway: 3 } }],
  ['{"do":"fault","gateway":1,"fault":"weight-69","height":37}', { command: { do: 'fault', gateway: 1, fault: 'weight-69', settings: { height: 37 } } }],
  ['{"do":"fault","gateway":"all","fault":"rate-limited","seconds":2}', { command: { gateway: 'all', fault: 'rate-limited', settings: { seconds: 2 } } }],
  ['{"do":"fault","gateway":0,"fault":"quota","requests":3,"seconds":60}', { command: { fault: 'quota', settings: { requests: 3, seconds: 60 } } }],
  ['{"do":"fault","gateway":0,"fault":"none"}', { command: { do: 'fault', gateway: 0, fault: 'none', settings: {} } }],
  ['{"do":"look","gateway":1,"clear":true}', { command: { do: 'look', gateway: 1, clear: true } }],
  ['{"do":"look"}', { command: { do: 'look', gateway: undefined, clear: false } }],
])('reads %s', (line, parsed) => expect(parseStacksCommand(line)).toMatchObject(parsed as object));

it.each<[string, string]>([
  ['produce 5', 'bad-json'],
  ['[]', 'bad-json'],
  ['{"do":"produce","n":0}', 'bad-value'],
  ['{"do":"stop"}', 'bad-value'],
  ['{"do":"transfer","to":"nobody","amount":5}', 'bad-value'],
  [`{"do":"transfer","to":"${TO}","amount":0}`, 'bad-value'],
  [`{"do":"transfer","to":"${TO}"}`, 'bad-value'],
  ['{"do":"transfer","amount":5}', 'bad-value'],
  ['{"do":"setVariable","name":"other","value":1}', 'bad-value'],
  ['{"do":"setNote","key":1,"text":"é"}', 'bad-value'],
  ['{"do":"fault","gateway":0,"fault":"toString"}', 'bad-value'],
  ['{"do":"fault","gateway":0,"fault":"slow","delay":-1}', 'bad-value'],
  ['{"do":"lie"}', 'unknown-command'],
])('refuses %s', (line, code) => expect(() => parseStacksCommand(line)).toThrow(expect.objectContaining({ name: 'CommandError', code })));
