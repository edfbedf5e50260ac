import { defineConfig } from 'vite';

const api = `127.0.0.1:${process.env['PORT'] ?? 3000}`;

export default defineConfig({
  root: 'web',
  build: { outDir: '../dist/web', emptyOutDir: true, target: 'es2022', sourcemap: false },
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
