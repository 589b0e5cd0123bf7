/** The entry of the page `/confirm`. */
import './confirm.css';
import { pageClock } from '../base/page-clock.ts';
import { draw, drawGrants, drawWaiting } from './draw.tsx';
import { receive } from './incoming.ts';
import { pageClient } from './page-client.ts';

/** What sites may see: linked from the wallet. In a frame, nothing but the explanation is shown. */
const isGrants = location.hash === '#grants' && window.top === window.self;

if (isGrants) drawGrants();
else {
  drawWaiting();
  void receive(window, pageClock).then((incoming) => draw(incoming, (network) => pageClient(network, location.search)));
}

// The link to the grants changes only the fragment; a page with a request has another one and keeps it.
addEventListener('hashchange', () => {
  if (isGrants || location.hash === '#grants') location.reload();
});
