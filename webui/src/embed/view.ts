/** The widget's elements. Every text is set as text, so no player's name can become markup. */

import { number, shownTotal } from '../lib/format';
import type { EmbedStrings } from '../lib/strings/embed';
import type { Row, State } from './feed';

const MOVE_MS = 350;

function element(name: string, className: string, ...children: (Node | string)[]): HTMLElement {
  const made = document.createElement(name);
  if (className) made.className = className;
  made.append(...children);
  return made;
}

export class View {
  readonly #rows = new Map<number, HTMLElement>();
  readonly #list = element('tbody', '');
  readonly #table: HTMLElement;
  readonly #message = element('p', 'message');
  readonly #state: HTMLElement;

  constructor(
    private readonly root: HTMLElement,
    private readonly t: EmbedStrings,
    title: string,
    link: string,
  ) {
    const headings = [t.rank, t.player, t.total].map((text) => {
      const heading = element('th', '', text);
      heading.setAttribute('scope', 'col');
      return heading;
    });
    this.#table = element(
      'table',
      '',
      element('caption', 'visually-hidden', title),
      element('thead', 'visually-hidden', element('tr', '', ...headings)),
      this.#list,
    );
    this.#table.hidden = true;
    this.#message.hidden = true;
    this.#state = element('span', 'state');
    const more = element('a', '', t.open);
    more.setAttribute('href', link);
    more.setAttribute('target', '_blank');
    more.setAttribute('rel', 'noopener');
    root.append(
      element('header', '', element('h1', '', element('bdi', '', title)), this.#state),
      this.#table,
      this.#message,
      element('footer', '', more),
    );
  }

  showState(state: State): void {
    this.#state.dataset.state = state;
    this.#state.textContent = this.t.states[state];
  }

  /** A message in the place of the rows. */
  showMessage(text: string): void {
    this.#table.hidden = true;
    this.#message.hidden = false;
    this.#message.textContent = text;
    this.root.removeAttribute('aria-busy');
  }

  showRows(rows: readonly Row[]): void {
    if (rows.length === 0) {
      this.showMessage(this.t.empty);
      return;
    }
    const isFirst = this.#table.hidden;
    const before = new Map([...this.#rows].map(([id, row]) => [id, row.offsetTop]));
    this.#table.hidden = false;
    this.#message.hidden = true;
    const shown = rows.map((row) => this.#row(row));
    this.#list.replaceChildren(...shown);
    const kept = new Set(rows.map((row) => row.user_id));
    for (const id of this.#rows.keys()) if (!kept.has(id)) this.#rows.delete(id);
    if (!isFirst) this.#animate(before);
    this.root.removeAttribute('aria-busy');
  }

  /** The element of a player, with the present standing. */
  #row(standing: Row): HTMLElement {
    const { user_id: id, rank, username } = standing;
    let row = this.#rows.get(id);
    if (row === undefined) {
      const name = element('th', 'player', element('bdi', ''));
      name.setAttribute('scope', 'row');
      row = element('tr', '', element('td', 'rank', element('span', '')), name, element('td', 'total'));
      row.dataset.player = String(id);
      this.#rows.set(id, row);
    }
    row.className = rank <= 3 ? `place-${rank}` : '';
    const [place, player, total] = row.children;
    if (place?.firstElementChild) place.firstElementChild.textContent = number(rank);
    if (player?.firstElementChild) {
      player.firstElementChild.textContent = username;
      player.setAttribute('title', username);
    }
    if (total) total.textContent = shownTotal(standing);
    return row;
  }

  /** Lets rows glide from where they were. */
  #animate(before: ReadonlyMap<number, number>): void {
    if (window.matchMedia('(prefers-reduced-motion: reduce)').matches) return;
    for (const [id, row] of this.#rows) {
      const from = before.get(id);
      const options = { duration: MOVE_MS, easing: 'ease-out' };
      if (from === undefined) row.animate([{ opacity: 0 }, { opacity: 1 }], options);
      else if (from !== row.offsetTop)
        row.animate([{ transform: `translateY(${from - row.offsetTop}px)` }, { transform: 'none' }], options);
    }
  }
}
