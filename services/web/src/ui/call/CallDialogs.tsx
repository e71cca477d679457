import type { JSX } from 'preact';
import { useEffect } from 'preact/hooks';
import { lazy, loadSoon } from '../parts/lazy.tsx';
import type { CallModel } from './callModel.ts';

const Settings = lazy(async () => (await import('./SettingsDialog.tsx')).SettingsDialog);
const Shortcuts = lazy(async () => (await import('./ShortcutsDialog.tsx')).ShortcutsDialog);
const Invite = lazy(async () => (await import('./InviteDialog.tsx')).InviteDialog);
const Record = lazy(async () => (await import('./RecordDialog.tsx')).RecordDialog);
const Track = lazy(async () => (await import('./TrackDialog.tsx')).TrackDialog);
const Check = lazy(async () => (await import('./CheckDialog.tsx')).CheckDialog);
const Consent = lazy(async () => (await import('./ConsentDialog.tsx')).ConsentDialog);

/** What lies over the call, loaded when it is asked for. To be asked about a recording comes before everything one opened oneself. */
export function CallDialogs({ call }: { call: CallModel }): JSX.Element | null {
  useEffect(() => loadSoon(Settings, Shortcuts, Invite, Record, Check, Consent), []);
  if (call.recording.consent.value === 'asked') return <Consent call={call} />;
  const close = (): void => void (call.dialog.value = null);
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
    case 'invite':
      return call.invitationLink === undefined ? null : <Invite title={call.title} link={call.invitationLink} close={close} />;
    case null:
      return null;
  }
}
