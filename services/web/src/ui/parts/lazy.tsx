import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { PartProblem } from './PartProblem.tsx';

type Part<Props> = (props: Props) => JSX.Element | null;

/** A part of the page whose code is loaded when it is first shown, or before that. */
interface LazyPart<Props> extends Part<Props> {
  /** Loads the code and shows nothing. */
  load: () => void;
}

/**
 * A part whose code is not in the first page; until it is there, there is nothing in its place. Where it does not come this is told, and `dismiss`
 * has to take the part back, so that it can be asked for again.
 */
export function lazy<Props extends object>(fetchPart: () => Promise<Part<Props>>, dismiss: (props: Props) => void): LazyPart<Props> {
  let loaded: Part<Props> | undefined;
  let loading: Promise<Part<Props>> | undefined;
  const load = (): Promise<Part<Props>> => loading ??= fetchPart().then((part) => loaded = part, (error: unknown) => {
    loading = undefined;
    throw error;
  });
  function Lazy(props: Props): JSX.Element | null {
    const [Shown, setShown] = useState(() => loaded);
    const [failed, setFailed] = useState(false);
    useEffect(() => {
      if (loaded === undefined) load().then((part) => setShown(() => part), () => setFailed(true));
    }, []);
    if (failed) return <PartProblem close={() => dismiss(props)} />;
    return Shown === undefined ? null : <Shown {...props} />;
  }
  // Without a network it is tried again, and told, when the part is wanted.
  Lazy.load = (): void => void load().catch(() => undefined);
  return Lazy;
}

/** The first seconds of a call belong to its pictures. */
const settledMs = 2_000;

/** Loads what a key may open, a little later: once it is there it opens before the next key arrives. Returns what calls it off. */
export function loadSoon(...parts: Pick<LazyPart<never>, 'load'>[]): () => void {
  const timer = setTimeout(() => parts.forEach((part) => part.load()), settledMs);
  return () => clearTimeout(timer);
}
