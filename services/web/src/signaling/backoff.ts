/** Jittered exponential back-off: attempt 0 waits up to 0.5 s, each further one up to twice as long, at most 10 s. */
export function backoffMs(attempt: number, random: () => number = Math.random): number {
  const ceiling = Math.min(10_000, 500 * 2 ** attempt);
  return Math.round(ceiling / 4 + random() * (ceiling * 3) / 4);
}
