// Tests: `src/page/code-texts.test.ts`.
import type { CodeTexts } from '../../../page/code-texts.ts';
import { formatSpan, shortPeer } from '../../../page/format.ts';

/** Why the client is not live, and what becomes of its nodes, where these are gateways and no peers. */
export const gatewayCauses: CodeTexts = {
  asleep: () => 'All tabs of this page are frozen by the browser or paused, so no gateway is asked. Petrel goes on when one is looked at or resumed.',
  'no-seeds': () => 'No address of a gateway is known. Name some under the network’s name above, or with “seeds” in the address.',
  'seeds-no-websocket': ({ seeds = 0, address = '' }) => `None of the ${seeds} gateways can be asked: ${address} is no address of one. Name gateways whose addresses begin with https.`,
  'seeds-insecure': ({ seeds = 0, address = '' }) => `None of the ${seeds} gateways can be asked: ${address} is not encrypted (http). Over http a browser asks only gateways of this machine. Name gateways whose addresses begin with https.`,
  'seeds-other-network': () => 'The gateways belong to another network. Choose their network, or name gateways of this one.',
  'peers-refuse': () => 'Gateways are reached, but refuse the requests. They may be full, or not let pages ask them. Petrel keeps trying; other gateways, under the network’s name above, may help.',
  'peers-banned': () => 'All known gateways are banned, because what they sent breaks rules of this Petrel. Either they lie, or this client is too old or wrong. Petrel asks them again when their bans end; other gateways, under the network’s name above, may help. If this lasts, close all tabs of this page and open it again, which loads a newer version if there is one.',
  'no-peers': () => 'No gateway can be reached, though this device says that it is online. The gateways may be down, or not let this page ask them, or a firewall may be in the way. Petrel keeps trying; other gateways, under the network’s name above, may help.',
  'slow-line': ({ dials = 0 }) => `No gateway has answered yet; ${dials} are being asked. The line may be slow. Petrel keeps trying.`,
  'few-peers': ({ live = 0, wanted = 0 }) => `Too few gateways for consensus: ${live} of ${wanted}. Petrel keeps trying; other gateways, under the network’s name above, may help.`,
  'peers-silent': ({ connected = 0 }) => `${connected} gateways are connected, but none has given anything to go on with. Petrel asks again.`,
  'no-agreement': ({ live = 0 }) => `${live} gateways are live, but too few of them know the same newest block. Petrel asks again every few seconds.`,
  'head-stale': ({ by = '' }, { seconds = 0 }) => {
    const span = formatSpan(Number(seconds) * 1000);
    if (by === 'age') return `The newest block is ${span} old by the clock of this device, longer than this network takes for another. If blocks come all the same, that clock is ahead or the gateways are late.`;
    return `No new block for ${span}, longer than this network takes. The gateways are asked again.`;
  },
  'peer-banned': ({ peer = '', reason = '' }, _, other) => `Gateway ${shortPeer(String(peer))} was banned: ${other(String(reason))}.`,
};
