import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { language, t } from '../i18n/language.ts';
import type { CallModel } from './callModel.ts';
import { readLink, type LinkFigures, type LinkReading } from './linkFigures.ts';
import { SidePanel } from './SidePanel.tsx';

/** How often the figures are read; the browser itself renews them about once a second. */
const intervalMs = 2_000;

/** For the curious: what each connection carries, and how well. */
export function StatsPanel({ call }: { call: CallModel }): JSX.Element {
  const figures = useFigures(call);
  const links = call.participants.value.map(({ id, name }) => ({ id, name, figures: figures.get(id) }));
  return (
    <SidePanel title={t('stats.title')} closeLabel={t('stats.close')} close={() => call.togglePanel('stats')}>
      <div class="panel-body" tabIndex={0} role="region" aria-label={t('stats.title')}>
        {links.length === 0 && <p class="chat-empty">{t('stats.alone')}</p>}
        {links.map(({ id, name, figures: shown }) => (
          <section key={id} class="stats-link" data-testid="stats-link" data-participant-id={id}>
            <h3>{name}</h3>
            {shown === undefined ? <p class="hint">{t('stats.none')}</p> : <Figures shown={shown} />}
          </section>
        ))}
        <p class="hint">{t('stats.hint')}</p>
      </div>
    </SidePanel>
  );
}

function Figures({ shown }: { shown: LinkFigures }): JSX.Element {
  const number = (value: number | undefined, digits = 0): string =>
    value === undefined ? '–' : new Intl.NumberFormat(language.value, { maximumFractionDigits: digits }).format(value);
  const size = shown.height === undefined ? '–' : `${shown.width ?? 0}×${shown.height}, ${number(shown.framesPerSecond)} ${t('stats.fps')}`;
  const rows: [string, string][] = [
    [t('stats.rtt'), `${number(shown.rttMs)} ${t('stats.ms')}`],
    [t('stats.jitter'), `${number(shown.jitterMs, 1)} ${t('stats.ms')}`],
    [t('stats.loss'), `${number(shown.lossPercent, 1)} %`],
    [t('stats.down'), `${number(shown.downKbps)} ${t('stats.kbps')}`],
    [t('stats.up'), `${number(shown.upKbps)} ${t('stats.kbps')}`],
    [t('stats.picture'), size],
    [t('stats.way'), shown.way === undefined ? '–' : t(`stats.way.${shown.way}`)],
  ];
  return <dl class="stats">{rows.map(([name, value]) => <div key={name}><dt>{name}</dt><dd>{value}</dd></div>)}</dl>;
}

function useFigures(call: CallModel): ReadonlyMap<string, LinkFigures> {
  const [figures, setFigures] = useState<ReadonlyMap<string, LinkFigures>>(new Map());
  useEffect(() => {
    const readings = new Map<string, LinkReading>();
    let isClosed = false;
    const read = async (): Promise<void> => {
      const all = await Promise.all(call.room.links.map(async ({ remoteId, connection }) => {
        const reading = await readLink(connection, readings.get(remoteId));
        readings.set(remoteId, reading);
        return [remoteId, reading.figures] as const;
      }));
      if (!isClosed) setFigures(new Map(all));
    };
    void read();
    const timer = setInterval(() => void read(), intervalMs);
    return () => {
      isClosed = true;
      clearInterval(timer);
    };
  }, [call]);
  return figures;
}
