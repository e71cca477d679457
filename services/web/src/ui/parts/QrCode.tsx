import type { JSX } from 'preact';
import { encode } from 'uqr';

/** A link as a picture for the camera of a phone (ISO/IEC 18004), dark on light in every theme: scanners expect it so. */
export function QrCode({ text, label }: { text: string; label: string }): JSX.Element {
  const { data, size } = encode(text, { ecc: 'L', border: 3 });
  // One path for all dark modules: runs of a row, each a rectangle one unit high.
  const path = data.map((row, y) => row.map((dark, x) => (dark ? `M${x} ${y}h1v1h-1z` : '')).join('')).join('');
  return (
    <svg class="qr" viewBox={`0 0 ${size} ${size}`} role="img" aria-label={label} shape-rendering="crispEdges" data-testid="qr-code">
      <path class="qr-ground" d={`M0 0h${size}v${size}H0z`} />
      <path class="qr-ink" d={path} />
    </svg>
  );
}
