import type { JSX } from 'preact';
import { useEffect } from 'preact/hooks';
import { lazy, loadSoon } from '../parts/lazy.tsx';
import type { CallModel } from './callModel.ts';
import { ConsentDialog } from './ConsentDialog.tsx';
import { EndDialog } from './EndDialog.tsx';

const closeDialog = ({ call }: { call: CallModel }): void => void (call.dialog.value = null);
const Settings = lazy(async () => (await import('./SettingsDialog.tsx')).SettingsDialog, closeDialog);
const Shortcuts = lazy(async () => (await import('./ShortcutsDialog.tsx')).ShortcutsDialog, closeDialog);
const Invite = lazy(async () => (await import('./InviteDialog.tsx')).InviteDialog, ({ close }) => close());
const Record = lazy(async () => (await import('./RecordDialog.tsx')).RecordDialog, closeDialog);
const Track = lazy(async () => (await import('./TrackDialog.tsx')).TrackDialog, ({ close }) => close());
const Check = lazy(async () => (await import('./CheckDialog.tsx')).CheckDialog, closeDialog);

/**
 * What lies over the call, loaded when it is asked for. To be asked about a recording comes before everything one opened oneself, and is there with
 * the page, as is the question whether the meeting ends: nobody is recorded unasked, or kept in a meeting, because a part did not load.
 */
export function CallDialogs({ call }: { call: CallModel }): JSX.Element | null {
  useEffect(() => loadSoon(Settings, Shortcuts, Invite, Record, Check), []);
  if (call.recording.consent.value === 'asked') return <ConsentDialog call={call} />;
  const close = (): void => closeDialog({ call });
  switch (call.dialog.value) {
    case 'settings':
      return <Settings call={call} />;
    case 'shortcuts':
      return <Shortcuts call={call} />;
    case 'record':
      return <Record call={call} />;
    case 'track':
      return call.ownTrack.saved.value === null ? null : <Track track={call.ownTrack.saved.value} close={close} />;
    case 'check':
      return <Check call={call} />;
    case 'end':
      return <EndDialog call={call} />;
    case 'invite':
      return call.invitationLink === undefined ? null : <Invite title={call.title} link={call.invitationLink} close={close} />;
    case null:
      return null;
  }
}
