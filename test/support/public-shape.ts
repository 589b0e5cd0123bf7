/** What is public of a type: without private members, for which TypeScript takes every class for another. */
export type PublicShape<T> = T extends string | number | bigint | boolean | symbol | null | undefined
  ? T
  : T extends (...args: infer A) => infer R
    ? (...args: { [K in keyof A]: PublicShape<A[K]> }) => PublicShape<R>
    : T extends Promise<infer V>
      ? Promise<PublicShape<V>>
      : T extends Uint8Array
        ? Uint8Array & { [K in Exclude<keyof T, keyof Uint8Array>]: PublicShape<T[K]> }
        : { [K in keyof T]: PublicShape<T[K]> };
