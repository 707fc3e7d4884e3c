/**
 * The offline queue of Node: a folder with one JSON file a score, in the format of docs/clients.md.
 *
 * A file is written under another name, flushed and renamed, so it is there as a whole or not at all, also after a power
 * failure. Several processes can share a folder: none of these steps needs a lock.
 */

import { createHash } from 'node:crypto';
import { mkdir, open, readFile, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { QueueFull } from './client.js';

let counter = 0;

export class FolderQueue {
  #folder;
  #limit;

  constructor(folder, { limit = 10_000 } = {}) {
    this.#folder = folder;
    this.#limit = limit;
  }

  /** When this resolves, the score is on disk. */
  async add(score) {
    if ((await this.size()) >= this.#limit) {
      throw new QueueFull(`the queue in ${this.#folder} holds ${this.#limit} scores: flush it, or raise its limit`);
    }
    const digest = createHash('sha256').update(score.key).digest('hex').slice(0, 16);
    const number = String(counter++).padStart(6, '0');
    await this.write({ ...score, file: `${Date.now()}-${number}-${digest}.json` });
  }

  /** Also replaces a file. */
  async write({ file, ...content }) {
    await mkdir(this.#folder, { recursive: true });
    const path = join(this.#folder, file);
    const temporary = `${path}.${process.pid}-${counter++}.tmp`;
    const handle = await open(temporary, 'w');
    try {
      await handle.writeFile(JSON.stringify(content));
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(temporary, path);
    await this.#keepNames();
  }

  async remove({ file }) {
    await rm(join(this.#folder, file), { force: true });
  }

  /** The scores, oldest first. A file that cannot be read is put aside as *.unreadable. */
  async list() {
    const scores = [];
    for (const file of await this.#files()) {
      const path = join(this.#folder, file);
      let text;
      try {
        text = await readFile(path, 'utf8');
      } catch (error) {
        if (error.code === 'ENOENT') continue; // another process sent it
        throw error;
      }
      const content = parsed(text);
      if (content) {
        scores.push({ query: {}, stamped: false, sent_at: null, ...content, file });
      } else {
        const aside = path.replace(/json$/, 'unreadable');
        await rename(path, aside);
        scores.push({ file, unreadable: `${aside} is not a queued score` });
      }
    }
    return scores;
  }

  async size() {
    return (await this.#files()).length;
  }

  async #files() {
    try {
      return (await readdir(this.#folder)).filter((name) => name.endsWith('.json')).sort();
    } catch (error) {
      if (error.code === 'ENOENT') return [];
      throw error;
    }
  }

  /** Flushes the folder. Windows has no such call, and does not need it. */
  async #keepNames() {
    if (process.platform === 'win32') return;
    const handle = await open(this.#folder, 'r');
    try {
      await handle.sync();
    } finally {
      await handle.close();
    }
  }
}

/** A queued score; null: the text is none. */
function parsed(text) {
  try {
    const content = JSON.parse(text);
    return typeof content.key === 'string' && typeof content.score === 'object' ? content : null;
  } catch {
    return null;
  }
}
