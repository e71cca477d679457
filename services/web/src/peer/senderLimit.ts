import type { SenderBudget } from './mediaBudget.ts';
import { isSound, type TrackKind } from './tracks.ts';

/**
 * Keeps a sender to its budget (RTCRtpSender.setParameters, W3C webrtc-pc section 5.2); does nothing when it is kept already. While it is
 * `starting`, size is kept: browsers that may shrink a camera drop its first pictures until they know what gets through.
 */
export async function limitSender(
  sender: RTCRtpSender, kind: TrackKind, { lines, ...budget }: SenderBudget, starting = false,
): Promise<void> {
  const parameters = sender.getParameters();
  // Without encodings nothing has been negotiated yet.
  const encoding = parameters.encodings[0];
  if (encoding === undefined) return;
  const wanted: RTCRtpEncodingParameters = isSound(kind) ? budget : { ...budget, scaleResolutionDownBy: scaleTo(lines, sender.track) };
  const preference = isSound(kind) ? undefined : kind === 'screen' || starting ? 'maintain-resolution' : 'maintain-framerate';
  // Some browsers do not tell what is preferred.
  const isPreferred = (parameters.degradationPreference ?? preference) === preference;
  if (isPreferred && Object.entries(wanted).every(([name, value]) => encoding[name as keyof RTCRtpEncodingParameters] === value)) return;
  Object.assign(encoding, wanted);
  if (preference !== undefined) parameters.degradationPreference = preference;
  // Refused while a negotiation is under way; the next decision comes in two seconds.
  await sender.setParameters(parameters).catch(() => undefined);
}

/**
 * The next picture is a whole one (W3C webrtc-extensions, RTCEncodingOptions): what was lost on the way back to the last one is not waited
 * for, which takes a receiver three seconds. Browsers without it ignore it.
 */
export async function sendWholePicture(sender: RTCRtpSender): Promise<void> {
  const parameters = sender.getParameters();
  const options: WholePictures = { encodingOptions: parameters.encodings.map(() => ({ keyFrame: true })) };
  await sender.setParameters(parameters, options).catch(() => undefined);
}

/** The DOM types do not know it yet. */
interface WholePictures extends RTCSetParameterOptions {
  encodingOptions: { keyFrame: boolean }[];
}

/** By how much a track's picture has to shrink to have so many lines. */
function scaleTo(lines: number | undefined, track: MediaStreamTrack | null): number {
  const { width, height } = track?.getSettings() ?? {};
  if (lines === undefined || width === undefined || height === undefined) return 1;
  return Math.max(1, Math.min(width, height) / lines);
}
