import { defineConfig } from 'vite';

/** Builds `@clearway/client`: one module without dependencies, readable, for integrators to bundle as they like. */
export default defineConfig({
  publicDir: false,
  build: {
    target: 'es2023',
    outDir: 'sdk/dist',
    minify: false,
    lib: { entry: 'src/sdk/index.ts', formats: ['es'], fileName: 'clearway-client' },
  },
});
