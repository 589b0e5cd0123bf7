import type { Fq3Backend } from '../../src/crypto/mnt6/fq3-backend.ts';
import { fq3 } from '../../src/crypto/mnt6/fq3.ts';
import { mnt6 } from '../../src/crypto/mnt6/mnt6.ts';
import type { Mnt6 } from '../../src/crypto/mnt6/mnt6.ts';
import { loadFma } from '../../src/crypto/wasm/load-fma.ts';

const { loaded, refused } = loadFma();
if (!loaded) throw new Error(`WebAssembly does not run here: ${refused}`);

/** All back ends; tests of the code above them run on each. */
export const backends = [fq3, loaded.field] as unknown as readonly Fq3Backend<unknown>[];

export const curves: readonly { readonly name: string; readonly curve: Mnt6<unknown> }[] = backends.map((field) => ({ name: field.name, curve: mnt6(field) }));

/** For code far above the back end: the one in WebAssembly, and with `PETREL_LONG=1` BigInt besides, which takes five times as long. */
export const usualCurves = process.env['PETREL_LONG'] === '1' ? curves : curves.slice(1);
