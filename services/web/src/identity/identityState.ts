import type { Verdict } from './verifiedRelay.ts';

/** `renamed`: the proof is good, and is of somebody else than the one who is shown. */
export type IdentityState = Verdict['state'] | 'renamed';

/** What people are shown of a verdict, on a participant whom signaling calls `name`. */
export function identityOf(verdict: Verdict | undefined, name: string): IdentityState | undefined {
  return verdict?.state === 'verified' && verdict.name !== name ? 'renamed' : verdict?.state;
}
