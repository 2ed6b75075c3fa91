// SPDX-License-Identifier: GPL-3.0-or-later
export const RTCPeerConnection = undefined
export const RTCSessionDescription = undefined
export const RTCIceCandidate = undefined
