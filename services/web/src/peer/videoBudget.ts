export interface VideoBudget {
  maxBitrate: number;
  maxFramerate: number;
  scaleResolutionDownBy: number;
}

/** In a mesh each further peer is one more encoder and one more upload: the camera's share shrinks as the room grows. */
export function cameraBudget(peers: number): VideoBudget {
  if (peers <= 1) return { maxBitrate: 1_200_000, maxFramerate: 25, scaleResolutionDownBy: 1 };
  if (peers <= 3) return { maxBitrate: 500_000, maxFramerate: 20, scaleResolutionDownBy: 2 };
  if (peers <= 6) return { maxBitrate: 250_000, maxFramerate: 15, scaleResolutionDownBy: 2.5 };
  return { maxBitrate: 120_000, maxFramerate: 12, scaleResolutionDownBy: 4 };
}

/** Text on a shared screen has to stay readable: frames give way before pixels do. */
export function screenBudget(peers: number): VideoBudget {
  return { maxBitrate: peers <= 3 ? 1_500_000 : 800_000, maxFramerate: peers <= 3 ? 15 : 8, scaleResolutionDownBy: 1 };
}
