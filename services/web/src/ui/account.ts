import { signal } from '@preact/signals';
import { rest, type Account } from '../api/rest.ts';
import { attempt } from './complain.ts';

/** Undefined until the server was asked. */
export const account = signal<Account | null | undefined>(undefined);

/** Remembers that there was a sign-in, so that guests' browsers do not ask for an account that they never had. */
const key = 'clearway.signed-in';

export async function loadAccount(): Promise<void> {
  if (account.value) return;
  if (localStorage.getItem(key) === null) {
    account.value = null;
    return;
  }
  account.value = await rest.account().catch(() => null);
}

export async function signIn(name: string, password: string): Promise<void> {
  account.value = await rest.signIn(name, password);
  localStorage.setItem(key, '1');
}

/** Nobody is told that they are signed out before the server has made it so. */
export async function signOut(): Promise<void> {
  if (!await attempt(() => rest.signOut())) return;
  localStorage.removeItem(key);
  account.value = null;
}
