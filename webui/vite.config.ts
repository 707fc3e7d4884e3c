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

/**
 * The console, the widget and /docs are built by themselves, such as with `--mode admin`: in one build, the page would load
 * their code in more and larger files.
 */
const PAGES: Readonly<Record<string, string[]>> = {
  admin: ['admin.html'],
  docs: ['docs.html'],
  embed: ['embed.html'],
};

interface Modules {
  getModuleInfo: (id: string) => { importedIds: readonly string[] } | null;
}

/** One file for all that the page loads first: many small ones compress worse. What is loaded later is left out. */
function createFirstLoad() {
  const first = new Set<string>();
  function add(id: string, modules: Modules) {
    if (first.has(id)) return;
    first.add(id);
    for (const next of modules.getModuleInfo(id)?.importedIds ?? []) add(next, modules);
  }
  return (id: string, modules: Modules) => {
    if (first.size === 0) add(join(import.meta.dirname, 'src/main.tsx'), modules);
    return first.has(id) ? 'index' : null;
  };
}

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
      input: PAGES[mode] ?? ['index.html'],
      output: mode in PAGES ? {} : { codeSplitting: { groups: [{ name: createFirstLoad() }] } },
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
