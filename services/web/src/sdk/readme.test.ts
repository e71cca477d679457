import { readFileSync } from 'node:fs';
import { describe, expect, expectTypeOf, it } from 'vitest';
import { LocalMedia } from '../media/localMedia.ts';
import { PushToTalk } from '../media/pushToTalk.ts';
import { Room } from '../room/room.ts';
import type { CallEvents, OrderRefusal, Verdict } from './index.ts';

const read = (path: string): string => readFileSync(new URL(path, import.meta.url), 'utf8');
const readme = read('../../sdk/README.md');

/** Members of an interface, by its source. */
function membersOf(source: string, name: string): string[] {
  const body = new RegExp(`interface ${name} \\{\n(.*?)\n\\}`, 's').exec(source)?.[1] ?? '';
  return [...body.matchAll(/^ {2}(\w+)\??:/gm)].map(([, member = '']) => member);
}

const methodsOf = (type: { prototype: object }): string[] => Object.getOwnPropertyNames(type.prototype).filter((name) => name !== 'constructor');

describe('the package\'s README', () => {
  it.each([
    ...membersOf(read('../room/roomEvents.ts'), 'RoomEvents'),
    ...membersOf(read('../media/localMedia.ts'), 'LocalMediaEvents'),
  ])('tells of the event %s', (event) => {
    expect(readme).toContain(`\`${event}\``);
  });

  it.each([Room, LocalMedia, PushToTalk].flatMap(methodsOf))('tells of the member %s', (member) => {
    expect(readme).toMatch(new RegExp(`\`${member}[(\`]`));
  });

  it.each(['invitation_invalid', 'server_missing', 'offline', 'refused'])('lists %s, a code of no server', (code) => {
    expect(readme).toContain(`\`${code}\` (`);
  });
});

describe('the package', () => {
  it('exports the types of what its events tell', () => {
    expectTypeOf<CallEvents['verdict']['verdict']>().toEqualTypeOf<Verdict>();
    expectTypeOf<CallEvents['forged']['reason']>().toEqualTypeOf<OrderRefusal>();
  });
});
