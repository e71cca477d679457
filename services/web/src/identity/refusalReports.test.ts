import { describe, expect, it, vi } from 'vitest';
import { RefusalReports } from './refusalReports.ts';

describe('reports of refused proofs', () => {
  it('tell each participant and reason once', async () => {
    const send = vi.fn().mockResolvedValue(undefined);
    const reports = new RefusalReports(send);

    await reports.judged('p-grace', { state: 'refused', reason: 'signature' });
    await reports.judged('p-grace', { state: 'refused', reason: 'signature' });
    await reports.judged('p-grace', { state: 'refused', reason: 'unsigned' });
    await reports.judged('p-alan', { state: 'refused', reason: 'signature' });

    expect(send.mock.calls).toEqual([['p-grace', 'signature'], ['p-grace', 'unsigned'], ['p-alan', 'signature']]);
  });

  it('tell nothing of who is verified, or permitted without a proof', async () => {
    const send = vi.fn().mockResolvedValue(undefined);
    const reports = new RefusalReports(send);

    await reports.judged('p-grace', { state: 'verified', name: 'Grace', organization: 'acme', role: 'participant' });
    await reports.judged('p-grace', { state: 'unverified' });

    expect(send).not.toHaveBeenCalled();
  });

  it('tell again what could not be told', async () => {
    const send = vi.fn().mockRejectedValueOnce(new Error('offline')).mockResolvedValue(undefined);
    const reports = new RefusalReports(send);

    await reports.judged('p-grace', { state: 'refused', reason: 'signature' });
    await reports.judged('p-grace', { state: 'refused', reason: 'signature' });

    expect(send).toHaveBeenCalledTimes(2);
  });
});
