import { signal } from '@preact/signals';

/** What screen readers are told once. */
export interface Announcement {
  id: number;
  text: string;
}

export interface Toast extends Announcement {
  tone: 'quiet' | 'error';
}

const shownMs = 5_000;
let lastId = 0;

/** What is shown in passing. */
export const toasts = signal<Toast[]>([]);
/** What was said lately: all toasts, and what is seen elsewhere. */
export const announcements = signal<Announcement[]>([]);

/** Says something in passing. The same text twice is shown once. */
export function toast(text: string, tone: Toast['tone'] = 'quiet'): void {
  const id = announce(text);
  toasts.value = [...toasts.value.filter((one) => one.text !== text), { id, text, tone }].slice(-3);
  setTimeout(() => (toasts.value = toasts.value.filter((one) => one.id !== id)), tone === 'error' ? shownMs * 1.6 : shownMs);
}

/** Tells those who do not see it what the page shows to the others; returns its id. */
export function announce(text: string): number {
  const id = ++lastId;
  announcements.value = [...announcements.value, { id, text }];
  setTimeout(() => (announcements.value = announcements.value.filter((one) => one.id !== id)), shownMs);
  return id;
}
