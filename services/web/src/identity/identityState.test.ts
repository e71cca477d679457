import { describe, expect, it } from 'vitest';
import { identityOf } from './identityState.ts';

describe('what is shown of a participant', () => {
  const grace = { state: 'verified', name: 'Grace', organization: 'default', role: 'participant' } as const;
  it.each([
    [grace, 'Grace', 'verified'],
    [grace, 'Ada', 'renamed'],
    [grace, 'Grace ', 'renamed'],
    [{ state: 'unverified' }, 'Grace', 'unverified'],
    [{ state: 'refused', reason: 'signature' }, 'Grace', 'refused'],
    [undefined, 'Grace', undefined],
  ] as const)('of %o under the name %s is %s', (verdict, name, state) => {
    expect(identityOf(verdict, name)).toBe(state);
  });
});
