import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { codeOf } from '../../api/problem.ts';
import { rest } from '../../api/rest.ts';
import { checkConnection, verdictOf, ways, type ConnectionReport } from '../../peer/connectionCheck.ts';
import { errorText, t } from '../i18n/language.ts';

/** In the lobby, or when somebody is not reached, on demand: which ways media can take out of this network, in plain words, and what to do. */
export function ConnectionCheck({ invitation }: { invitation: string }): JSX.Element {
  const [report, setReport] = useState<ConnectionReport | null>(null);
  const [busy, setBusy] = useState(false);
  const [refusal, setRefusal] = useState<string | null>(null);

  const run = async (): Promise<void> => {
    setBusy(true);
    setRefusal(null);
    try {
      const { ice_servers } = await rest.iceServers(invitation);
      setReport(await checkConnection(ice_servers));
    } catch (error) {
      setRefusal(codeOf(error));
    } finally {
      setBusy(false);
    }
  };

  const verdict = report === null ? null : verdictOf(report);
  return (
    <section class="check-connection" aria-label={t('check.title')}>
      <button type="button" class="text-button" disabled={busy} data-testid="check-connection" onClick={() => void run()}>
        {t(busy ? 'check.running' : 'check.title')}
      </button>
      {refusal !== null && <p class="form-error" role="alert">{errorText(refusal)}</p>}
      {report !== null && verdict !== null && (
        <div role="status" data-testid="check-verdict" data-verdict={verdict}>
          <p class={verdict === 'good' ? 'quiet' : 'form-hint'}>{t(`check.${verdict}`)}</p>
          <ul class="check-ways">
            {ways.filter((way) => report[way] !== 'absent').map((way) => (
              <li key={way} data-testid="check-way" data-way={way} data-state={report[way]}>
                <span aria-hidden="true">{report[way] === 'works' ? '✓' : '✕'}</span> {t(`check.way.${way}`)}: {t(report[way] === 'works' ? 'check.works' : 'check.notWorking')}
              </li>
            ))}
          </ul>
        </div>
      )}
    </section>
  );
}
