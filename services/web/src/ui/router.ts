import { signal } from '@preact/signals';

export interface Address {
  path: string;
  hash: string;
}

export const address = signal<Address>(here());

addEventListener('popstate', () => (address.value = here()));

export function navigate(to: string): void {
  history.pushState(null, '', to);
  address.value = here();
  scrollTo(0, 0);
}

function here(): Address {
  return { path: location.pathname, hash: location.hash };
}
