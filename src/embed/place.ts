/**
 * Where this page runs. `top`: opened as a page of its own. `same-origin`: framed by a page of the widget's own origin, which could lift
 * the frame's sandbox. `opaque`: sandboxed without an origin, so that nothing could be kept apart by site. `framed`: as it should be.
 */
export type Place =
  | { readonly kind: 'top' | 'same-origin' | 'opaque' }
  | { readonly kind: 'framed'; /** The embedding page is itself in a frame; `top`: the origin of the outermost page, where the browser tells it. */ readonly nested: boolean; readonly top: string | undefined };

/** The parts of a window that tell it. */
export interface PlacedWindow {
  readonly self: unknown;
  readonly parent: unknown;
  readonly top: unknown;
  readonly origin: string;
  readonly location: { readonly ancestorOrigins?: ArrayLike<string> | undefined };
}

export function placeOf({ self, parent, top, origin, location }: PlacedWindow): Place {
  if (parent === self) return { kind: 'top' };
  if (origin === 'null') return { kind: 'opaque' };
  if (canRead(parent)) return { kind: 'same-origin' };
  const { ancestorOrigins } = location;
  return { kind: 'framed', nested: parent !== top, top: ancestorOrigins?.[ancestorOrigins.length - 1] };
}

function canRead(parent: unknown): boolean {
  try {
    return (parent as Window).document !== undefined;
  } catch {
    return false;
  }
}
