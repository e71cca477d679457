/// <reference types="vitest/config" />
import { defineConfig } from 'vite';
import { appIcons } from './appIcons.ts';
import { bundleBudget } from './bundleBudget.ts';

const api = process.env['CLEARWAY_API'] ?? 'http://localhost:8080';

export default defineConfig({
  build: {
    target: 'es2023',
    // The content security policy allows no inline script or style and no data: source for either.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rolldownOptions: {
      input: { index: 'index.html', sw: 'src/pwa/serviceWorker.ts' },
      // A service worker keeps its address, and rules over all below it.
      output: { entryFileNames: ({ name }) => (name === 'sw' ? 'sw.js' : 'assets/[name]-[hash].js') },
    },
  },
  worker: { format: 'es' },
  plugins: [appIcons(), bundleBudget(120)],
  server: {
    port: Number(process.env['PORT'] ?? 5173),
    strictPort: process.env['PORT'] !== undefined,
    proxy: {
      // The Host header stays that of this server: the gateway compares it with the browser's Origin.
      '/api': { target: api, ws: true },
      '/.well-known': { target: api },
      '/health': { target: api },
    },
  },
  test: {
    include: ['src/**/*.test.ts'],
    environment: 'node',
  },
});
