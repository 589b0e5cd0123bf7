/**
 * Puts our WebRTC classes where `@libp2p/webrtc` looks for them when it is loaded: into the global scope of a worker, which has none. Must
 * be imported before it, and never in a page.
 * @module
 */

import { IceCandidate, PeerConnection, SessionDescription } from './peer-connection.ts';

Object.assign(globalThis, { RTCPeerConnection: PeerConnection, RTCSessionDescription: SessionDescription, RTCIceCandidate: IceCandidate });
