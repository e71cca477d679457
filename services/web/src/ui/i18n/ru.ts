import type { TextKey } from './en.ts';
import { pages } from './ru/pages.ts';
import { call } from './ru/call.ts';
import { data } from './ru/data.ts';
import { problems } from './ru/problems.ts';
import type { Text } from './text.ts';

export const ru: Record<TextKey, Text> = { ...pages, ...call, ...data, ...problems };
