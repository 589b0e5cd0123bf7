/**
 * What the official classes have because their objects live in WASM memory. Here it does nothing, and an object can be used
 * afterwards.
 */
export abstract class Freeable {
  free(): void {}

  [Symbol.dispose](): void {}
}
