import { describe, expect, it } from 'vitest';
import { Deadline } from '../../base/deadline.ts';
import { systemClock } from '../../base/system.ts';
import type { DataChannel } from './data-channel.ts';
import { candidateHosts } from './candidate-hosts.ts';
import { MAX_CANDIDATES } from './description.ts';
import { MemoryRtc } from './memory-rtc.ts';
import { IceCandidate, PeerConnection } from './peer-connection.ts';
import type { RtcHost } from '../../engine/rtc-host.ts';

function connect(host: RtcHost, named: readonly string[] = []) {
  const deadline = new Deadline(systemClock, 60_000, undefined, () => new Error('late'));
  const connection = new PeerConnection({ conversation: { host, candidateHosts: candidateHosts(named), deadline, onConnected: () => deadline.clear() } });
  const seen: string[] = [];
  const candidates: RTCIceCandidateInit[] = [];
  connection.addEventListener('connectionstatechange', () => seen.push(connection.connectionState));
  connection.addEventListener('icecandidate', (event) => candidates.push((event as unknown as { candidate: IceCandidate }).candidate.toJSON()));
  return { connection, deadline, seen, candidates };
}

const until = (connection: PeerConnection, state: RTCPeerConnectionState) =>
  new Promise<void>((resolve) => connection.addEventListener('connectionstatechange', () => connection.connectionState === state && resolve()));
const channelOf = (connection: PeerConnection) =>
  new Promise<DataChannel>((resolve) => connection.addEventListener('datachannel', (event) => resolve((event as unknown as { channel: DataChannel }).channel)));
const turns = () => new Promise((resolve) => setTimeout(resolve, 10));

/** Connects both sides as libp2p does. */
async function meet(rtc = new MemoryRtc()) {
  const [caller, called] = [connect(rtc.host()), connect(rtc.host())];
  const channel = caller.connection.createDataChannel('init');
  const arrived = channelOf(called.connection);
  const open = [until(caller.connection, 'connected'), until(called.connection, 'connected')];
  const offer = await caller.connection.createOffer();
  await caller.connection.setLocalDescription();
  await called.connection.setRemoteDescription(offer);
  const answer = await called.connection.createAnswer();
  await called.connection.setLocalDescription();
  await caller.connection.setRemoteDescription(answer);
  await Promise.all(open);
  return { caller, called, channel, arrived: await arrived };
}

describe('a peer connection in a worker', () => {
  it('is made by a page, sends its candidates after its description, and carries channels', async () => {
    const { caller, called, channel, arrived } = await meet();
    expect([caller.seen, called.seen]).toEqual([['connecting', 'connected'], ['connecting', 'connected']]);
    expect([channel.readyState, arrived.label]).toEqual(['open', 'init']);
    expect(caller.candidates).toMatchObject([{ sdpMid: '0', sdpMLineIndex: 0 }]);
    expect(caller.candidates[0]!.candidate).toMatch(/^candidate:/);
  });

  it('holds its candidates back until its description is set', async () => {
    const { connection, candidates } = connect(new MemoryRtc().host());
    await connection.createOffer();
    await turns();
    expect(candidates).toEqual([]);
    await connection.setLocalDescription();
    expect(candidates).toHaveLength(1);
  });

  it('ends on both sides when one closes it, and makes no channels after that', async () => {
    const { caller, called, channel } = await meet();
    const closed = until(called.connection, 'closed');
    caller.connection.close();
    await closed;
    expect(caller.seen.at(-1)).toBe('connected');
    expect(channel.readyState).toBe('closed');
    expect(() => called.connection.createDataChannel('')).toThrow('closed');
  });

  it('ends when its signal aborts', async () => {
    const { connection, deadline } = connect(new MemoryRtc().host());
    await connection.createOffer();
    deadline.abort(new Error('enough'));
    expect(connection.connectionState).toBe('closed');
  });

  it.each(['no-page', 'budget'] as const)('fails with the reason if no page can make one: %s', async (code) => {
    const rtc = new MemoryRtc();
    const host = rtc.host(code === 'budget' ? 0 : 1);
    const { connection, deadline, seen } = connect(host);
    const offer = connection.createOffer();
    if (code === 'no-page') host.links[0]!.fail('no-page');
    await expect(offer).rejects.toMatchObject({ code });
    await turns();
    expect(deadline.signal.reason).toMatchObject({ code });
    expect(seen.at(-1)).toBe('failed');
  });

  it('passes to the page only what concerns data channels, and only a bounded amount', async () => {
    const host = new MemoryRtc().host();
    const sound = connect(host);
    await expect(sound.connection.setRemoteDescription({ type: 'offer', sdp: 'v=0\r\nm=audio 9 UDP/TLS/RTP/SAVPF 111\r\n' })).rejects.toMatchObject({ code: 'malformed' });
    expect(sound.deadline.signal.reason).toMatchObject({ code: 'malformed' });
    expect(host.counts.made).toBe(0);
    const talkative = connect(host);
    await talkative.connection.createOffer();
    const candidate = new IceCandidate({ candidate: 'candidate:1 1 udp 1 192.0.2.1 9 typ host', sdpMid: '0' });
    for (let i = 0; i < MAX_CANDIDATES; i++) await talkative.connection.addIceCandidate(candidate);
    expect(host.links[0]!.candidates).toHaveLength(MAX_CANDIDATES);
    await expect(talkative.connection.addIceCandidate(candidate)).rejects.toMatchObject({ code: 'malformed' });
    expect(host.counts.open).toBe(0);
    expect(() => new IceCandidate({ candidate: 5 } as unknown as RTCIceCandidateInit)).toThrow(TypeError);
    const early = connect(host);
    await expect(early.connection.createAnswer()).rejects.toMatchObject({ code: 'malformed' });
  });

  describe("issue 11: a stranger cannot make the page send to a host in the user's network", () => {
    const mdns = 'udp 2122260223 2f0ad8a5-b1c6-4d27-9a0c-3c7e5f6a1b2d.local 50000 typ host';
    const publicly = ['udp 1 192.0.2.1 9 typ srflx raddr 0.0.0.0 rport 0 generation 0', 'UDP 1 2001:4860::1 9 typ relay'];
    const privately = ['udp 1 192.168.1.1 80 typ host', 'udp 1 fd00::1 80 typ host', 'udp 1 fe80::1 80 typ host', 'udp 1 ::ffff:10.0.0.1 80 typ srflx', 'udp 1 3232235777 80 typ host'];
    const here = ['udp 1 127.0.0.1 22 typ host', 'udp 1 ::1 22 typ host', 'udp 1 0.0.0.0 22 typ host', 'udp 1 0x7f.1 22 typ host'];
    const never = ['tcp 1 192.0.2.1 80 typ host tcptype passive', 'tcp 1 127.0.0.1 80 typ host tcptype passive', 'ssltcp 1 192.0.2.1 443 typ host', 'udp 1 localhost 80 typ host', 'udp 1 printer.local 631 typ host', 'udp 1 fritz.box 80 typ host', 'udp 1 host.example 80 typ host', 'udp 1  127.0.0.1 80 typ host'];
    const all = [mdns, ...publicly, ...privately, ...here, ...never];

    it.each([
      ['nothing near', ['/dns4/seed.example/tcp/443/wss'], [mdns, ...publicly]],
      ['a seed in a private network', ['/ip4/10.0.0.2/tcp/8443/ws'], [mdns, ...publicly, ...privately]],
      ['a relay on this machine', ['/ip4/127.0.0.1/tcp/8443/ws'], [mdns, ...publicly, ...privately, ...here]],
    ])('unless the user has named that host: %s', async (_, named, expected) => {
      const host = new MemoryRtc().host();
      const { connection } = connect(host, named);
      await connection.createOffer();
      const [link] = host.links;
      const described: string[] = [];
      link!.describe = (description) => described.push(description);
      for (const candidate of all) await connection.addIceCandidate(new IceCandidate({ candidate: `candidate:1 1 ${candidate}`, sdpMid: '0' }));
      expect(link!.candidates.map(({ candidate }) => candidate.replace('candidate:1 1 ', ''))).toEqual(expected);
      const lines = ['v=0', 'o=- link 2 IN IP4 127.0.0.1', 'm=application 9 UDP/DTLS/SCTP webrtc-datachannel', 'c=IN IP4 0.0.0.0', ''];
      await connection.setRemoteDescription({ type: 'answer', sdp: [...lines.slice(0, -1), ...all.map((candidate) => `a=candidate:1 1 ${candidate}`), ''].join('\r\n') });
      expect(described).toEqual([[...lines.slice(0, -1), ...expected.map((candidate) => `a=candidate:1 1 ${candidate}`), ''].join('\r\n')]);
    });
  });
});
