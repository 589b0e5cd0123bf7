import { describe, expect, it } from 'vitest';
import { genesisLink, makeChain } from '../../../../test/support/chain-maker.ts';
import { decode, encode } from '../../../base/postcard/codec.ts';
import { bareBytes, bareMacroBytes } from './bare-bytes.ts';
import { block as blockCodec, macroBlock } from './blocks.ts';
import type { Block, MacroBlock } from './types.ts';

const links = makeChain(genesisLink, 232);
const micro = links[0]!.block;
const macro = links[31]!.block as MacroBlock;

describe('the bytes of a block without its body', () => {
  it('are its postcard form, and are made once', () => {
    for (const block of [micro, macro]) {
      expect(bareBytes(block)).toEqual(encode(blockCodec, { ...block, body: undefined } as Block));
      expect(bareBytes({ ...block, body: undefined } as Block)).toBe(bareBytes(block));
    }
    expect(decode(macroBlock, bareMacroBytes(macro))).toEqual({ ...macro, body: undefined });
  });

  it('follow the justification, which may be another in a copy', () => {
    const copy: MacroBlock = { ...macro, justification: { ...macro.justification!, round: 7 } };
    expect(bareBytes(macro)).not.toEqual(bareBytes(copy));
    expect(decode(blockCodec, bareBytes(copy)).justification).toMatchObject({ round: 7 });
    expect(decode(blockCodec, bareBytes(macro)).justification).toEqual(macro.justification);
  });
});
