import { pages } from './en/pages.ts';
import { call } from './en/call.ts';
import { data } from './en/data.ts';
import { problems } from './en/problems.ts';

/** All texts of the client; what each part says is in the folder of the language. */
export const en = { ...pages, ...call, ...data, ...problems };

export type TextKey = keyof typeof en;
