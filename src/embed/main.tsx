/** The entry of the page `/embed`: the frame of the widget. */

import { createRoot } from 'react-dom/client';
import type { Client } from '../client/types.ts';
import { Frame } from './frame.ts';
import { type Session, shakeHands } from './handshake.ts';
import { FrameView } from './parts/FrameView.tsx';
import { Refused } from './parts/Refused.tsx';
import { type Place, type PlacedWindow, placeOf } from './place.ts';
import { startClient } from './start-client.ts';
import { watchSize } from './watch-size.ts';

const place = placeOf(window as unknown as PlacedWindow);
const element = document.getElementById('root')!;
const root = createRoot(element);

function run(session: Session, framed: Extract<Place, { kind: 'framed' }>, ignored: () => number): void {
  const frame = new Frame({ session, place: framed, ignored, start: (network) => startClient(network, location.search) });
  const draw = (client: Client | undefined, failed?: string) => root.render(<FrameView frame={frame} client={client} failed={failed} />);
  draw(undefined);
  frame.client.then(draw, (error: unknown) => draw(undefined, String((error as { readonly code?: unknown } | undefined)?.code ?? 'failed')));
  watchSize(element, (height) => frame.resized(height));
}

if (place.kind === 'framed') {
  const handshake = shakeHands(window, (session) => run(session, place, () => handshake.ignored), () => root.render(<Refused why="version" />));
} else root.render(<Refused why={place.kind} />);
