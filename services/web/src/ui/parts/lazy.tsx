import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { t } from '../i18n/language.ts';
import { toast } from '../toasts.ts';

type Part<Props> = (props: Props) => JSX.Element | null;

/** A part of the page whose code is loaded when it is first shown; until then there is nothing in its place. */
export function lazy<Props extends object>(load: () => Promise<Part<Props>>): Part<Props> {
  let loaded: Part<Props> | undefined;
  return function Lazy(props) {
    const [Shown, setShown] = useState(() => loaded);
    useEffect(() => {
      if (loaded !== undefined) return;
      load().then((part) => {
        loaded = part;
        setShown(() => part);
      }, () => toast(t('error.offline'), 'error'));
    }, []);
    return Shown === undefined ? null : <Shown {...props} />;
  };
}
