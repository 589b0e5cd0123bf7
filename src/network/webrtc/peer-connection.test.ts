import { describe, expect, it } from 'vitest';
import { Deadline } from '../deadline.ts';
import { systemClock } from '../system.ts';
import type { DataChannel } from './data-channel.ts';
import { MAX_CANDIDATES } from './description.ts';
import { MemoryRtc } from './memory-rtc.ts';
import { IceCandidate, PeerConnection } from './peer-connection.ts';
import type { RtcHost } from './rtc-host.ts';

function connect(host: RtcHost) {
  const deadline = new Deadline(systemClock, 60_000, undefined, () => new Error('late'));
  const connection = new PeerConnection({ conversation: { host, deadline, onConnected: () => deadline.clear() } });
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

/** Both sides, as libp2p brings them together. */
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
  it('is made by a page, tells its candidates after its description, and carries channels', async () => {
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

  it('ends on both sides when one closes it, and makes no channels then', async () => {
    const { caller, called, channel } = await meet();
    const closed = until(called.connection, 'closed');
    caller.connection.close();
    await closed;
    expect(caller.seen.at(-1)).toBe('connected');
    expect(channel.readyState).toBe('closed');
    expect(() => called.connection.createDataChannel('')).toThrow('closed');
  });

  it('ends with the conversation', async () => {
    const { connection, deadline } = connect(new MemoryRtc().host());
    await connection.createOffer();
    deadline.abort(new Error('enough'));
    expect(connection.connectionState).toBe('closed');
  });

  it.each(['no-page', 'budget'] as const)('fails with the reason where there is none to be had: %s', async (code) => {
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

  it('hands nothing to the page that is not for data, and not too much of it', async () => {
    const host = new MemoryRtc().host();
    const sound = connect(host);
    await expect(sound.connection.setRemoteDescription({ type: 'offer', sdp: 'v=0\r\nm=audio 9 UDP/TLS/RTP/SAVPF 111\r\n' })).rejects.toMatchObject({ code: 'malformed' });
    expect(sound.deadline.signal.reason).toMatchObject({ code: 'malformed' });
    expect(host.counts.made).toBe(0);
    const talkative = connect(host);
    await talkative.connection.createOffer();
    const candidate = new IceCandidate({ candidate: 'candidate:1 1 udp 1 127.0.0.1 9 typ host', sdpMid: '0' });
    for (let i = 0; i < MAX_CANDIDATES; i++) await talkative.connection.addIceCandidate(candidate);
    expect(host.links[0]!.candidates).toHaveLength(MAX_CANDIDATES);
    await expect(talkative.connection.addIceCandidate(candidate)).rejects.toMatchObject({ code: 'malformed' });
    expect(host.counts.open).toBe(0);
    expect(() => new IceCandidate({ candidate: 5 } as unknown as RTCIceCandidateInit)).toThrow(TypeError);
    const early = connect(host);
    await expect(early.connection.createAnswer()).rejects.toMatchObject({ code: 'malformed' });
  });
});
