// @tus/server with its file store: what uploads are compared with.
import http from 'node:http';
import { Server } from '@tus/server';
import { FileStore } from '@tus/file-store';

const [port, directory] = process.argv.slice(2);
const tus = new Server({ path: '/files', datastore: new FileStore({ directory }) });
http.createServer((request, response) => void tus.handle(request, response)).listen(Number(port), '127.0.0.1');
