import { CodedError } from '../../src/base/coded-error.ts';

/** The code that a decoder throws; undefined: it takes the bytes. Anything but a coded error is thrown on. */
export function codesOf(decode: (bytes: Uint8Array) => unknown, input: Uint8Array): string | undefined {
  try {
    decode(input);
    return undefined;
  } catch (error) {
    if (error instanceof CodedError) return error.code;
    throw error;
  }
}

/** Decodes so many altered copies of `good`, cut, changed or wholly random, and returns the codes seen. */
export function fuzzedWith(decode: (bytes: Uint8Array) => unknown, good: Uint8Array, count: number): ReadonlySet<string | undefined> {
  let seed = good.length;
  const random = (below: number) => {
    seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((seed / 2 ** 32) * below);
  };
  const codes = new Set<string | undefined>();
  for (let run = 0; run < count; run += 1) {
    const input = run % 8 === 0 ? Uint8Array.from({ length: random(300) }, () => random(256)) : good.slice(0, run % 4 === 0 ? random(good.length + 1) : good.length);
    for (let changes = random(4); changes >= 0 && input.length > 0; changes -= 1) input[random(input.length)] = run % 3 === 0 ? [0, 1, 127, 255][random(4)]! : random(256);
    codes.add(codesOf(decode, input));
  }
  return codes;
}
