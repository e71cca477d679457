import { Credential } from './credential.ts';
import { SessionKey } from './sessionKey.ts';
import { TestAuthority, type TestCertificate } from './testAuthority.ts';

/** An authority whose certificates are good at the time of the test. */
export function authorityOfNow(): Promise<TestAuthority> {
  const now = Date.now();
  const times = { notBefore: now - 60_000, notAfter: now + 3_600_000 };
  return TestAuthority.create(times, times);
}

/** What a participant proves things with: a key of its own and a certificate by `issuer`; others are judged by `trusted`. */
export async function testCredential(self: string, issuer: TestAuthority, trusted = issuer, change: TestCertificate = {}): Promise<Credential> {
  const key = await SessionKey.create();
  const publicKey = await crypto.subtle.importKey('jwk', { ...key.jwk }, { name: 'ECDSA', namedCurve: 'P-256' }, true, ['verify']);
  const now = Date.now();
  return new Credential({
    key,
    issue: async () => ({
      chain: await issuer.issue(publicKey, self, { ...change, notBefore: now - 5_000, notAfter: now + 600_000 }),
      expires_at: now + 600_000,
      server_time: Date.now(),
    }),
    authorities: () => Promise.resolve(trusted.pem),
  });
}
