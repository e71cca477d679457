import type { BandwidthAdvice } from '../signaling/messages.ts';

/** Members of RTCRtpEncodingParameters (W3C webrtc-pc); bitrates in bits per second. */
export interface SenderBudget {
  active: boolean;
  maxBitrate: number;
  maxFramerate?: number;
  scaleResolutionDownBy?: number;
}

/** What a voice needs at most when the room asks for no less. */
const voiceBitrate = 64_000;

export function audioBudget(advice: BandwidthAdvice | null): SenderBudget {
  return { active: true, maxBitrate: advice === null ? voiceBitrate : Math.max(6_000, advice.audio_kbps * 1_000) };
}

/** In a mesh each further peer is one more encoder and one more upload: the camera's share shrinks as the room grows. */
export function cameraBudget(peers: number, advice: BandwidthAdvice | null): SenderBudget {
  if (peers <= 1) return within(advice, { active: true, maxBitrate: 1_200_000, maxFramerate: 25, scaleResolutionDownBy: 1 });
  if (peers <= 3) return within(advice, { active: true, maxBitrate: 500_000, maxFramerate: 20, scaleResolutionDownBy: 2 });
  if (peers <= 6) return within(advice, { active: true, maxBitrate: 250_000, maxFramerate: 15, scaleResolutionDownBy: 2.5 });
  return within(advice, { active: true, maxBitrate: 120_000, maxFramerate: 12, scaleResolutionDownBy: 4 });
}

/** Text on a shared screen has to stay readable: frames give way before pixels do. */
export function screenBudget(peers: number, advice: BandwidthAdvice | null): SenderBudget {
  const roomy = peers <= 3;
  return within(advice, { active: true, maxBitrate: roomy ? 1_500_000 : 800_000, maxFramerate: roomy ? 15 : 8, scaleResolutionDownBy: 1 });
}

/** No video at all is advised as 0. */
function within(advice: BandwidthAdvice | null, budget: SenderBudget): SenderBudget {
  if (advice === null) return budget;
  return { ...budget, active: advice.video_kbps > 0, maxBitrate: Math.max(1_000, Math.min(budget.maxBitrate, advice.video_kbps * 1_000)) };
}
