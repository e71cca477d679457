// The relay and the chat room that socket.io's documentation shows: rooms, and a message to one client by its id.
import { createServer } from 'node:http';
import { Server } from 'socket.io';

const listener = createServer();
const server = new Server(listener, { transports: ['websocket'], serveClient: false, maxHttpBufferSize: 65536 });
server.on('connection', socket => {
  socket.on('join', room => {
    socket.join(room);
    socket.emit('joined', socket.id);
  });
  socket.on('offer', message => server.to(message.target_id).emit('offer', { sender_id: socket.id, payload: message.payload }));
  socket.on('chat', message => server.to(message.room).emit('chat', { sender_id: socket.id, text: message.text }));
});
listener.listen(Number(process.argv[2]), '127.0.0.1');
