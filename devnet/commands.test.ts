import { describe, expect, it } from 'vitest';
import { encode } from '../src/base/postcard/codec.ts';
import { toHex } from '../src/base/bytes.ts';
import { transaction } from '../src/chains/albatross/wire/transactions.ts';
import { signedTransfer } from './ledger/signed-transfer.ts';
import { CommandError } from './command-line.ts';
import { parseCommand } from './commands.ts';

const transfer = signedTransfer(new Uint8Array(32).fill(1), { to: new Uint8Array(20), value: 5, validityStartHeight: 200, network: 7 });

describe('commands', () => {
  for (const [line, command] of [
    ['{"do":"produce","id":7}', { do: 'produce', n: 1, skip: false }],
    ['{"do":"produce","n":3,"skip":true,"id":7}', { do: 'produce', n: 3, skip: true }],
    ['{"do":"fork","back":2,"n":4,"id":7}', { do: 'fork', back: 2, n: 4 }],
    ['{"do":"skip","n":2,"id":7}', { do: 'produce', n: 2, skip: true }],
    ['{"do":"rebranch","id":7}', { do: 'rebranch', back: 1, skip: false }],
    ['{"do":"rebranch","back":3,"skip":true,"id":7}', { do: 'rebranch', back: 3, skip: true }],
    ['{"do":"stop","peer":1,"id":7}', { do: 'stop', peer: 1 }],
    ['{"do":"start","peer":"relay","id":7}', { do: 'start', peer: 'relay' }],
    ['{"do":"fault","peer":"all","fault":"seed","count":2,"id":7}', { do: 'fault', peer: 'all', request: { fault: 'seed', count: 2 } }],
    ['{"do":"fault","peer":0,"fault":"seed","height":232,"on":"checkpoint","id":7}', { do: 'fault', peer: 0, request: { fault: 'seed', height: 232, on: 'checkpoint' } }],
    ['{"do":"withhold","on":true,"id":7}', { do: 'withhold', on: true }],
    ['{"do":"withhold","on":2,"id":7}', { do: 'withhold', on: 2 }],
    ['{"do":"lie","n":2,"id":7}', { do: 'lie', n: 2 }],
    ['{"do":"version","version":2,"id":7}', { do: 'version', version: 2 }],
    ['{"do":"zkp","mode":"stale","id":7}', { do: 'zkp', mode: 'stale' }],
    ['{"do":"info","id":7}', { do: 'info' }],
    ['{"do":"faults","id":7}', { do: 'faults' }],
    ['{"do":"look","id":7}', { do: 'look' }],
    [`{"do":"send","transaction":"${toHex(encode(transaction, transfer))}","id":7}`, { do: 'send', transaction: transfer }],
    ['{"do":"send","to":"NQ07 0000 0000 0000 0000 0000 0000 0000 0000","value":5,"id":7}', { do: 'send', transfer: { from: 0, to: new Uint8Array(20), value: 5, fee: 0 } }],
    ['{"do":"send","from":2,"to":"NQ0700000000000000000000000000000000","value":5,"fee":1,"id":7}', { do: 'send', transfer: { from: 2, to: new Uint8Array(20), value: 5, fee: 1 } }],
  ] as const) {
    it(`reads ${line}`, () => {
      expect(parseCommand(line)).toEqual({ id: 7, command });
    });
  }

  for (const [line, code] of [
    ['nonsense', 'bad-json'],
    ['[]', 'bad-json'],
    ['null', 'bad-json'],
    ['{"do":"fly"}', 'unknown-command'],
    ['{"do":"produce","n":0}', 'bad-value'],
    ['{"do":"produce","n":"5"}', 'bad-value'],
    ['{"do":"rebranch","back":0}', 'bad-value'],
    ['{"do":"stop"}', 'bad-value'],
    ['{"do":"fault","peer":0}', 'bad-value'],
    ['{"do":"fault","peer":0,"fault":"seed","on":"moon"}', 'bad-value'],
    ['{"do":"withhold","on":"maybe"}', 'bad-value'],
    ['{"do":"zkp","mode":"old"}', 'bad-value'],
    ['{"do":"send","to":"NQ08 0000 0000 0000 0000 0000 0000 0000 0000","value":5}', 'bad-value'],
    ['{"do":"send","to":"NQ07 0000 0000 0000 0000 0000 0000 0000 0000","value":0}', 'bad-value'],
    ['{"do":"send","transaction":"xyz"}', 'bad-value'],
  ] as const) {
    it(`refuses ${line}`, () => {
      let refused: unknown;
      try {
        parseCommand(line);
      } catch (error) {
        refused = error;
      }
      expect(refused).toBeInstanceOf(CommandError);
      expect((refused as CommandError).code).toBe(code);
    });
  }
});
