import { describe, expect, it } from 'vitest';
import { cacheUse, type CacheUse } from './cachePolicy.ts';

const origin = 'https://meet.example';

describe('the service worker', () => {
  it.each<[string, string, string, CacheUse]>([
    ['GET', 'navigate', '/', 'shell'],
    ['GET', 'navigate', '/join', 'shell'],
    ['GET', 'navigate', '/recordings/01k5pzbg0a7v3qd9xw4tz2m8nc', 'shell'],
    ['GET', 'cors', '/assets/index-abc.js', 'asset'],
    ['GET', 'no-cors', '/assets/index-abc.css', 'asset'],
    ['GET', 'no-cors', '/icon.svg', 'shell'],
    ['GET', 'cors', '/api/v1/auth/account', 'none'],
    ['POST', 'cors', '/api/v1/invitations/redeem', 'none'],
    ['GET', 'navigate', '/api/v1/records/01k5pzbg0a7v3qd9xw4tz2m8nc/file?expires=1&signature=2', 'none'],
    ['GET', 'cors', '/.well-known/jwks.json', 'none'],
    ['GET', 'cors', '/health/ready', 'none'],
    ['GET', 'cors', '/assets/index-abc.js?token=1', 'none'],
    ['POST', 'cors', '/assets/index-abc.js', 'none'],
    ['GET', 'cors', 'https://elsewhere.example/assets/index-abc.js', 'none'],
    ['GET', 'cors', '/manifest.webmanifest', 'none'],
  ])('uses for %s (%s) %s its %s', (method, mode, path, use) => {
    expect(cacheUse({ url: new URL(path, origin).href, method, mode, hasRange: false }, origin)).toBe(use);
  });

  it('keeps no part of a file', () => {
    expect(cacheUse({ url: `${origin}/assets/film-abc.webm`, method: 'GET', mode: 'no-cors', hasRange: true }, origin)).toBe('none');
  });
});
