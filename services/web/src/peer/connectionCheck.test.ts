import { describe, expect, it } from 'vitest';
import { verdictOf, type ConnectionReport } from './connectionCheck.ts';

const report = (direct: ConnectionReport['direct'], udp: ConnectionReport['udp'], tcp: ConnectionReport['tcp'], tls: ConnectionReport['tls']): ConnectionReport =>
  ({ direct, udp, tcp, tls });

describe('connection check', () => {
  it.each([
    [report('works', 'works', 'works', 'works'), 'good'],
    [report('works', 'blocked', 'blocked', 'absent'), 'good'],
    [report('blocked', 'works', 'absent', 'absent'), 'good'],
    [report('blocked', 'blocked', 'works', 'absent'), 'relayed'],
    [report('blocked', 'blocked', 'blocked', 'works'), 'relayed'],
    [report('absent', 'absent', 'absent', 'absent'), 'local'],
    [report('blocked', 'blocked', 'blocked', 'absent'), 'blocked'],
  ] as const)('of %o is %s', (given, verdict) => {
    expect(verdictOf(given)).toBe(verdict);
  });
});
