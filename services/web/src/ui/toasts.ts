import { signal } from '@preact/signals';

export interface Toast {
  id: number;
  text: string;
  tone: 'quiet' | 'error';
}

const shownMs = 5_000;
let lastId = 0;

export const toasts = signal<Toast[]>([]);

/** Says something in passing. The same text twice is shown once. */
export function toast(text: string, tone: Toast['tone'] = 'quiet'): void {
  const id = ++lastId;
  toasts.value = [...toasts.value.filter((one) => one.text !== text), { id, text, tone }].slice(-3);
  setTimeout(() => (toasts.value = toasts.value.filter((one) => one.id !== id)), tone === 'error' ? shownMs * 1.6 : shownMs);
}
