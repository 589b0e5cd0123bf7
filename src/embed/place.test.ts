import { describe, expect, it } from 'vitest';
import { placeOf } from './place.ts';

const foreign = { get document(): never { throw new DOMException('blocked', 'SecurityError'); } };
const origin = 'https://widget.example';

describe('where the frame runs', () => {
  it('is a page of its own, or inside a page of its own origin, or without an origin', () => {
    const self = {};
    expect(placeOf({ self, parent: self, top: self, origin, location: {} })).toEqual({ kind: 'top' });
    expect(placeOf({ self, parent: { document: {} }, top: {}, origin, location: {} })).toEqual({ kind: 'same-origin' });
    expect(placeOf({ self, parent: foreign, top: foreign, origin: 'null', location: {} })).toEqual({ kind: 'opaque' });
  });

  it('is framed by another origin, at once or further up', () => {
    const location = { ancestorOrigins: ['https://shop.example', 'https://portal.example'] };
    expect(placeOf({ self: {}, parent: foreign, top: foreign, origin, location: {} })).toEqual({ kind: 'framed', nested: false, top: undefined });
    expect(placeOf({ self: {}, parent: foreign, top: {}, origin, location })).toEqual({ kind: 'framed', nested: true, top: 'https://portal.example' });
  });
});
