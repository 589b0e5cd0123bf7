/**
 * Puts our WebRTC where `@libp2p/webrtc` looks for it when it is loaded: the global scope of a worker, which has none. To be imported before it, and
 * in no page.
 * @module
 */

import { IceCandidate, PeerConnection, SessionDescription } from './peer-connection.ts';

Object.assign(globalThis, { RTCPeerConnection: PeerConnection, RTCSessionDescription: SessionDescription, RTCIceCandidate: IceCandidate });
