/**
 * BLAKE2s-256 as WebAssembly: one function that hashes a whole message. The tree over voting keys hashes hundreds of kilobytes.
 * @module
 */
import { I32 } from './assembler.ts';
import type { Code, ModuleBuilder } from './assembler.ts';
import { get, i32, repeatWhile, select, set, tee } from './instructions.ts';

/** Bytes compressed at once. */
const BLOCK = 64;

/** Address of the table of message words; the kernel needs no other memory. */
const TABLE = 512;

/** The fractional parts of the square roots of the first eight primes (RFC 7693, 2.6). */
const INITIAL_VALUE = [0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19];

/** Digest length 32, fanout 1, depth 1. */
const PARAMETERS = 0x01010020;

/** Which message word goes where in each of the ten rounds (RFC 7693, 2.7), as hexadecimal digits. */
const SIGMA = [
  '0123456789abcdef',
  'ea489fd61c02b753',
  'b8c052fdae367194',
  '7931dcbe265a40f8',
  '905724afe1bc683d',
  '2c6a0b834d75fe19',
  'c51fed4a0763928b',
  'db7ec13950f4862a',
  '6fe9b308c2d714a5',
  'a2847615fb9e3cd0',
];
const ROUND_WORDS = 16;

/** The columns, then the diagonals, of the 4 x 4 working vector. */
const MIXED = ['048c', '159d', '26ae', '37bf', '05af', '16bc', '278d', '349e'].map((digits) => [...digits].map((digit) => Number.parseInt(digit, 16)));

/** The byte offsets of each round's message words, and the address of this table. */
export function blake2sTables(): { readonly address: number; readonly bytes: Uint8Array } {
  return { address: TABLE, bytes: Uint8Array.from(SIGMA.join(''), (digit) => 4 * Number.parseInt(digit, 16)) };
}

/** Adds `blake2s(out, message, length)`: zeros must follow the message up to a multiple of 64 bytes, and at least up to one block. */
export function addBlake2sKernel(module: ModuleBuilder): void {
  const f = module.function([I32, I32, I32], [], 'blake2s');
  const [out, message, length] = [0, 1, 2];
  const state = INITIAL_VALUE.map(() => f.local(I32));
  const work = Array.from({ length: 16 }, () => f.local(I32));
  const [counter, order] = [f.local(I32), f.local(I32)];
  const v = (i: number) => work[i]!;

  const xorRotated = (target: number, other: number, bits: number) => set(target, i32.rotateRight(i32.xor(get(target), get(other)), i32.const(bits)));
  const word = (i: number): Code => i32.load(i32.add(get(message), i32.load8(get(order), TABLE + i)));
  /** The function G of RFC 7693, 3.1. */
  const mix = ([a, b, c, d]: readonly number[], i: number): Code =>
    [
      [2 * i, 16, 12] as const,
      [2 * i + 1, 8, 7] as const,
    ].flatMap(([index, first, second]) => [
      ...set(v(a!), i32.add(i32.add(get(v(a!)), get(v(b!))), word(index))),
      ...xorRotated(v(d!), v(a!), first),
      ...set(v(c!), i32.add(get(v(c!)), get(v(d!)))),
      ...xorRotated(v(b!), v(c!), second),
    ]);

  f.body(
    ...state.map((local, i) => set(local, i32.const(INITIAL_VALUE[i]! ^ (i === 0 ? PARAMETERS : 0)))),
    repeatWhile(
      [
        ...state.flatMap((local, i) => [...set(v(i), get(local)), ...set(v(i + 8), i32.const(INITIAL_VALUE[i]!))]),
        // Bytes so far; with the last block, the whole length.
        ...set(counter, i32.add(get(counter), i32.const(BLOCK))),
        ...set(counter, select(get(counter), get(length), i32.lessUnsigned(get(counter), get(length)))),
        ...set(v(12), i32.xor(get(v(12)), get(counter))),
        ...set(v(14), i32.xor(get(v(14)), select(i32.const(0), i32.const(-1), i32.lessUnsigned(get(counter), get(length))))),
        ...set(order, i32.const(0)),
        ...repeatWhile(MIXED.flatMap(mix), i32.notEqual(tee(order, i32.add(get(order), i32.const(ROUND_WORDS))), i32.const(ROUND_WORDS * SIGMA.length))),
        ...state.flatMap((local, i) => set(local, i32.xor(get(local), i32.xor(get(v(i)), get(v(i + 8)))))),
        ...set(message, i32.add(get(message), i32.const(BLOCK))),
      ],
      i32.lessUnsigned(get(counter), get(length)),
    ),
    ...state.map((local, i) => i32.store(get(out), get(local), 4 * i)),
  );
}
