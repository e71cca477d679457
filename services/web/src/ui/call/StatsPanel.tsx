import type { JSX } from 'preact';
import type { LinkQuality } from '../../peer/linkStats.ts';
import { language, t } from '../i18n/language.ts';
import type { CallModel } from './callModel.ts';
import { SidePanel } from './SidePanel.tsx';

/** For the curious: what each connection carries, and how well. */
export function StatsPanel({ call }: { call: CallModel }): JSX.Element {
  const participants = call.participants.value;
  return (
    <SidePanel title={t('stats.title')} closeLabel={t('stats.close')} close={() => call.togglePanel('stats')} opener="control-more">
      <div class="panel-body" tabIndex={0} role="region" aria-label={t('stats.title')}>
        {participants.length === 0 && <p class="chat-empty">{t('stats.alone')}</p>}
        {participants.map(({ id, name }) => {
          const quality = call.quality.value.get(id);
          return (
            <section key={id} class="stats-link" data-testid="stats-link" data-participant-id={id} data-cause={quality?.cause}>
              <h3>{name}</h3>
              {quality === undefined ? <p class="hint">{t('stats.none')}</p> : <Figures quality={quality} />}
            </section>
          );
        })}
        <p class="hint">{t('stats.hint')}</p>
      </div>
    </SidePanel>
  );
}

function Figures({ quality }: { quality: LinkQuality }): JSX.Element {
  const number = (value: number, digits = 0): string => new Intl.NumberFormat(language.value, { maximumFractionDigits: digits }).format(value);
  const rows: [string, string][] = [
    [t('stats.mos'), `${number(quality.mos, 1)} / ${number(4.5, 1)}`],
    [t('stats.rtt'), `${number(quality.roundTripMs)} ${t('stats.ms')}`],
    [t('stats.jitter'), `${number(quality.jitterMs, 1)} ${t('stats.ms')}`],
    [t('stats.loss'), `${number(quality.loss * 100, 1)} %`],
    [t('stats.down'), `${number(quality.kbpsIn)} ${t('stats.kbps')}`],
    [t('stats.up'), `${number(quality.kbpsOut)} ${t('stats.kbps')}`],
    [t('stats.way'), `${t(quality.candidate === 'relay' ? 'stats.way.relay' : 'stats.way.direct')}, ${quality.protocol.toUpperCase()}`],
  ];
  return (
    <>
      <p class="stats-cause">{t(`cause.${quality.cause}`)}</p>
      <dl class="stats">{rows.map(([name, value]) => <div key={name}><dt>{name}</dt><dd>{value}</dd></div>)}</dl>
    </>
  );
}
