// The service description, loaded as grpc-js wants it.
import grpc from '@grpc/grpc-js';
import loader from '@grpc/proto-loader';

const definition = loader.loadSync(new URL('../probe.proto', import.meta.url).pathname, { keepCase: true, longs: Number, defaults: true });

export const protocol = grpc.loadPackageDefinition(definition).clearway.offline.probe.v1;
export { grpc };
