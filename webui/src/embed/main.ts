/** The widget that other sites show in a frame: the best players of a board, live. */

import { language, preferredLanguage } from '../lib/strings/language';
import { EMBED_STRINGS } from '../lib/strings/embed';
import { follow } from './feed';
import { optionsOf, pathOf } from './options';
import { View } from './view';
import './embed.scss';

const options = optionsOf(window.location.search);
const name = preferredLanguage();
const t = EMBED_STRINGS[name];
language.set(name);
document.documentElement.lang = name;

const dark = window.matchMedia('(prefers-color-scheme: dark)');
function applyTheme(): void {
  document.documentElement.dataset.bsTheme = options.theme ?? (dark.matches ? 'dark' : 'light');
}
dark.addEventListener('change', applyTheme);
applyTheme();

const root = document.getElementById('root');
if (!root) throw new Error('embed.html has no #root');
const title = [options.query.get('board') ?? t.title, options.query.get('split')].filter(Boolean).join(' \u00b7 ');
document.title = title;
const view = new View(root, t, title, pathOf('/', options));
follow(options, {
  onRows: (rows) => {
    view.showRows(rows);
  },
  onRefused: (code) => {
    view.showMessage(t.refused[code] ?? t.notAvailable);
  },
  onState: (state) => {
    view.showState(state);
  },
});

// The page around the frame may fit the frame's height to this.
if (window.parent !== window) {
  new ResizeObserver(() => {
    window.parent.postMessage({ type: 'leaderboard-height', height: root.offsetHeight }, '*');
  }).observe(root);
}
