// A participant without a face: joins, greets, answers "ping" with "pong", and leaves when it is told "bye".
//   node --experimental-websocket bot.mjs INVITATION-LINK [NAME]      (Node 22 and later need no flag)
import { isSystemMessage, isTombstone, openCall } from '../dist/clearway-client.js';

const [invitation, name = 'Bot'] = process.argv.slice(2);
const call = await openCall({ invitation, name });

let last = '';
function say(text) {
  last = text;
  call.say(text, crypto.randomUUID());
}

call.on('welcome', ({ participants }) => {
  console.log(`joined ${participants.length} others`);
  say('Hello, I answer to "ping".');
});
call.on('joined', (participant) => console.log(`${participant.name} came`));
call.on('chat', (message) => {
  if (isSystemMessage(message) || isTombstone(message) || message.sender_id === call.id) return;
  if (message.text === 'ping') say('pong');
  if (message.text === 'bye') call.leave();
});
call.on('refused', ({ code, retry_after_ms }) => {
  // One line in 300 ms is allowed.
  if (code === 'chat_rate') setTimeout(() => say(last), retry_after_ms);
  else console.error(`refused: ${code}`);
});
call.on('ended', (reason) => {
  console.log(`ended: ${reason}`);
  process.exitCode = reason === 'left' ? 0 : 1;
});
call.join();
