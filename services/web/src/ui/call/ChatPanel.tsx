import type { JSX } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { t } from '../i18n/language.ts';
import { focusAtFirst } from '../parts/focusAtFirst.ts';
import { DownloadIcon, SearchIcon } from '../parts/icons.tsx';
import { Menu, MenuItem } from '../parts/Menu.tsx';
import type { CallModel } from './callModel.ts';
import { ChatInput } from './ChatInput.tsx';
import { ChatLog } from './ChatLog.tsx';
import { Message } from './ChatMessage.tsx';
import { SidePanel } from './SidePanel.tsx';

export function ChatPanel({ call }: { call: CallModel }): JSX.Element {
  const [searching, setSearching] = useState(false);
  const endSearch = (): void => {
    setSearching(false);
    void call.chat.history.search('');
  };
  useEffect(() => endSearch, []);
  const drop = (event: DragEvent): void => {
    event.preventDefault();
    void call.chat.files.send(event.dataTransfer?.files ?? []);
  };

  return (
    <SidePanel title={t('chat.title')} closeLabel={t('control.chatClose')} close={() => call.togglePanel('chat')} opener="control-chat" actions={(
      <>
        <button type="button" class="icon-button" aria-label={t('chat.search')} title={t('chat.search')} aria-pressed={searching} data-testid="chat-search"
          onClick={() => searching ? endSearch() : setSearching(true)}><SearchIcon /></button>
        <Menu below label={t('chat.export')} button={({ expanded, toggle }) => (
          <button type="button" class="icon-button" aria-label={t('chat.export')} title={t('chat.export')} aria-haspopup="menu" aria-expanded={expanded}
            data-testid="chat-export" onClick={toggle}><DownloadIcon /></button>
        )}>
          <MenuItem testId="chat-export-text" onClick={() => void call.chat.history.save('text')}>{t('chat.exportText')}</MenuItem>
          <MenuItem testId="chat-export-json" onClick={() => void call.chat.history.save('json')}>{t('chat.exportJson')}</MenuItem>
        </Menu>
      </>
    )}>
      <div class="chat-drop" onDragOver={(event) => event.preventDefault()} onDrop={drop}>
        {searching && <Search call={call} />}
        {call.chat.history.found.value === null ? <ChatLog call={call} /> : <Found call={call} />}
        <ChatInput call={call} />
      </div>
    </SidePanel>
  );
}

/** While one types, the server is asked once one pauses. */
const searchDelayMs = 250;

function Search({ call }: { call: CallModel }): JSX.Element {
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => () => clearTimeout(timer.current), []);
  return (
    <search class="chat-search">
      <input ref={focusAtFirst} class="input" type="search" maxLength={200} placeholder={t('chat.search')} aria-label={t('chat.search')} data-testid="chat-search-text"
        onInput={(event) => {
          const text = event.currentTarget.value;
          clearTimeout(timer.current);
          timer.current = setTimeout(() => void call.chat.history.search(text), searchDelayMs);
        }} />
    </search>
  );
}

function Found({ call }: { call: CallModel }): JSX.Element {
  const found = call.chat.history.found.value ?? [];
  return (
    <div class="chat-log" role="region" aria-label={t('chat.found', { count: found.length })} tabIndex={0} data-testid="chat-found">
      <p class="hint" role="status">{t('chat.found', { count: found.length })}</p>
      <ol>{found.map((message, index) => <Message key={message.id} call={call} message={message} before={found[index - 1]} />)}</ol>
    </div>
  );
}
