import { gzipSync } from 'node:zlib';
import type { Plugin } from 'vite';

/** Prints the compressed size of the JavaScript that the first page loads, and fails the build when it is over `limitKiB`. */
export function bundleBudget(limitKiB: number): Plugin {
  return {
    name: 'bundle-budget',
    apply: 'build',
    writeBundle(_options, bundle) {
      const initial = new Set<string>();
      const visit = (name: string): void => {
        const chunk = bundle[name];
        if (chunk?.type !== 'chunk' || initial.has(name)) return;
        initial.add(name);
        chunk.imports.forEach(visit);
      };
      for (const chunk of Object.values(bundle)) {
        // The service worker has an entry of its own, and is loaded when the page is there.
        if (chunk.type === 'chunk' && chunk.isEntry && chunk.name === 'index') visit(chunk.fileName);
      }

      let bytes = 0;
      for (const name of initial) {
        const chunk = bundle[name];
        if (chunk?.type === 'chunk') bytes += gzipSync(chunk.code).length;
      }
      const size = (bytes / 1024).toFixed(1);
      if (bytes > limitKiB * 1024) this.error(`initial JavaScript is ${size} KiB gzip, over the budget of ${limitKiB} KiB`);
      console.log(`initial JavaScript ${size} KiB gzip of ${limitKiB} KiB`);
    },
  };
}
