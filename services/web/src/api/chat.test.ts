import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { chatApi } from './chat.ts';
import { chapters, library } from './library.ts';

const fetched = vi.fn<(path: string, init: RequestInit) => Promise<Response>>();
const asked = (): { path: string; init: RequestInit; headers: Headers } => {
  const [path = '', init = {}] = fetched.mock.calls.at(-1) ?? [];
  return { path, init, headers: new Headers(init.headers) };
};

beforeEach(() => {
  fetched.mockReset().mockImplementation(() => Promise.resolve(Response.json({})));
  vi.stubGlobal('fetch', fetched);
});
afterEach(() => void vi.unstubAllGlobals());

describe('the chat of a room', () => {
  it('is searched by words that nothing in an address can be taken for', async () => {
    await chatApi.search('r7k2m9qxw4tz', 'a&b=c #d', 'token', new AbortController().signal);
    const address = new URL(asked().path, 'https://meet.example');
    expect(address.pathname).toBe('/api/v1/rooms/r7k2m9qxw4tz/messages/search');
    expect(Object.fromEntries(address.searchParams)).toEqual({ text: 'a&b=c #d', limit: '50' });
    expect(asked().headers.get('Authorization')).toBe('Bearer token');
  });

  it('takes files under their names, whatever is in them', async () => {
    const file = new File(['x'], 'план «1».png');
    await chatApi.upload('r7k2m9qxw4tz', file, 'token');
    const { path, init, headers } = asked();
    expect([init.method, path]).toEqual(['POST', '/api/v1/rooms/r7k2m9qxw4tz/files']);
    expect(decodeURIComponent(headers.get('Clearway-File-Name') ?? '')).toBe(file.name);
    expect(init.body).toBe(file);
  });

  it.each(['../../secrets', 'a/b'])('asks for the file %s at no other place', async (id) => {
    await chatApi.file('r7k2m9qxw4tz', id, 'token');
    expect(new URL(asked().path, 'https://meet.example').pathname).toMatch(/^\/api\/v1\/rooms\/r7k2m9qxw4tz\/files\/[^/]+$/);
  });

  it('is read page by page, and taken away whole', async () => {
    await chatApi.page('r7k2m9qxw4tz', 41, 'token');
    expect(asked().path).toBe('/api/v1/rooms/r7k2m9qxw4tz/messages?before=41&limit=50');
    await chatApi.export('r7k2m9qxw4tz', 'text', 'token');
    expect(asked().path).toBe('/api/v1/rooms/r7k2m9qxw4tz/messages/export?format=text');
  });
});

describe('the library of recordings', () => {
  it('is asked as documented', async () => {
    await library.list({ search: 'weekly & more', state: 'sealed', cursor: '' });
    expect(asked().path).toBe('/api/v1/records?search=weekly+%26+more&state=sealed&cursor=&limit=25');
    await library.rename('01k5', 'New');
    expect([asked().init.method, asked().path, asked().init.body]).toEqual(['PUT', '/api/v1/records/01k5/title', '{"title":"New"}']);
    await library.remove('01k5');
    expect([asked().init.method, asked().path]).toEqual(['DELETE', '/api/v1/records/01k5/file']);
    await library.link('01k5', 60);
    expect([asked().path, asked().init.body]).toEqual(['/api/v1/records/01k5/links', '{"lifetime_minutes":60}']);
    await library.revokeLinks('01k5');
    expect([asked().init.method, asked().path]).toEqual(['DELETE', '/api/v1/records/01k5/links']);
    await chapters('01k5', 'expires=1&signature=2');
    expect(asked().path).toBe('/api/v1/records/01k5/chapters?expires=1&signature=2');
  });
});
