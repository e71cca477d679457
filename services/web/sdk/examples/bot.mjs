// A participant without a face: joins, greets, answers "ping" with "pong", and leaves when it is told "bye".
//   node --experimental-websocket bot.mjs INVITATION-LINK [NAME]      (Node 22 and later need no flag)
import { isSystemMessage, isTombstone, openCall } from '../dist/clearway-client.js';

const [invitation, name = 'Bot'] = process.argv.slice(2);
const call = await openCall({ invitation, name });

call.on('welcome', ({ participants }) => {
  console.log(`joined ${participants.length} others`);
  call.say('Hello, I answer to "ping".', crypto.randomUUID());
});
call.on('joined', (participant) => console.log(`${participant.name} came`));
call.on('chat', (message) => {
  if (isSystemMessage(message) || isTombstone(message) || message.sender_id === call.id) return;
  if (message.text === 'ping') call.say('pong', crypto.randomUUID());
  if (message.text === 'bye') call.leave();
});
call.on('refused', ({ code }) => console.error(`refused: ${code}`));
call.on('ended', (reason) => {
  console.log(`ended: ${reason}`);
  process.exitCode = reason === 'left' ? 0 : 1;
});
call.join();
