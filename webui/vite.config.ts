import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import react from '@vitejs/plugin-react';
import { defineConfig, type Plugin } from 'vite';

const SERVICE = process.env.SERVICE_URL ?? 'http://127.0.0.1:8000';

/** Writes a .br and a .gz beside every text file, for the service to send. */
function precompress(): Plugin {
  return {
    name: 'precompress',
    apply: 'build',
    writeBundle({ dir = '' }, files) {
      for (const name of Object.keys(files)) {
        if (!/\.(html|js|css|svg)$/.test(name)) continue;
        const path = join(dir, name);
        const content = readFileSync(path);
        const quality = { params: { [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY } };
        writeFileSync(`${path}.br`, brotliCompressSync(content, quality));
        writeFileSync(`${path}.gz`, gzipSync(content, { level: 9 }));
      }
    },
  };
}

/** Delays the first paint until the theme is applied. Browsers without `blocking` paint the system's theme first. */
function renderAfterTheme(): Plugin {
  return {
    name: 'render-after-theme',
    apply: 'build',
    transformIndexHtml: {
      order: 'post',
      handler: (html) => html.replace('<script type="module"', '<script type="module" blocking="render"'),
    },
  };
}

/** The other pages are built by themselves: in one build, the page would load its code in more and larger files. */
const PAGES: Readonly<Record<string, string>> = { admin: 'admin.html', docs: 'docs.html', embed: 'embed.html' };

export default defineConfig(({ command, mode }) => ({
  logLevel: command === 'build' ? 'warn' : 'info',
  plugins: [react(), renderAfterTheme(), precompress()],
  build: {
    target: 'baseline-widely-available',
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    // Swagger UI, on its own page, is one file of this size.
    chunkSizeWarningLimit: 1600,
    emptyOutDir: !(mode in PAGES),
    rolldownOptions: {
      input: PAGES[mode] ?? 'index.html',
      // What a page loads at first is one file, whatever is shared with what it loads later.
      output: { codeSplitting: { groups: [{ name: 'shared', tags: ['$initial'] }] } },
      checks: { bundlerTimings: false },
    },
  },
  css: {
    preprocessorOptions: {
      scss: {
        // Bootstrap 5.3 uses features that Sass has since deprecated.
        quietDeps: true,
        silenceDeprecations: ['import', 'color-functions', 'global-builtin', 'if-function'],
      },
    },
  },
  server: {
    host: '127.0.0.1',
    proxy: {
      '/api': SERVICE,
      '/openapi.json': SERVICE,
      // Like the service: docs.html without its ending.
      '^/docs$': { target: SERVICE, bypass: () => '/docs.html' },
      // The widget, and the pages of players.
      '^/embed$': { target: SERVICE, bypass: () => '/embed.html' },
      '^/players/': { target: SERVICE, bypass: () => '/index.html' },
      // The console, whatever it shows.
      '^/admin(/|$)': { target: SERVICE, bypass: () => '/admin.html' },
    },
  },
}));
