import type { JSX } from 'preact';
import { t } from '../i18n/language.ts';
import {
  AutoIcon, FilmIcon, FullscreenIcon, GridIcon, HandIcon, KeyboardIcon, LinkIcon, MoreIcon, PipIcon, PlayIcon, RecordIcon, ScreenIcon, SettingsIcon, SpeakerIcon, StatsIcon,
} from '../parts/icons.tsx';
import { Menu, MenuItem } from '../parts/Menu.tsx';
import { preferences, type View } from '../preferences.ts';
import { canShareScreen } from './CallControls.tsx';
import type { CallModel } from './callModel.ts';
import { Control } from './Control.tsx';
import { canFullscreen, toggleFullscreen } from './fullscreen.ts';
import { canPopOut, popOut } from './popOut.tsx';
import { GestureItems } from './GestureItems.tsx';
import { keyOf } from './shortcuts.ts';

const layouts: { view: View; icon: JSX.Element }[] = [
  { view: 'auto', icon: <AutoIcon /> },
  { view: 'grid', icon: <GridIcon /> },
  { view: 'speaker', icon: <SpeakerIcon /> },
];

export function MoreMenu({ call }: { call: CallModel }): JSX.Element {
  const own = call.ownTrack.running.value;
  return (
    <Menu label={t('control.more')} button={({ expanded, toggle }) => (
      <Control testId="control-more" text={t('control.more')} label={t('control.moreLong')} menu expanded={expanded} active={expanded} onClick={toggle}><MoreIcon /></Control>
    )}>
      <PhoneItems call={call} />
      <div role="group" class="menu-group" aria-label={t('view.title')}>
        {layouts.map(({ view, icon }) => (
          <MenuItem key={view} testId={`view-${view}`} checked={preferences.view.value === view}
            onClick={() => {
              call.view.pinned.value = null;
              preferences.view.value = view;
            }}>{icon}{t(`view.${view}`)}</MenuItem>
        ))}
      </div>
      <div role="group" class="menu-group" aria-label={t('control.more')}>
        {canPopOut() && <MenuItem testId="pop-out" onClick={() => void popOut(call)}><PipIcon />{t('view.popOut')}</MenuItem>}
        {canFullscreen && <MenuItem testId="fullscreen" shortcut={keyOf('fullscreen')} onClick={toggleFullscreen}><FullscreenIcon />{t('view.fullscreen')}</MenuItem>}
        {(call.ownTrack.offered || own) && (
          <MenuItem testId="own-track" disabled={call.ownTrack.saving.value} onClick={() => call.ownTrack.toggle()}><FilmIcon />{t(own ? 'own.stop' : 'own.start')}</MenuItem>
        )}
        {call.ownTrack.saved.value !== null && <MenuItem testId="own-open" onClick={() => (call.dialog.value = 'track')}><PlayIcon />{t('own.open')}</MenuItem>}
        <MenuItem testId="open-stats" onClick={() => call.togglePanel('stats')}><StatsIcon />{t('stats.title')}</MenuItem>
        <MenuItem class="menu-keyboard" testId="open-shortcuts" shortcut={keyOf('help')} onClick={() => (call.dialog.value = 'shortcuts')}><KeyboardIcon />{t('keys.title')}</MenuItem>
        <MenuItem testId="open-settings" onClick={() => (call.dialog.value = 'settings')}><SettingsIcon />{t('settings.title')}</MenuItem>
      </div>
    </Menu>
  );
}

/** What has a place in the bar where it is wide enough. */
function PhoneItems({ call }: { call: CallModel }): JSX.Element {
  const sharing = call.local.value.screen !== null;
  const recording = call.recording.running.value !== null;
  const hand = call.rules.handRaised.value;
  return (
    <div role="group" class="menu-group menu-phone" aria-label={t('call.controls')}>
      <GestureItems call={call} />
      <MenuItem testId="menu-hand" onClick={() => call.rules.toggleHand()}><HandIcon />{t(hand ? 'control.handDown' : 'control.handUp')}</MenuItem>
      {canShareScreen && <MenuItem testId="menu-share" onClick={() => void call.toggleShare()}><ScreenIcon />{t(sharing ? 'control.shareOff' : 'control.shareOn')}</MenuItem>}
      {call.canModerate && (
        <MenuItem testId="menu-record" disabled={call.recording.saving.value} onClick={() => call.recording.toggle()}>
          <RecordIcon />{t(recording ? 'control.recordOff' : 'control.recordOn')}
        </MenuItem>
      )}
      {call.invitationLink !== undefined && (
        <MenuItem testId="menu-invite" onClick={() => (call.dialog.value = 'invite')}><LinkIcon />{t('control.inviteLong')}</MenuItem>
      )}
    </div>
  );
}
