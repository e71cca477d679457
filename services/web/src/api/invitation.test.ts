import { describe, expect, it } from 'vitest';
import { readInvitation, readJoinLink, readPastedInvitation } from './invitation.ts';

const token = (claims: object): string => `e30.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.c2ln`;

describe('invitation', () => {
  it('tells title and role before one joins', () => {
    expect(readInvitation(token({ room_title: 'Неделя 👋', role: 'organizer', exp: 1_790_000_000 })))
      .toEqual({ roomTitle: 'Неделя 👋', role: 'organizer', expiresAt: 1_790_000_000_000 });
  });

  it.each(['', 'a.b.c', 'e30.!!!.x', 'e30.bnVsbA.x'])('"%s" is none', (text) => {
    expect(readInvitation(text)).toBeNull();
  });

  it('is read from the part behind #, with the guests’ one beside it', () => {
    expect(readJoinLink('#a.b.c&guest=d.e.f')).toEqual({ invitation: 'a.b.c', guestInvitation: 'd.e.f' });
    expect(readJoinLink('#a.b.c')).toEqual({ invitation: 'a.b.c', guestInvitation: undefined });
    expect(readJoinLink('#a.b')).toBeNull();
  });

  it.each(['https://x.example/join#a.b.c', ' a.b.c ', '#a.b.c'])('is found in what was pasted: %s', (text) => {
    expect(readPastedInvitation(text)).toBe('a.b.c');
  });
});
