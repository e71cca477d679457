// @tus/server with its Azure store: what is kept as durably as our uploads are. The store gathers a request in memory and appends it at once.
import http from 'node:http';
import { BlobServiceClient } from '@azure/storage-blob';
import { AzureStore } from '@tus/azure-store';
import { Server } from '@tus/server';

const client = BlobServiceClient.fromConnectionString(process.env.BLOBS).getContainerClient('tus');
await client.createIfNotExists();
const tus = new Server({ path: '/files', datastore: new AzureStore({ client }) });
http.createServer((request, response) => void tus.handle(request, response)).listen(Number(process.env.PORT), '127.0.0.1');
