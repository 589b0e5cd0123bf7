import { expect, it } from 'vitest';
import { chainA, exchanges } from '../../../../test/support/stacks-vectors.ts';
import { fromHex } from '../../../base/bytes.ts';
import { decodeFrame } from '../wire/frame.ts';
import { checkPreamble, type PreambleContext } from './preamble-rules.ts';

const { preamble } = decodeFrame(fromHex(exchanges[1]!.rep));
const context: PreambleContext = { networkId: 0x80_00_00_00, peerVersion: 0x01_02_03_04, confirmations: preamble.burnHeight - preamble.stableHeight, burnHashAt: (height) => chainA.sortitions[height]?.burn_hash };

it('accepts the preamble of a recorded reply, and names what is wrong with another', () => {
  expect(checkPreamble(preamble, context)).toBeUndefined();
  expect(checkPreamble(preamble, { ...context, burnHashAt: () => undefined })).toBeUndefined();
  expect(checkPreamble({ ...preamble, networkId: 1 }, context)).toBe('network');
  expect(checkPreamble({ ...preamble, peerVersion: 0x02_02_03_04 }, context)).toBe('peer-version');
  expect(checkPreamble({ ...preamble, peerVersion: 0x01_02_03_03 }, context)).toBe('stale-epoch');
  expect(checkPreamble({ ...preamble, peerVersion: 0x01_00_00_05 }, context)).toBeUndefined();
  expect(checkPreamble({ ...preamble, stableHeight: preamble.stableHeight - 1 }, context)).toBe('stable-height');
  expect(checkPreamble({ ...preamble, stableHash: 'aa'.repeat(32) }, context)).toBe('stable-hash');
});
