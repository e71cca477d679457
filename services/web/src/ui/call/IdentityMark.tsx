import type { JSX } from 'preact';
import { identityOf } from '../../identity/identityState.ts';
import type { Verdict } from '../../identity/verifiedRelay.ts';
import { t } from '../i18n/language.ts';
import { ShieldCheckIcon, ShieldWarningIcon } from '../parts/icons.tsx';

interface IdentityProps {
  verdict: Verdict | undefined;
  /** As signaling tells it. */
  name: string;
}

/** Whether it is proven who speaks here, and who vouches for it. */
export function IdentityMark({ verdict, name }: IdentityProps): JSX.Element | null {
  const state = identityOf(verdict, name);
  if (state === undefined) return null;
  const label = identityText(verdict, name);
  return (
    <span class={`identity-mark identity-${state}`} role="img" aria-label={label} title={label} data-testid="identity-mark">
      {state === 'verified' ? <ShieldCheckIcon /> : <ShieldWarningIcon />}
    </span>
  );
}

/** Over the picture, in words: what is seen there is not proven, or not connected at all. */
export function IdentityWarning({ verdict, name }: IdentityProps): JSX.Element | null {
  const state = identityOf(verdict, name);
  if (state === undefined || state === 'verified') return null;
  return (
    <p class={`tile-warning tile-warning-${state}`} role="alert" data-testid="identity-warning">
      <ShieldWarningIcon />
      <span>{identityText(verdict, name)}</span>
    </p>
  );
}

/** In the list of people, where there is room for a sentence. */
export function IdentityLine({ verdict, name }: IdentityProps): JSX.Element | null {
  const state = identityOf(verdict, name);
  if (state === undefined) return null;
  return <span class={`person-identity identity-line-${state}`} data-testid="person-identity">{identityText(verdict, name)}</span>;
}

/** Of an installation that has given its organization no name. */
const unnamed = 'default';

function identityText(verdict: Verdict | undefined, name: string): string {
  const state = identityOf(verdict, name);
  if (verdict?.state !== 'verified') return state === undefined ? '' : t(`identity.${state}`);
  if (state === 'verified' && verdict.organization === unnamed) return t('identity.verifiedHere', { name: verdict.name });
  return t(`identity.${state === 'renamed' ? 'renamed' : 'verified'}`, { name: verdict.name, organization: verdict.organization });
}
