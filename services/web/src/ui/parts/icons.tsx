import type { ComponentChildren, JSX } from 'preact';

interface IconProps {
  class?: string;
}

function icon(children: ComponentChildren): (props: IconProps) => JSX.Element {
  return ({ class: name = '' }) => (
    <svg class={`icon ${name}`} viewBox="0 0 24 24" aria-hidden="true" focusable="false">{children}</svg>
  );
}

const slash = <path d="M4 4l16 16" />;

export const MicIcon = icon(<><rect x="9" y="3" width="6" height="11" rx="3" /><path d="M5.5 11.5a6.5 6.5 0 0 0 13 0M12 18v3" /></>);
export const MicOffIcon = icon(<><path d="M9 9v2a3 3 0 0 0 4.8 2.4M15 11V6a3 3 0 0 0-5.7-1.3M5.5 11.5a6.5 6.5 0 0 0 10.4 5.2M18.5 11.5a6.6 6.6 0 0 1-.5 2.4M12 18v3" />{slash}</>);
export const CameraIcon = icon(<><rect x="3" y="6.5" width="12.5" height="11" rx="2.5" /><path d="M15.5 11l5.5-3.2v8.4L15.5 13" /></>);
export const CameraOffIcon = icon(<><path d="M9.5 6.5H13a2.5 2.5 0 0 1 2.5 2.5v2l5.5-3.2v8.4l-2.6-1.5M15.4 15.6a2.5 2.5 0 0 1-2.4 1.9H5.5A2.5 2.5 0 0 1 3 15V9c0-1 .6-1.9 1.5-2.3" />{slash}</>);
export const ScreenIcon = icon(<><rect x="3" y="4.5" width="18" height="12.5" rx="2.5" /><path d="M12 14V8.2M9.4 10.4 12 7.8l2.6 2.6M8.5 20.5h7" /></>);
export const RecordIcon = icon(<><circle cx="12" cy="12" r="8.5" /><circle cx="12" cy="12" r="3.6" class="icon-solid" /></>);
export const ChatIcon = icon(<path d="M4.5 5.5h15a1.5 1.5 0 0 1 1.5 1.5v8.5a1.5 1.5 0 0 1-1.5 1.5H11l-4.5 3.8V17h-2A1.5 1.5 0 0 1 3 15.5V7a1.5 1.5 0 0 1 1.5-1.5zM8 9.7h8M8 13h5" />);
export const LinkIcon = icon(<path d="M10 14a4 4 0 0 0 5.7 0l3-3a4 4 0 0 0-5.7-5.7l-1.2 1.2M14 10a4 4 0 0 0-5.7 0l-3 3a4 4 0 0 0 5.7 5.7l1.2-1.2" />);
export const LeaveIcon = icon(<path d="M3.2 13.8c0-3 4-5.3 8.8-5.3s8.8 2.3 8.8 5.3v1.1a1 1 0 0 1-1.2 1l-3.2-.7a1.2 1.2 0 0 1-.9-1.1v-1.5a11 11 0 0 0-7 0v1.5a1.2 1.2 0 0 1-.9 1.1l-3.2.7a1 1 0 0 1-1.2-1z" />);
export const SendIcon = icon(<path d="M4.5 12h8M4.5 12 3.6 5.2a.8.8 0 0 1 1.1-.8l15.6 7a.7.7 0 0 1 0 1.2l-15.6 7a.8.8 0 0 1-1.1-.8z" />);
export const CloseIcon = icon(<path d="M6 6l12 12M18 6 6 18" />);
export const PlayIcon = icon(<path d="M8 5.5v13l10.5-6.5z" class="icon-solid" />);
export const DownloadIcon = icon(<path d="M12 4v10.5M7.5 10.5 12 15l4.5-4.5M5 19.5h14" />);
export const CrownIcon = icon(<path d="M4 8.5l4 3.5 4-6 4 6 4-3.5-1.5 9h-13z" />);
export const HandIcon = icon(<path d="M7.5 12V6.2a1.4 1.4 0 0 1 2.8 0V11M10.3 10.5V4.4a1.4 1.4 0 0 1 2.8 0v6.1M13.1 10.8V5.6a1.4 1.4 0 0 1 2.8 0v6.6M15.9 11.5l1-2a1.4 1.4 0 0 1 2.6 1.1l-2 6.2A6 6 0 0 1 11.8 21c-2.6 0-4-1.2-5.2-3.3L4.4 14a1.4 1.4 0 0 1 2.3-1.6l.8 1" />);
export const SmileIcon = icon(<><circle cx="12" cy="12" r="8.5" /><path d="M8.3 14a4.4 4.4 0 0 0 7.4 0M9 9.6v.2M15 9.6v.2" /></>);
export const PeopleIcon = icon(<><circle cx="9" cy="8.5" r="3.5" /><path d="M2.8 19.5a6.2 6.2 0 0 1 12.4 0M15.5 5.3a3.5 3.5 0 0 1 0 6.4M17.6 14a6.2 6.2 0 0 1 3.6 5.5" /></>);
export const MoreIcon = icon(<><circle cx="5.5" cy="12" r="1.3" class="icon-solid" /><circle cx="12" cy="12" r="1.3" class="icon-solid" /><circle cx="18.5" cy="12" r="1.3" class="icon-solid" /></>);
export const ShieldCheckIcon = icon(<path d="M12 3l7 2.6v5.2c0 4.6-2.9 8-7 9.7-4.1-1.7-7-5.1-7-9.7V5.6zM8.8 11.8l2.3 2.3 4.2-4.6" />);
export const ShieldWarningIcon = icon(<path d="M12 3l7 2.6v5.2c0 4.6-2.9 8-7 9.7-4.1-1.7-7-5.1-7-9.7V5.6zM12 8v4.4M12 15.4v.2" />);
export const PinIcon = icon(<path d="M9 4h6l-.8 6.2 2.8 2.6V15H7v-2.2l2.8-2.6zM12 15v5.5" />);
export const SettingsIcon = icon(<><circle cx="12" cy="12" r="3.1" /><path d="M12 3.5v2.2M12 18.3v2.2M3.5 12h2.2M18.3 12h2.2M6 6l1.6 1.6M16.4 16.4 18 18M18 6l-1.6 1.6M7.6 16.4 6 18" /></>);
export const KeyboardIcon = icon(<><rect x="3" y="6.5" width="18" height="11" rx="2.5" /><path d="M7 10.2v.1M10.3 10.2v.1M13.7 10.2v.1M17 10.2v.1M8.5 14h7" /></>);
export const PipIcon = icon(<><path d="M20.5 10.5V7A1.5 1.5 0 0 0 19 5.5H5A1.5 1.5 0 0 0 3.5 7v9A1.5 1.5 0 0 0 5 17.5h5" /><rect x="13" y="13" width="8" height="6" rx="1.5" class="icon-solid" /></>);
export const FullscreenIcon = icon(<path d="M4.5 9V4.5H9M15 4.5h4.5V9M19.5 15v4.5H15M9 19.5H4.5V15" />);
export const StatsIcon = icon(<path d="M5 19.5v-5M10 19.5V9M15 19.5v-8M20 19.5V4.5" />);
export const GridIcon = icon(<><rect x="4" y="5" width="7" height="6" rx="1.5" /><rect x="13" y="5" width="7" height="6" rx="1.5" /><rect x="4" y="13" width="7" height="6" rx="1.5" /><rect x="13" y="13" width="7" height="6" rx="1.5" /></>);
export const SpeakerIcon = icon(<><rect x="4" y="5" width="16" height="9" rx="1.5" /><path d="M5 18.5h3M10.5 18.5h3M16 18.5h3" /></>);
export const AutoIcon = icon(<path d="M12 4l1.7 4.8L18.5 10.5l-4.8 1.7L12 17l-1.7-4.8L5.5 10.5l4.8-1.7zM18.5 15.5v4M16.5 17.5h4" />);
export const EditIcon = icon(<path d="M5 19l.8-3.6L15.6 5.6a1.6 1.6 0 0 1 2.3 0l.5.5a1.6 1.6 0 0 1 0 2.3L8.6 18.2z" />);
export const TrashIcon = icon(<path d="M5 7h14M10 7V5h4v2M7 7l.8 12h8.4L17 7M10.5 10.5v5M13.5 10.5v5" />);
export const SearchIcon = icon(<><circle cx="11" cy="11" r="6" /><path d="M15.5 15.5 20 20" /></>);
export const ClipIcon = icon(<path d="M18.5 11.5l-6.8 6.8a4.2 4.2 0 0 1-6-6l7.4-7.4a2.8 2.8 0 0 1 4 4l-7.3 7.3a1.4 1.4 0 0 1-2-2l6.6-6.6" />);
export const FilmIcon = icon(<><rect x="3.5" y="5.5" width="17" height="13" rx="2" /><path d="M10 9.5v5l4.2-2.5z" class="icon-solid" /></>);
