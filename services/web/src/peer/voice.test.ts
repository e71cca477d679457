import { expect, it } from 'vitest';
import { preferringSilence } from './voice.ts';

const lines = (...all: string[]): string => `${all.join('\r\n')}\r\n`;
const session = ['v=0', 'o=- 1 2 IN IP4 127.0.0.1', 's=-', 't=0 0'];
const sound = (format: string): string[] => [
  'm=audio 9 UDP/TLS/RTP/SAVPF 111 63 9', 'a=rtpmap:111 opus/48000/2', format, 'a=rtpmap:63 red/48000/2', 'a=fmtp:63 111/111', 'a=rtpmap:9 G722/8000',
];
const picture = ['m=video 9 UDP/TLS/RTP/SAVPF 96', 'a=rtpmap:96 VP8/90000'];

it('asks for it in the voice alone, and not in the sound of a screen', () => {
  const offer = (voice: string): string => lines(
    ...session, ...sound(voice), ...picture, ...sound('a=fmtp:111 minptime=10;useinbandfec=1'));

  expect(preferringSilence(offer('a=fmtp:111 minptime=10;useinbandfec=1')))
    .toBe(offer('a=fmtp:111 minptime=10;useinbandfec=1;usedtx=1'));
});

it('leaves a description alone that says it already, or has no such voice', () => {
  for (const sdp of [
    '',
    lines(...session, ...picture),
    lines(...session, ...sound('a=fmtp:111 usedtx=0;useinbandfec=1'), ...picture),
    lines(...session, 'm=audio 9 UDP/TLS/RTP/SAVPF 0', 'a=rtpmap:0 PCMU/8000', ...sound('a=fmtp:111 minptime=10')),
  ]) expect(preferringSilence(sdp)).toBe(sdp);
});

it('finds the voice at the end of a description, without its last line end', () => {
  const sdp = lines(...session, ...picture, 'm=audio 9 UDP/TLS/RTP/SAVPF 111', 'a=rtpmap:111 OPUS/48000/2') + 'a=fmtp:111 minptime=10';

  expect(preferringSilence(sdp)).toBe(`${sdp};usedtx=1`);
});
