import type { JSX } from 'preact';
import { useRef } from 'preact/hooks';
import { t } from '../i18n/language.ts';
import type { CallModel } from './callModel.ts';
import { pictureBox, type Box } from './pictureBox.ts';

/** Over a shared screen: press and move to point, and see where others point. */
export function Pointers({ call }: { call: CallModel }): JSX.Element {
  const layer = useRef<HTMLDivElement>(null);
  const names = new Map(call.participants.value.map(({ id, name }) => [id, name]));
  const picture = (): Box | null => {
    const video = layer.current?.parentElement?.querySelector('video');
    return layer.current === null || video == null
      ? null
      : pictureBox(layer.current.clientWidth, layer.current.clientHeight, video.videoWidth, video.videoHeight);
  };
  const point = (event: PointerEvent): void => {
    const box = picture();
    const bounds = layer.current?.getBoundingClientRect();
    if (event.buttons === 0 || box === null || bounds === undefined) return;
    call.rules.point((event.clientX - bounds.left - box.left) / box.width, (event.clientY - bounds.top - box.top) / box.height);
  };
  const box = picture();
  return (
    <div class="pointers" ref={layer} title={t('call.point')} data-testid="pointers" onPointerDown={point} onPointerMove={point}>
      {box !== null && [...call.rules.pointers.value.values()].map(({ id, x, y }) => (
        <span key={id} class="pointer" data-testid="pointer" style={{ left: `${box.left + x * box.width}px`, top: `${box.top + y * box.height}px` }}>
          <span class="pointer-name">{names.get(id)}</span>
        </span>
      ))}
    </div>
  );
}
