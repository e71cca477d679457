import type { JSX } from 'preact';
import { useRef } from 'preact/hooks';
import { t } from '../i18n/language.ts';
import type { CallModel } from './callModel.ts';
import { pictureBox, type Box } from './pictureBox.ts';

interface PointersProps {
  call: CallModel;
  /** Over what one shares oneself one only sees them. */
  readOnly?: boolean;
}

/** Over a shared screen: press and move to point, and see where others point. */
export function Pointers({ call, readOnly = false }: PointersProps): JSX.Element {
  const layer = useRef<HTMLDivElement>(null);
  const names = new Map(call.participants.value.map(({ id, name }) => [id, name]));
  const picture = (): Box | null => {
    const video = layer.current?.parentElement?.querySelector('video');
    if (layer.current === null) return null;
    // Without a picture, as of a whole monitor in itself, the box stands for the screen.
    return video == null
      ? pictureBox(layer.current.clientWidth, layer.current.clientHeight, 0, 0)
      : pictureBox(layer.current.clientWidth, layer.current.clientHeight, video.videoWidth, video.videoHeight);
  };
  const point = (event: PointerEvent): void => {
    const box = picture();
    const bounds = layer.current?.getBoundingClientRect();
    if (readOnly || event.buttons === 0 || box === null || bounds === undefined) return;
    call.rules.point((event.clientX - bounds.left - box.left) / box.width, (event.clientY - bounds.top - box.top) / box.height);
  };
  const pointers = [...call.rules.pointers.value.values()];
  const box = pointers.length === 0 ? null : picture();
  return (
    <div class="pointers" ref={layer} data-read-only={readOnly} title={readOnly ? undefined : t('call.point')} data-testid="pointers" onPointerDown={point} onPointerMove={point}>
      {box !== null && pointers.map(({ id, x, y }) => (
        <span key={id} class="pointer" data-testid="pointer" style={{ left: `${box.left + x * box.width}px`, top: `${box.top + y * box.height}px` }}>
          <span class="pointer-name">{names.get(id)}</span>
        </span>
      ))}
    </div>
  );
}
