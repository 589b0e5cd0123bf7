import { expect, it } from 'vitest';
import { createDevnet } from '../../devnet/devnet.ts';
import { startNodeClient } from '../support/node-client.ts';
import { closeWithNobodyExpelled } from '../support/nobody-expelled.ts';

it.each([
  { zkp: 'none', checked: { proofs: 0, electionBlocks: 2 } },
  { zkp: 'fresh', checked: { proofs: 1, electionBlocks: 0 } },
] as const)('a client leaves a forged chain when honest peers come, and bans the liars ($zkp)', async ({ zkp, checked }) => {
  const verified = { level: 'proven', checked };
  const devnet = await createDevnet({ port: 0, blockTime: 0, seed: 'liars', peers: 5, lie: 3, epochs: 2, zkp });
  try {
    for (const honest of [3, 4]) await devnet.stopPeer(honest);
    const liars = devnet.peers.slice(0, 3);
    const client = await startNodeClient({ network: devnet.network });
    try {
      const forged = liars[0]!.view.head;
      await client.until('the forged head', (it) => it.getHead().latest.hash === forged.hash);
      for (const honest of [3, 4]) await devnet.startPeer(honest);
      await client.until('the true head', (it) => it.getHead().latest.hash === devnet.chain.head.hash);
      await client.until('the bans', (it) => it.getPeers().filter(({ state }) => state === 'banned').length === liars.length);
      expect(new Set(client.client.getPeers().flatMap(({ id, state }) => (state === 'banned' ? [id] : [])))).toEqual(new Set(liars.map(({ id }) => id)));
      // The client trusted no peer this time: it verified the true chain from genesis before it showed it.
      await client.until('proven', (it) => it.getTrust().level === 'proven');
      expect(client.trusts.filter(({ anchor }) => anchor.kind === 'witnesses').every(({ anchor: { hash } }) => hash === forged.hash)).toBe(true);
      expect(client.client.getTrust()).toMatchObject(verified);
    } finally {
      await client.close();
    }
    // The store has the true chain too: the client shows it before it asks any peer.
    for (const honest of [3, 4]) await devnet.stopPeer(honest);
    const again = await startNodeClient({ network: devnet.network, rows: client.rows });
    try {
      expect(again.client.getHead().latest.hash).toBe(devnet.chain.head.hash);
      await again.until('checked', (it) => it.getTrust().level === 'proven');
      expect(again.client.getTrust()).toMatchObject(verified);
    } finally {
      await again.close();
    }
  } finally {
    await closeWithNobodyExpelled(devnet);
  }
});

it('issue 11.4: a client keeps its verified chain when one liar is the only peer', async () => {
  const devnet = await createDevnet({ port: 0, blockTime: 0, seed: 'silence', peers: 4, lie: 1, epochs: 2 });
  const [liar, ...honest] = devnet.peers.map(({ index }) => index);
  try {
    await devnet.stopPeer(liar!);
    const first = await startNodeClient({ network: devnet.network, settings: { prove: true } });
    await first.until('proven', (it) => it.getTrust().level === 'proven' && it.getHead().latest.hash === devnet.chain.head.hash);
    await first.close();
    for (const index of honest) await devnet.stopPeer(index);
    await devnet.startPeer(liar!);
    const client = await startNodeClient({ network: devnet.network, rows: first.rows });
    try {
      await client.until('the ban', (it) => it.getPeers().some(({ state }) => state === 'banned'));
      expect(client.client.getHead().latest.hash).toBe(devnet.chain.head.hash);
      expect(client.notices.map(({ code }) => code)).not.toContain('other-chain');
      for (const index of honest) await devnet.startPeer(index);
      await devnet.produce(2);
      await client.until('the head', (it) => it.getHead().latest.hash === devnet.chain.head.hash);
      expect(client.heads.flatMap(({ reverted }) => reverted)).toEqual([]);
      expect(client.client.getTrust().level).toBe('proven');
    } finally {
      await client.close();
    }
  } finally {
    await closeWithNobodyExpelled(devnet);
  }
});
