import { expect, it } from 'vitest';
import { type BuiltFile, filesOfOtherChains } from './other-chains.ts';

const file = (imports: readonly string[] = [], dynamicImports: readonly string[] = [], module?: string, isEntry = false): BuiltFile => ({ isEntry, module, imports, dynamicImports });

it('counts a file as one of other chains only if nothing else loads it', () => {
  const files = new Map([
    ['hub.js', file(['base.js'], ['albatross.js', 'moloch.js', 'bls.js'], undefined, true)],
    ['base.js', file()],
    ['albatross.js', file(['shared.js'], ['webrtc.js'], '/home/x/src/chains/albatross/driver.ts')],
    ['webrtc.js', file([], [], '/home/x/src/network/webrtc.ts')],
    ['shared.js', file()],
    ['moloch.js', file(['shared.js', 'rows.js', 'base.js'], ['late.js'], '/home/x/src/chains/moloch/driver.ts')],
    ['rows.js', file()],
    ['late.js', file([], [], '/home/x/src/crypto/ed25519-strict.ts')],
    ['bls.js', file([], [], 'C:\\x\\src\\crypto\\bls12-381.ts')],
  ]);
  expect(filesOfOtherChains(files)).toEqual(['moloch.js', 'rows.js', 'late.js', 'bls.js']);
});

it('takes a chain’s file that Albatross imports for one that it needs', () => {
  const files = new Map([['hub.js', file(['moloch.js'], [], undefined, true)], ['moloch.js', file([], [], 'src/chains/moloch/driver.ts')]]);
  expect(filesOfOtherChains(files)).toEqual([]);
});
