import type { JSX } from 'preact';
import { identityOf } from '../../identity/identityState.ts';
import type { Verdict } from '../../identity/verifiedRelay.ts';
import { t } from '../i18n/language.ts';
import { ShieldCheckIcon, ShieldWarningIcon } from '../parts/icons.tsx';

/** Whether it is proven who speaks here, and who vouches for it. */
export function IdentityMark({ verdict, name }: { verdict: Verdict | undefined; name: string }): JSX.Element | null {
  const state = identityOf(verdict, name);
  if (verdict === undefined || state === undefined) return null;
  const label = verdict.state === 'verified'
    ? t(`identity.${state === 'renamed' ? 'renamed' : 'verified'}`, { name: verdict.name, organization: verdict.organization })
    : t(`identity.${verdict.state}`);
  return (
    <span class={`tile-identity tile-identity-${state}`} role="img" aria-label={label} title={label} data-testid="tile-identity">
      {state === 'verified' ? <ShieldCheckIcon /> : <ShieldWarningIcon />}
    </span>
  );
}
