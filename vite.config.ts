import { createHash } from 'node:crypto';
import { readFileSync, readdirSync } from 'node:fs';
import { defineConfig } from 'vite';
import type { Plugin } from 'vite';

const api = `127.0.0.1:${process.env['PORT'] ?? 3000}`;

/** Writes /sw.js: the page, what it needs at once, and a version that changes with any of it. */
const serviceWorker = (): Plugin => ({
  name: 'allo-service-worker',
  apply: 'build',
  generateBundle(_, bundle) {
    const files = Object.values(bundle);
    const entry = files.find((file) => file.type === 'chunk' && file.isEntry && file.name === 'main');
    const styles = files.filter((file) => file.fileName.endsWith('.css'));
    if (entry?.type !== 'chunk') throw new Error('no entry chunk');
    const still = readdirSync(new URL('web/public', import.meta.url)).filter((name) => !name.startsWith('.'));
    const shell = ['/', ...[entry.fileName, ...entry.imports, ...styles.map((file) => file.fileName), ...still].map((name) => `/${name}`)];
    const version = createHash('sha256');
    for (const file of files) version.update(file.type === 'chunk' ? file.code : file.source);
    for (const name of still) version.update(readFileSync(new URL(`web/public/${name}`, import.meta.url)));
    const source = readFileSync(new URL('web/sw.mjs', import.meta.url), 'utf8')
      .replace("'__VERSION__'", JSON.stringify(version.digest('hex').slice(0, 16)))
      .replace("['__SHELL__']", JSON.stringify(shell));
    this.emitFile({ type: 'asset', fileName: 'sw.js', source });
  },
});

export default defineConfig({
  plugins: [serviceWorker()],
  root: 'web',
  build: {
    outDir: '../dist/web',
    emptyOutDir: true,
    target: 'es2022',
    sourcemap: false,
    rolldownOptions: { input: { main: 'web/index.html', wall: 'web/wall.html' } },
  },
  // npm run dev: the page comes from Vite, everything else from the server.
  server: {
    host: '127.0.0.1',
    port: Number(process.env['PORT'] ?? 3000) + 1,
    strictPort: true,
    proxy: {
      '/api': `http://${api}`,
      '/live': { target: `ws://${api}`, ws: true },
      '/sip': { target: `ws://${api}`, ws: true },
    },
  },
});
